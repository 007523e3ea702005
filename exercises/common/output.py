"""What is said on a terminal, and to programs: the one place that writes to standard output and standard error."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import unicodedata
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

import click

from exercises.common.letters import ASCII, ESCAPED, SPELLED

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOINERS = "\u200c\u200d"  # a part of some names
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
LONGEST, MOST = 400, 40  # characters of a sentence about what is wrong; such sentences


def say(sentence: str) -> None:
    """Say something to a person, on standard error."""
    click.echo(harmless(sentence).replace("\n", "�"), err=True)


def show(text: str) -> None:
    """Show what was asked for, on standard output."""
    click.echo(harmless(text))


def show_json(text: str) -> None:
    """The same for programs: what the encoding of the output lacks is escaped as JSON has it."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, ESCAPED).decode(encoding))


def harmless(text: str) -> str:
    """A text with nothing in it that a terminal would do, whoever chose the names in it; lines stay lines."""
    return "".join(c if c in "\n\t" or _shows(c) else "�" for c in text)


def _shows(char: str) -> bool:
    return char.isprintable() or char in _JOINERS or unicodedata.category(char) == "Zs"


def shortened(sentence: str) -> str:
    """A sentence about what is wrong, of a length that can be read: where it is stays, and how it ends."""
    if len(sentence) <= LONGEST:
        return sentence
    return f"{sentence[: LONGEST * 3 // 4]} … {sentence[-LONGEST // 5 :]}"


def complain(faults: tuple[str, ...]) -> None:
    """Say what is wrong, a line each, and no more of it than can be read."""
    for fault in faults[:MOST]:
        say(f"Error: {shortened(fault)}")
    if len(faults) > MOST:
        say(f"Error: and {len(faults) - MOST} more")


@contextmanager
def written_anywhere() -> Iterator[None]:
    """Write to whatever standard output and error lead to: letters for signs that it lacks, one sentence if it is full.

    Raises SystemExit(2) where it takes nothing at all.
    """
    for stream in (sys.stdout, sys.stderr):
        _spell(stream)
    try:
        yield
    except OSError as error:
        if not has_no_room(error):
            raise
        _give_up(error)
    finally:
        _flush()


def has_no_room(error: Exception) -> bool:
    """Whether standard output or error led to where nothing can be written; files of ours have names."""
    return isinstance(error, OSError) and error.filename is None and error.errno in _NO_ROOM


def _spell(stream: TextIO | None) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None or stream is None:
        return
    plain = codecs.lookup(stream.encoding).name == "ascii"
    reconfigure(encoding=ASCII if plain else None, errors=SPELLED)


def _flush() -> None:
    """Find out now, and not when Python ends, that what was written has no room."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        if not has_no_room(error):
            raise
        _give_up(error)


def _give_up(error: OSError) -> None:
    """Say that nothing can be written, as far as that can be said; what is left over goes nowhere."""
    with suppress(OSError, ValueError):
        say(f"Error: the output cannot be written ({error.strerror})")
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    raise SystemExit(2) from None
