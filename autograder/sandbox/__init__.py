"""Where student code runs: it sees inputs only, and whatever it does ends as one outcome record."""

from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from autograder.sandbox.session import SandboxImplementation, Session
from autograder.sandbox.tiers import TierReport, best, probe

__all__ = ["Limits", "Sandbox", "SandboxImplementation", "Session", "TierReport", "best", "probe", "selftest"]
