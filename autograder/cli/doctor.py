"""Say what this machine can do: which sandboxes it has, layer by layer, why not, and how to repair it.

Exit code 0 when it can grade officially, 1 when it gives feedback only, 3 when its best sandbox does not hold.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from autograder.cli import arguments
from autograder.render.page import Line, Page, Segment, Style, fill

if TYPE_CHECKING:
    from autograder.sandbox.doctor import Health
    from autograder.sandbox.tiers import TierReport

_LEAD = 12
_MEANING = {
    "sealed": "namespaces, a root of its own, Landlock, system call filter, limits",
    "guarded": "Landlock, system call filter, limits",
    "local": "limits only: for your own code, never a grade",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [--json] to the parser."""
    parser.add_argument("--json", action="store_true", help="print all of it for machines instead")


def run(args: argparse.Namespace) -> int:
    """Inspect the machine and print its sandboxes and repairs; return 0, 1 or 3, as the module says."""
    from autograder.render.terminal import print_lines
    from autograder.sandbox.doctor import health
    from autograder.sandbox.selftest import LAYERS

    found = health()
    if args.json:
        record = asdict(found)
        for tier, made in zip(record["tiers"], found.tiers, strict=True):
            tier["holds"] = made.holds
            tier["milliseconds"] = round(1000 * tier.pop("seconds"), 1)
            tier["layers"] = [{"name": each.name, "holds": each.holds, "broken": each.broken} for each in made.layers]
        arguments.print_json({"official": found.official, **record})
    else:
        print_lines(lambda page: doctor_lines(found, LAYERS, page))
    if found.official:
        return 0
    return 3 if any(each.available and each.name != "local" for each in found.tiers) else 1


def doctor_lines(health: Health, groups: Mapping[str, Iterable[str]], page: Page) -> list[Line]:
    """Return the lines of the output of `handgrad doctor`. groups: title → names of layers."""
    lines: list[Line] = [(Segment("This machine", "strong"),), *_machine(health, page), ()]
    for tier in health.tiers:
        lines += [*_tier(tier, groups, page), ()]
    for repair in health.repairs:
        lines += page.paragraph((Segment(f"{page.encode('→')} {repair.tier}: ", "hint"),), page.ink(repair.fact))
        lines.append((Segment("    "), Segment(page.ink(repair.command or repair.advice), "strong")))
    return [*lines, *[()] * bool(health.repairs), *_verdict(health, page)]


def _machine(health: Health, page: Page) -> list[Line]:
    m = health.machine
    memory = f", {m.memory / (1 << 30):.1f} GiB of memory free" if m.memory else ""
    rows = [
        ("system", f"{m.system} {m.kernel}, {m.architecture}{', in a container' * m.container}"),
        ("Python", f"{m.python}, NumPy {m.numpy}, {m.blas}"),
        ("room", f"{m.cores} cores{memory}: up to {health.graders} graders at once"),
    ]
    if m.system == "Linux":
        known = f"Landlock {m.landlock}" if m.landlock else "no Landlock"
        rows.append(("kernel", f"{known}, {f'libseccomp {m.libseccomp}' if m.libseccomp else 'no libseccomp'}"))
    rows += [("setting", f"{name} = {value}") for name, value in m.settings.items()]
    return [line for name, words in rows for line in _row(page, name, words)]


def _row(page: Page, name: str, text: str) -> list[Line]:
    return page.paragraph((Segment(f"  {fill(name, _LEAD)}", "dim"),), page.ink(text))


def _tier(tier: TierReport, groups: Mapping[str, Iterable[str]], page: Page) -> Iterator[Line]:
    mark, style = _sign(tier.holds, page)
    title = Segment(f"{mark} {tier.name}", "strong" if tier.holds else style)
    yield (title, Segment(f"  {_MEANING[tier.name]}", "dim"))
    if tier.why:
        yield from page.paragraph((Segment("  "),), page.ink(f"{tier.why}."), "bad" if tier.available else "warn")
    for group, names in groups.items():
        layers = [layer for name in names for layer in tier.layers if layer.name == name]
        if layers:
            signs = ((layer.name, *_sign(layer.holds, page)) for layer in layers)
            shown = (Segment(f"{mark} {name}  ", style) for name, mark, style in signs)
            yield (Segment(f"  {fill(group, _LEAD)}", "dim"), *shown)
        for layer in layers:
            if not layer.holds:
                lead = (Segment(f"  {fill('', _LEAD)}"),)
                yield from page.paragraph(lead, page.ink(f"student code {layer.broken}"), "bad")
    if tier.layers:
        holding = sum(layer.holds for layer in tier.layers)
        yield from _row(page, "proof", f"{holding} of {len(tier.layers)} layers hold, in {1000 * tier.seconds:.0f} ms")


def _sign(holds: bool, page: Page) -> tuple[str, Style]:
    return (page.encode("✔"), "good") if holds else (page.encode("✘"), "bad")


def _verdict(health: Health, page: Page) -> list[Line]:
    if health.official:
        return page.paragraph((), f"Official grades: yes, in the {health.official} tier.", "good")
    if any(tier.available and tier.name != "local" for tier in health.tiers):
        return page.paragraph((), "Official grades: no. The best tier here does not hold; nothing is graded.", "bad")
    return page.paragraph((), "Official grades: no. This machine gives feedback only.", "warn")
