"""The other process of `guard`: reads files from standard input and answers each with a line of JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from functools import lru_cache
from importlib import import_module
from typing import Any

from exercises.common.wording import without_addresses
from grader.files.guarded.guard import GROWN, KEPT, MEGABYTES, PATIENCE, SCANS, SPENT, USUAL

_OTHERS = {
    "words": ("pdf", "words"),
    "text": ("pdf", "text"),
    "scan-page": ("scan", "page"),
}  # what else can be unpacked of a form, and by which function
_ENOUGH = 2 * PATIENCE  # times USUAL: then this process ends by itself, should the other one be gone


def main() -> None:
    """Serve until standard input ends."""
    source = sys.stdin.buffer
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may get into the answers
    while head := source.readline(100):
        form, size, seconds = head.decode().split()
        begun = time.process_time()
        _limit(form)
        _alarm(float(seconds))
        reply = _reply(form, source.read(int(size)))
        reply[SPENT] = round(time.process_time() - begun, 3)
        reply[GROWN] = _has_grown(form)
        out.write(json.dumps(reply).encode() + b"\n")
        out.flush()


def _reply(form: str, data: bytes) -> dict[str, Any]:
    name, function = _OTHERS.get(form, (form, "unpack"))
    unpacker = import_module(f"grader.files.guarded.unpack_{name}")
    try:
        return dict(getattr(unpacker, function)(data))
    except MemoryError:
        return {"error": f"it took more than {SCANS.get(form, MEGABYTES)} MB to open; not read"}
    except ValueError as error:
        return {"error": without_addresses(error)[:300]}
    except Exception as error:  # noqa: BLE001 - a hostile file may fail anywhere inside a library
        return {"error": f"not a readable {unpacker.CALLED} ({without_addresses(error)[:80]})"}


def _limit(form: str) -> None:
    """Cap the memory of this process while it serves one file, where the system can."""
    try:
        import resource

        if form in SCANS:
            what, most = resource.RLIMIT_DATA, _libraries() + SCANS[form] * 1_000_000
        else:
            what, most = resource.RLIMIT_AS, MEGABYTES * 1_000_000
        resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return


def _has_grown(form: str) -> bool:
    """Whether so much is left of the files so far that the next one had too little."""
    try:
        return form in SCANS and _data() > _libraries() + KEPT * 1_000_000
    except (ValueError, OSError):
        return False


@lru_cache
def _libraries() -> int:
    """The bytes that the libraries of scans take, counted once: what a file leaves behind is no part of them."""
    from grader.scans.libraries import load_all

    load_all()
    return _data()


def _data() -> int:
    """The bytes that this process may write to. Raises OSError or ValueError where that is not told."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - quicker than a Path
        return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")


def _alarm(seconds: float) -> None:
    """End this process when a file has had its share of the processor, where the system can tell."""
    try:
        import signal

        signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends a process that does not catch it
        signal.alarm(int(USUAL * _ENOUGH))
    except (ImportError, AttributeError):
        return


if __name__ == "__main__":
    main()
