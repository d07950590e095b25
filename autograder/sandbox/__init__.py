"""Where student code runs: it sees inputs only, and whatever it does ends as one outcome record."""

from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import SandboxCandidate, Session

__all__ = ["Limits", "Sandbox", "SandboxCandidate", "Session"]
