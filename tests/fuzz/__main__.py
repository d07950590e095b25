"""Fuzz what reads a stranger's bytes: `python -m tests.fuzz --cases 1000000`. Any exception is a defect, with its case.

Half of the cases are submissions (tests/fuzz/submissions.py), half are messages of a worker (tests/sandbox/fuzzing.py).
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from autograder.numeric.runtime import cores
from tests.fuzz.submissions import submissions
from tests.sandbox.fuzzing import messages

PART = 2_000


def main() -> None:
    """Print how the cases ended and how long they took."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, metavar="N", help="in all (default: a million)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the first case (default: 0)")
    parser.add_argument("--jobs", type=int, default=cores(), metavar="N", help="processes")
    args = parser.parse_args()
    begun, ended = time.monotonic(), Counter[str]()
    starts = range(args.seed, args.seed + args.cases // 2, PART)
    with ProcessPoolExecutor(args.jobs) as pool:
        for fuzz in (submissions, messages):
            for found in pool.map(fuzz, repeat(PART), starts):
                ended += found
    for name, count in sorted(ended.items()):
        print(f"{count:>10,}  {name}")
    print(f"{2 * len(starts) * PART:,} cases, {sum(ended.values()):,} readings, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
