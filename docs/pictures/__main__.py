"""python -m docs.pictures [unit…] draws them into solutions/<unit>/pictures; --check says which differ."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from docs.pictures.style import Picture, drawn_with, png, same, svg

ROOT = Path(__file__).parents[2]


def units() -> list[str]:
    """The course's units, such as 02_layers; each one's pictures are drawn by the module of its name, here layers."""
    here = {path.stem for path in Path(__file__).parent.glob("*.py")}
    folders = sorted((ROOT / "solutions").glob("[0-9]*_*"))
    return [folder.name for folder in folders if folder.name.partition("_")[2] in here]


def pictures(unit: str) -> dict[Path, Picture]:
    """Path → the function that draws it, for one unit."""
    module = importlib.import_module(f"docs.pictures.{unit.partition('_')[2]}")
    folder = ROOT / "solutions" / unit / "pictures"
    return {folder / f"{picture.__name__}.svg": picture for picture in module.PICTURES}


def compare(unit: str) -> list[str]:
    """One sentence with its repair for each picture of the unit that is missing, different or no longer drawn."""
    drawn = pictures(unit)
    found = [_drift(path, picture) for path, picture in drawn.items()]
    known = {path.with_suffix(suffix) for path in drawn for suffix in (".svg", ".png")}
    strays = sorted(set((ROOT / "solutions" / unit / "pictures").glob("*")) - known)
    return [text for text in found if text] + [f"{_name(path)} is drawn by no script; remove it" for path in strays]


def write(unit: str) -> list[Path]:
    """Draw the unit's pictures, each as SVG for the page and as PNG for the notebook; those that changed by more than
    rounding."""
    changed = []
    for path, picture in pictures(unit).items():
        if _drift(path, picture):
            path.parent.mkdir(exist_ok=True)
            if not _is_same(path, picture):
                path.write_text(svg(picture), encoding="utf-8", newline="\n")
            path.with_suffix(".png").write_bytes(png(picture, of=path.read_text(encoding="utf-8")))
            changed.append(path)
    return changed


def main(words: list[str] | None = None) -> int:
    """0 when all is drawn, or with --check when all is as drawn; 1 when something differs."""
    parser = argparse.ArgumentParser(prog="python -m docs.pictures", description=__doc__)
    parser.add_argument("unit", nargs="*", help="such as 02_layers; all when none is named")
    parser.add_argument("--check", action="store_true", help="draw nothing, say which pictures differ")
    parser.add_argument("--png", type=Path, metavar="FOLDER", help="draw PNG into this folder instead, to look at")
    args = parser.parse_args(words)
    unknown = sorted(set(args.unit) - set(units()))
    if unknown:
        parser.error(f"there is no unit {unknown[0]} with pictures; there are {', '.join(units())}")
    wanted = args.unit or units()
    if args.check:
        drift = [text for unit in wanted for text in compare(unit)]
        print(*drift, sep="\n", end="\n" if drift else "")
        return 1 if drift else 0
    for unit in wanted:
        if args.png:
            _look(unit, args.png)
        else:
            print(*[f"drew {_name(path)}\n" for path in write(unit)], sep="", end="")
    return 0


def _look(unit: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path, picture in pictures(unit).items():
        (folder / f"{unit}_{path.stem}.png").write_bytes(png(picture))


def _drift(path: Path, picture: Picture) -> str:
    image = path.with_suffix(".png")
    for wanted in (path, image):
        if not wanted.exists():
            return f"{_name(wanted)} is missing; run: make pictures"
    if not _is_same(path, picture):
        return f"{_name(path)} differs from what its script draws; run: make pictures"
    if not drawn_with(image.read_bytes(), path.read_text(encoding="utf-8")):
        return f"{_name(image)} was drawn with another {path.name}; run: make pictures"
    return ""


def _is_same(path: Path, picture: Picture) -> bool:
    return path.exists() and same(path.read_text(encoding="utf-8"), svg(picture))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())
