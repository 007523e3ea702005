"""The other process of `guard`: reads files from standard input and answers each with a line of JSON."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

from exercises.common.wording import without_addresses
from grader.files.guarded.guard import MEGABYTES, MORE, PATIENCE, SECONDS, USUAL

_OTHERS = {
    "words": ("pdf", "words"),
    "scan-page": ("scan", "page"),
}  # what else can be unpacked of a form, and by which function
_ENOUGH = 2 * PATIENCE  # times USUAL: then this process ends by itself, should the other one be gone


def main() -> None:
    """Serve until standard input ends."""
    source = sys.stdin.buffer
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may get into the answers
    while head := source.readline(100):
        form, size = head.decode().split()
        _limit(MORE.get(form, MEGABYTES))
        _alarm(SECONDS.get(form, USUAL))
        reply = _reply(form, source.read(int(size)))
        out.write(reply + b"\n")
        out.flush()


def _reply(form: str, data: bytes) -> bytes:
    name, function = _OTHERS.get(form, (form, "unpack"))
    unpacker = import_module(f"grader.files.guarded.unpack_{name}")
    try:
        return json.dumps(getattr(unpacker, function)(data)).encode()
    except MemoryError:
        return json.dumps(
            {"error": f"it took more than {MORE.get(form, MEGABYTES)} MB to open; not read"}
        ).encode()
    except ValueError as error:
        return json.dumps({"error": without_addresses(error)[:300]}).encode()
    except Exception as error:  # noqa: BLE001 - a hostile file may fail anywhere inside a library
        return json.dumps(
            {"error": f"not a readable {unpacker.CALLED} ({without_addresses(error)[:80]})"}
        ).encode()


def _limit(megabytes: int) -> None:
    """Cap the memory of this process while it serves one file, where the system can."""
    try:
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return


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
