"""Stopping before the end: what is done by then, and what becomes of the rest."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BAR_FROM = 4  # fewer are done before a bar could be read
STATUS = 130  # as shells have it of whatever ends by Ctrl-C; 1 means that a person must look


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C; its text is a sentence that says what is done and what is left."""


class Tally:
    """How far the stages of some work are."""

    def __init__(self) -> None:
        self.stages: dict[str, tuple[int, int]] = {}

    def add(self, name: str, total: int, told: Callable[[int], None]) -> Callable[[int], None]:
        """Begin a stage; the function that is returned counts how many more are done, and tells it on."""
        self.stages[name] = (0, total)

        def count(more: int) -> None:
            self.stages[name] = (self.stages[name][0] + more, total)
            told(more)

        return count

    def __str__(self) -> str:
        """Each stage as far as it is, such as `reading 12 of 50`."""
        return ", ".join(f"{name} {done} of {total}" for name, (done, total) in self.stages.items())


@contextmanager
def stoppable(rest: str) -> Iterator[Tally]:
    """Do work that somebody may stop, and count it. Raises Stopped then, which says how far it was.

    rest: a sentence about what becomes of what is not done.
    """
    tally = Tally()
    try:
        yield tally
    except Stopped:
        raise
    except KeyboardInterrupt:
        far = str(tally)
        raise Stopped(f"stopped{f' while {far}' if far else ''}; {rest}") from None


@contextmanager
def counted(name: str, total: int, rest: str) -> Iterator[Callable[[int], None]]:
    """Do work that somebody may stop; gives what counts how many more are done, which a bar shows where there are many.

    rest: as for `stoppable`.
    """
    with stoppable(rest) as tally:
        if total < BAR_FROM:
            yield tally.add(f"{name},", total, lambda _: None)
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            line = bar.add_task(name, total=total)
            yield tally.add(f"{name},", total, lambda more: bar.advance(line, more))
