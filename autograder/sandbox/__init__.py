"""Where student code runs: it sees inputs only, and whatever it does ends as one outcome record."""

from autograder.sandbox.functions import SandboxCandidate
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import Session
from autograder.sandbox.tiers import TierReport, best, probe, selftest

__all__ = ["Limits", "Sandbox", "SandboxCandidate", "Session", "TierReport", "best", "probe", "selftest"]
