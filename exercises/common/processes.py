"""Work spread over processes; what comes of it comes in order."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

from exercises.common.errors import ByhandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
AHEAD = 3  # calls handed out beyond what is being worked on, for each process


def spread(
    function: Callable[..., T], calls: Iterable[tuple[Any, ...]], executor: Executor | None = None
) -> Iterator[T]:
    """Call a function of a module many times, in several processes; its results, in the order of the calls.

    executor: who does it; by default a process for each processor, started afresh and ended afterwards.

    Calls are made up only as far ahead as there is work for them. The first exception that a call raises is
    raised here. Raises ByhandError if a process was ended from outside.
    """
    processors = os.cpu_count() or 1
    if executor is not None:
        yield from _in_order(executor, processors * AHEAD, function, calls)
        return
    pool = ProcessPoolExecutor(
        processors,
        mp_context=get_context("spawn"),  # started afresh, not forked from a process with threads
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),  # Ctrl-C is its parent's business
    )
    try:
        yield from _in_order(pool, processors * AHEAD, function, calls)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    executor: Executor, width: int, function: Callable[..., T], calls: Iterable[tuple[Any, ...]]
) -> Iterator[T]:
    rest = iter(calls)
    waiting: deque[Future[T]] = deque(executor.submit(function, *call) for call in islice(rest, width))
    try:
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(executor.submit(function, *call) for call in islice(rest, 1))
    except BrokenExecutor:
        raise ByhandError("a process was ended from outside (too little memory?)") from None
