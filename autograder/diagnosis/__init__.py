"""What is wrong with an output: a failing finding, the known mistakes and what can be proven of its numbers → the hint.

Imported when something fails: a right submission does not wait for it.
"""

from autograder.diagnosis.diagnosis import diagnose
from autograder.diagnosis.known_mistakes import KnownMistakes

__all__ = ["KnownMistakes", "diagnose"]
