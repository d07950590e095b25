"""Grouping of findings for readers."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.report.report import Finding

ERROR = "relative_error"
"""The figure of a gradient: its relative error against the numerical derivative, rounded up to a power of ten."""


def numerical(findings: Iterable[Finding]) -> str:
    """Return a sentence on the relative errors of gradients against the numerical derivative; "" without any."""
    errors = {finding.output: power(finding.figures[ERROR]) for finding in findings if ERROR in finding.figures}
    parts = [f"{output} {error}" if len(errors) > 1 else error for output, error in errors.items()]
    return f"relative error against the numerical derivative: {', '.join(parts)}" if parts else ""


def power(error: float) -> str:
    """Return a relative error as people read it: ≤1e-8, ≤0.01, or >0.1 for the largest."""
    return f"≤{error:g}".replace("e-0", "e-") if error < 1 else ">0.1"


def grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group findings that differ in output and points only, in the order of the first of each group."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for item in findings:
        key = item.check, item.function, item.status, item.message, item.hint, item.mistake, item.case
        groups.setdefault(key, []).append(item)
    return list(groups.values())


def remarks(findings: Iterable[Finding]) -> list[str]:
    """Return what is said of outputs that passed."""
    said = (f.message for f in findings if f.status == "passed" and f.message and f.output and f.max_score)
    return list(dict.fromkeys(said))


def by_function(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Return (function, its findings in a few words); the contract is named only if there is nothing else."""
    rows: dict[str, list[str]] = {}
    findings = list(findings)
    for finding in findings:
        words = rows.setdefault(finding.function, [])
        if finding.check != "contract":
            words.append(_short(finding) + _ratio(finding))
    for name, words in rows.items():
        if errors := [f.figures[ERROR] for f in findings if f.function == name and ERROR in f.figures]:
            words.append(f"numerical derivative {power(max(errors))}")
    return [(function, ", ".join(words) or "contract") for function, words in rows.items()]


def _short(finding: Finding) -> str:
    if finding.output and finding.check in ("values", "gradient", "training", "steps"):
        return finding.output
    return f"{finding.check} {finding.output or ''}".rstrip()


def _ratio(finding: Finding) -> str:
    if "accuracy" in finding.figures:
        return f" {finding.figures['accuracy']:.3f}"
    if "ratio" not in finding.figures:
        return ""
    ratio = finding.figures["ratio"]
    return f" {ratio:.2g}×" if ratio >= 1 else " <1×"  # below 1 it is mostly noise
