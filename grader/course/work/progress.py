"""Progress that is true: each stage counts what is done of what there is, and what was done before counts as done."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

    from exercises.common.stopping import Tally


class Stages(Protocol):
    """Somebody who wants to know how far the work is."""

    def add(self, name: str, total: int) -> Callable[[int], None]:
        """Begin a stage; the function that is returned is told how many more are done."""
        ...


class NoProgress:
    """Nobody."""

    def add(self, name: str, total: int) -> Callable[[int], None]:
        """Begin a stage that nobody watches."""
        del name, total
        return lambda _: None


class ProgressBars:
    """A bar a stage, on a terminal; a tally counts along, whether there is one or not."""

    def __init__(self, progress: Progress, tally: Tally) -> None:
        self.progress = progress
        self.tally = tally

    def add(self, name: str, total: int) -> Callable[[int], None]:
        """Begin a bar."""
        task = self.progress.add_task(name, total=total)
        return self.tally.add(name, total, lambda count: self.progress.advance(task, count))


@contextmanager
def bars(tally: Tally) -> Iterator[Stages]:
    """Bars on stderr while something is done; nothing at all where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield ProgressBars(progress, tally)
