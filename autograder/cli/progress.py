"""A bar with rate and time left, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def progress(words: str, items: Iterable[Item], total: int) -> Iterator[Item]:
    """Yield the items and show progress. words: the work's name; total: the number of items."""
    from rich import progress as parts
    from rich.console import Console
    from rich.text import Text

    class Rate(parts.ProgressColumn):
        """The column with the recent rate, in items a second."""

        def render(self, task: parts.Task) -> Text:
            return Text(f"{task.speed:.3g}/s" if task.speed else "", style="progress.data.speed")

    console = Console(stderr=True)
    columns = (
        parts.TextColumn(words), parts.BarColumn(), parts.MofNCompleteColumn(), Rate(), parts.TimeRemainingColumn(),
    )  # fmt: skip
    with parts.Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        yield from bar.track(items, total)
