"""Make the student's repository: stubs, notebooks, recorded cases, the engine pinned, a workflow. No reference, no
solution, no known mistake's code is in it; every file is searched for them before one is written.

With HANDGRAD_KEY, or the key of course.toml, it commits to the hidden inputs (`handgrad reveal`).
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from autograder.cli import arguments

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.release.making import Files

TITLE = "Deep learning by hand"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add OUT [--unit NAME] [--assignment NAME] [--files] [--notebooks] [--wheel] [--vendor] [--engine …] and more."""
    parser.add_argument("out", type=arguments.path, metavar="OUT", help="a new folder, or an earlier release to renew")
    words = "only this unit or exercise; may be repeated"
    parser.add_argument("--unit", action="append", default=[], dest="names", metavar="NAME", help=words)
    arguments.add_assignment(parser)
    parser.add_argument("--files", action="store_true", help="students write in .py files (default)")
    parser.add_argument("--notebooks", action="store_true", help="students write in the units' notebooks")
    parser.add_argument("--wheel", action="store_true", help="write wheels to OUT, for `handgrad start`")
    parser.add_argument("--vendor", action="store_true", help="bring the engine along as a wheel")
    parser.add_argument("--engine", metavar="REQUIREMENT", help="what to install instead of this version of handgrad")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the recorded inputs (default: 0)")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Make the release and write it; return 0, or 1 without writing when it would hold secret code."""
    from autograder.course.policy.course import rules
    from autograder.release.leaks import search, secrets
    from autograder.release.making import make, write

    course = arguments.open_course(args)
    exercises, policy = course.exercises(arguments.named(args, course)), rules(course)
    kinds = tuple(kind for kind in ("files", "notebooks") if getattr(args, kind)) or ("files",)
    key, vendor = policy.key(), args.vendor or args.wheel
    engine = {"engine": args.engine} if args.engine else {}
    title, watch = policy.title or TITLE, partial(arguments.progress, "recording", total=len(exercises))
    files = make(course, exercises, title, seed=args.seed, key=key, vendor=vendor, kinds=kinds, watch=watch,
                 earlier=None if args.wheel else args.out, **engine)  # fmt: skip
    if leaks := search(files, secrets(course.root), shared=True):
        print("handgrad: not released, because students would hold a secret:", file=sys.stderr)
        print("\n".join(f"  {path} {what}" for path, what in leaks), file=sys.stderr)
        return 1
    if args.wheel:
        _write_wheels(args.out, files, title)
        return 0
    write(args.out, files)
    records = sum(len(data) for name, data in files.items() if name.startswith("record/"))
    total = sum(map(len, files.values()))
    print(f"{args.out}: {len(exercises)} exercises, {len(files)} files, {total / 1e6:.1f} MB, "
          f"of it {records / 1e6:.1f} MB records. No secret was found in any of them.")  # fmt: skip
    if not key:
        print("handgrad: nothing is committed to: set HANDGRAD_KEY, and students can verify afterwards which inputs "
              "were drawn.", file=sys.stderr)  # fmt: skip
    return 0


def _write_wheels(out: Path, files: Files, title: str) -> None:
    """Write the wheel of the course and that of the engine, and print how they are installed."""
    from autograder.release.wheel import build_wheel, course_wheel

    out.mkdir(parents=True, exist_ok=True)
    made = dict([build_wheel(), course_wheel(files, title)])
    for name, data in made.items():
        (out / name).write_bytes(data)
        print(f"wrote {out / name}, {len(data) / 1e6:.1f} MB")
    names = " ".join(str(out / name) for name in made)
    print(f"\nStudents run:\n  pip install {names}\n  handgrad start course")
