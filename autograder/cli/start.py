"""Begin a course: unpack it into a new folder, as students get it, and say what to do next.

The course comes with a wheel that `handgrad release --wheel` makes. Nothing is downloaded.
"""

from __future__ import annotations

import argparse

from autograder.cli import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    """Add DIR to the parser."""
    parser.add_argument("folder", type=arguments.path, metavar="DIR", help="a new folder, such as course")


def run(args: argparse.Namespace) -> int:
    """Unpack the course and print the next commands; return 0. UsageError where no course is installed."""
    import io
    import zipfile
    from importlib.resources import files

    from autograder.course.release_folder import Release
    from autograder.errors import UsageError
    from autograder.release.making import write
    from autograder.release.wheel import COURSE, PACKED

    try:
        packed = files(COURSE).joinpath(PACKED).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        words = "no course is installed: pip install handgrad_course-….whl"
        raise UsageError(f"{words}. In a course, `handgrad release DIR --wheel` makes that file.") from error
    folder = args.folder
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        write(folder, {name: archive.read(name) for name in archive.namelist()})
    course = Release(folder.resolve())
    first = course.names[0]
    unit = course.folders[first].parent.name
    paths = (folder / "assignments" / unit / file for file in (f"{first}.py", f"{unit}.ipynb"))
    print(f"{folder}: {len(course.names)} exercises. The first one:")
    print(f"  {next(path for path in paths if path.is_file())}\n\nNext:\n  cd {folder}")
    width = len(f"handgrad check {first}")
    print(f"  {'handgrad watch':{width}}   check on every save\n  handgrad check {first}   check once")
    return 0
