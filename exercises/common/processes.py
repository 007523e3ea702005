"""Work spread over processes, or over machines: anything that is a `concurrent.futures.Executor` will do."""

from __future__ import annotations

import importlib
import os
import signal
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING, Any, TypeVar

from exercises.common.errors import ByhandError
from exercises.common.safely import passes_on, safely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

T = TypeVar("T")
AHEAD = 3  # tasks handed out beyond what is being worked on, for each process
_DASK_WIDTH = 64  # tasks handed out at a time to a cluster that does not say how large it is
_LISTEN = 0.5  # seconds; a Ctrl-C that comes just as we begin to wait is noticed after so many
_ENDED = "a process{} was ended from outside (too little memory?){}"


class _Worker(SpawnProcess):
    """A process that Ctrl-C never reaches, not even before its first line of ours has run."""

    def start(self) -> None:
        """Start it with the signal held back, which it inherits; what is held back here meanwhile comes then."""
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    Process = _Worker


class Here(Executor):
    """Does everything at once in this very process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed on, as every executor does
            future.set_exception(error)
        return future


@contextmanager
def workers(jobs: int, dask: str = "") -> Iterator[tuple[Executor, int]]:
    """An executor, and how many tasks it can take at a time.

    jobs: processes on this machine; 1 works in this process alone, as does a Python that was told not to heed
          the environment: its processes could not be kept from the current folder.
    dask: a scheduler's address instead.
    Raises ByhandError if the cluster cannot be reached.
    """
    if dask:
        with _cluster(dask) as found:
            yield found
    elif jobs <= 1 or not passes_on():
        yield Here(), 1
    else:
        # Started afresh and not forked: this process has threads, which a fork would freeze half-way.
        context = _Context()
        ours, theirs = context.Pipe()
        with safely(), theirs:  # all the while: processes are started bit by bit, as work is handed out
            pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(theirs,))
            try:
                yield pool, jobs * AHEAD
            except BaseException:
                ours.close()  # whatever they are doing, nobody wants it any more
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
                ours.close()


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise ByhandError(
            "--dask needs the package distributed; install it with pip install 'byhand[dask]'"
        ) from None
    try:
        client = distributed.Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise ByhandError(f"--dask {address}: no scheduler answers there ({error})") from None
    except TypeError as error:  # for tls:// without a certificate
        raise ByhandError(f"--dask {address}: {error}; see docs/safety.md") from None
    with client:
        cores = sum(client.ncores().values())
        yield client.get_executor(pure=False), max(2 * cores, 2) or _DASK_WIDTH


def _begin(parent: Connection) -> None:
    """Set up a process: Ctrl-C is its parent's business, and it ends when its parent lets go or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: Connection) -> None:
    parent.poll(None)  # nothing is ever sent: this is the end of the line
    os._exit(1)


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
    with workers(processors) as (own, width):
        yield from _in_order(own, width, function, calls)


def _in_order(
    executor: Executor, width: int, function: Callable[..., T], calls: Iterable[tuple[Any, ...]]
) -> Iterator[T]:
    rest = iter(calls)
    waiting: deque[Future[T]] = deque(executor.submit(function, *call) for call in islice(rest, width))
    try:
        while waiting:
            _ready((waiting[0],))
            yield waiting.popleft().result()
            waiting.extend(executor.submit(function, *call) for call in islice(rest, 1))
    except BrokenExecutor:
        raise ByhandError(_ENDED.format("", "")) from None


def each(
    executor: Executor, width: int, function: Callable[..., Any], calls: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[int, Any]]:
    """Call a function many times; each call's number and result as they are ready.

    The calls are made up only as far ahead as there is work for them, so that their data need not fit in memory.
    """
    waiting: dict[Future[Any], int] = {}
    for number, call in enumerate(calls):
        waiting[executor.submit(function, *call)] = number
        if len(waiting) >= width:
            yield from _finished(waiting)
    while waiting:
        yield from _finished(waiting)


def _ready(waiting: Iterable[Future[T]]) -> set[Future[T]]:
    """Wait until one of several calls or more are done; which. Python hears no Ctrl-C while it waits without end."""
    futures = set(waiting)
    while not (done := wait(futures, _LISTEN, FIRST_COMPLETED).done):
        pass
    return done


def _finished(waiting: dict[Future[Any], int]) -> Iterator[tuple[int, Any]]:
    for future in sorted(_ready(waiting), key=waiting.__getitem__):
        try:
            result = future.result()
        except BrokenExecutor:
            raise ByhandError(_ENDED.format(" of this run", "; the same command goes on from here")) from None
        yield waiting.pop(future), result
