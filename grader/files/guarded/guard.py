"""Opens PDFs and workbooks in another process, so that no file can take more than its share of time and memory.

The libraries that read these forms are large, and a hostile file may make them loop, fill the memory or crash.
The process serves many files, one after another, and is replaced after any that it did not survive.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from typing import Any

from exercises.common.safely import trusted_path
from grader.answers.numbers import clean
from grader.files.guarded import clock

# Of the processor, so that a busy machine turns no file away; a PDF may be asked for both, real ones take a few ms.
SECONDS = {"pdf": 4.0, "words": 4.0, "text": 4.0, "scan": 10.0}
USUAL = 8.0  # seconds, for all others
PATIENCE = 2.5  # times as long by the clock on the wall, for what waits without working
MEGABYTES = 400
SCANS = {"scan": 330, "scan-page": 330}  # megabytes besides the libraries; these have a process of their own
KEPT = 120  # megabytes of those, after a file; what keeps more is replaced, or the next file had too little
SPENT, GROWN = "spent", "grown"  # in every answer: seconds of the processor, and whether too much is kept
FILES = 200  # after which the process is replaced, in case a library leaks
MAX_REPLY = 60_000_000
_START = "from grader.files.guarded.worker import main; main()"
_FAILED = "it took more than {:.0f} s or {} MB to open, or broke the reader; not read"


class _Worker:
    """The other process, started when it is first needed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.served = 0
        self.spent = 0.0
        self.lock = threading.Lock()
        self.last: dict[str, tuple[bytes, dict[str, Any] | str]] = {}

    def ask(
        self, form: str, data: bytes, *, afresh: bool = False, most: float = USUAL
    ) -> dict[str, Any] | str:
        """Hand over a file; what it holds, or one sentence that says why it cannot be read.

        A course reads a file as one of several problems: the last one of each form is not opened again.
        """
        known, reply = self.last.get(form, (b"", ""))
        if afresh or not known or known != data:
            reply = self._ask(form, data, most)
            self.last[form] = (data, reply)
        return reply

    def _ask(self, form: str, data: bytes, most: float) -> dict[str, Any] | str:
        with self.lock:
            try:
                process = self._running()
            except OSError as error:
                return f"the reader for this form could not be started ({error.strerror})"
            seconds = min(SECONDS.get(form, most), clock.left())
            timer = threading.Timer(PATIENCE * max(seconds, 1.0), process.kill)
            timer.start()
            begun = time.monotonic()
            try:
                reply = _exchange(process, f"{form} {len(data)} {seconds}", data)
            except (OSError, ValueError):
                reply = None
            finally:
                timer.cancel()
            self.served += 1
            spent = min(seconds, time.monotonic() - begun) if reply is None else reply.pop(SPENT, 0.0)
            self.spent += spent
            clock.take(spent)
            if reply is None or reply.pop(GROWN, False) or self.served >= FILES:
                self.stop()
        if reply is None:
            return _FAILED.format(SECONDS.get(form, most), SCANS.get(form, MEGABYTES))
        return clean(str(reply["error"]), 300) if "error" in reply else reply

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.stop()
            # Never the current folder, in which the students' files lie: one of them might be a module.
            path = os.pathsep.join(trusted_path())
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-c", _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
            self.served = 0
        return self.process

    def stop(self) -> None:
        """End the process."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        process.wait()


def _exchange(process: subprocess.Popen[bytes], head: str, data: bytes) -> dict[str, Any] | None:
    """One file to the process and its answer back; None if it ended meanwhile."""
    if process.stdin is None or process.stdout is None:
        return None
    process.stdin.write(f"{head}\n".encode())
    process.stdin.write(data)
    process.stdin.flush()
    line = process.stdout.readline(MAX_REPLY)
    if not line.endswith(b"\n"):
        return None
    reply = json.loads(line)
    return reply if isinstance(reply, dict) else None


_WORKER, _FOR_SCANS = _Worker(), _Worker()


def stop() -> None:
    """End the processes and forget the last files; the next file starts another."""
    for worker in (_WORKER, _FOR_SCANS):
        worker.stop()
        worker.last.clear()


def unpack(form: str, data: bytes, *, afresh: bool = False, most: float = USUAL) -> dict[str, Any] | str:
    """What a file of this form holds, or one sentence that says why it cannot be read. It must not be changed.

    form:   `words` for where the words of a PDF stand, `text` for what is drawn there; `scan-page` for a page of the
            scan that was opened last; else the end of the name of the module beside this one that unpacks it.
    afresh: whether it is opened again, even if it was the last of its form.
    most:   seconds of the processor that it may take, of the forms that have no share of their own in `SECONDS`.
    """
    return (_FOR_SCANS if form in SCANS else _WORKER).ask(form, data, afresh=afresh, most=most)


def spent() -> float:
    """Seconds of the processor that all files so far have taken the other processes."""
    return _WORKER.spent + _FOR_SCANS.spent


atexit.register(stop)
