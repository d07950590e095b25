"""The entry point that Classroom 50 runs in a student's checkout. The course's public record lies beside this file."""

import subprocess
import sys
from pathlib import Path

# Everything runs in the student's checkout: -P keeps Python from importing the student's files in place of its own.
HERE = Path(__file__).resolve().parent

# Installed into the job's own Python from a wheel in the bundle, or by the assignment's runtime block.
for wheel in sorted(HERE.glob("handgrad-*.whl")):
    subprocess.run([sys.executable, "-P", "-m", "pip", "install", "--quiet", str(wheel)], check=True)

# Exit code 0: graded. 3: the grader failed, which Classroom 50 must not take for a score.
command = [sys.executable, "-P", "-m", "autograder", "ci", "--course", str(HERE)]
sys.exit(subprocess.run(command).returncode)
