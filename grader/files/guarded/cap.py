"""What one file may cost this process, in time of the processor and in memory: one cap for every form, and for judging.

What the other process opens has a share of its own (`guard`), and what it takes is taken off this one. What costs more
is for a person, and the next one is read or judged as if nothing had been.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.files.guarded import clock, guard

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 9.0  # of the processor
MEGABYTES = 450  # more than there were before
EACH_SHEET = 3.0  # seconds more for a sheet of ours that is laid out to find its places in a file
MOST_SHEETS = 10  # of a file
_PAGES = 4096  # bytes, of which Linux counts how many a process has


class TooCostlyError(BaseException):
    """A file costs too much; no reader that expects errors of its own may take it for one of them."""

    def __init__(self) -> None:
        super().__init__(
            f"reading it takes more than {SECONDS:.0f} s or {MEGABYTES} MB; not read, a person must look"
        )


@contextmanager
def capped(seconds: float | None = None, more: float = 0.0) -> Iterator[None]:
    """Read one file, with all that belongs to it, under the cap; inside another one this changes nothing.

    seconds: what it may take, if not as long as a file.
    more:    megabytes beyond those of a file.

    Raises TooCostlyError. Where the system has no such clock, or this is not the main thread, there is no cap.
    """
    if _Cap.active or threading.current_thread() is not threading.main_thread():
        yield
        return
    cap = _Cap()
    cap.begin(SECONDS if seconds is None else seconds, MEGABYTES + more)
    try:
        yield
    except MemoryError:
        raise TooCostlyError from None
    except TooCostlyError:
        cap.end()
        guard.stop()  # an answer of the other process may be on its way
        raise
    finally:
        cap.end()


def used() -> float:
    """Seconds of the processor that this process has had, and those that open files for it."""
    return time.process_time() + guard.spent()


def renew() -> None:
    """Start the clock again: for the next page of a stack, each of which may cost as much as another file."""
    if _Cap.active:
        clock.start(SECONDS)


def allow_sheet() -> None:
    """Let the file that is being read cost more: a sheet of ours is laid out to find its places in it."""
    if _Cap.active and _Cap.sheets < MOST_SHEETS:
        _Cap.sheets += 1
        clock.take(-EACH_SHEET)


def is_capped() -> bool:
    """Whether a file is being read under the cap."""
    return _Cap.active


class _Cap:
    """The clock and the limit, as far as the system has them."""

    active = False
    sheets = 0

    def __init__(self) -> None:
        self.handler: object = None
        self.memory: tuple[int, int] | None = None

    def begin(self, seconds: float, megabytes: float) -> None:
        _Cap.active, _Cap.sheets = True, 0
        try:
            import resource
            import signal

            self.handler = signal.signal(signal.SIGPROF, _stop)
            clock.start(seconds)
            self.memory = resource.getrlimit(resource.RLIMIT_AS)
            most = _taken() + int(megabytes * 1_000_000)
            hard = self.memory[1]
            if hard == resource.RLIM_INFINITY or most < hard:
                resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        except (ImportError, AttributeError, ValueError, OSError):
            return

    def end(self) -> None:
        if not _Cap.active:
            return
        _Cap.active = False
        try:
            import resource
            import signal

            clock.stop()
            signal.signal(signal.SIGPROF, signal.SIG_DFL if self.handler is None else self.handler)  # type: ignore[arg-type]
            if self.memory is not None:
                resource.setrlimit(resource.RLIMIT_AS, self.memory)
        except (ImportError, AttributeError, ValueError, OSError):
            return


def _stop(*_: object) -> None:
    raise TooCostlyError


def _taken() -> int:
    """The bytes of address space that this process has. Raises OSError where that is not told."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - quicker than a Path
        return int(file.read().split()[0]) * _PAGES
