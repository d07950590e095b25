"""Run student code in a sandbox: it sees inputs only, and each call ends as one outcome."""

from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from autograder.sandbox.tiers import TierReport, best, probe

__all__ = ["Limits", "Sandbox", "TierReport", "best", "probe", "selftest"]
