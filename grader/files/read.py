"""Reading one file of a known problem, whatever its form. Every reader takes untrusted bytes and never raises on them."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from exercises.common.errors import ByhandError
from exercises.common.wording import without_addresses
from grader.answers.names import Names
from grader.answers.numbers import clean
from grader.files.extraction.decode import MAX_BYTES, decode
from grader.files.extraction.source import Source
from grader.files.extraction.submission import Reading
from grader.files.guarded.cap import TooCostlyError, capped, is_capped
from grader.files.registry import LINES, SUFFIXES, advice, disguised, form_of, known_by_content
from grader.scans import libraries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from exercises.problems.problem import Problem
    from grader.files.registry import Holds

BY: dict[Holds, str] = {
    "pages": "form",
    "lines": "text",
    "rows": "table",
    "entries": "json",
    "cells": "notebook",
    "pictures": "scan",
}


def read(path: Path, problem: Problem, paper: Mapping[str, Any] | None = None) -> Reading:
    """Read one file of submissions. What cannot be read becomes a complaint that names the place.

    paper: where everything lies on the problem's sheet for paper, as its key says.
    """
    shown = clean(str(path), 200)
    try:
        with path.open("rb") as file:
            data = file.read(most(path.suffix.lower()) + 1)
    except OSError as error:
        return Reading(complaints=[f"{shown}: cannot be read ({error.strerror})"])
    except ValueError:  # a name with a null character
        return Reading(complaints=[f"{shown}: cannot be read (no name for a file)"])
    return read_bytes(data, path.suffix.lower(), Source(path, problem, Names(problem), paper))


def read_bytes(data: bytes, suffix: str, source: Source) -> Reading:
    """Read the bytes of a file with this suffix."""
    form, wrong = form_of(suffix), refused(data, suffix)
    if form is None or wrong:
        return Reading(complaints=[f"{source.shown}: {wrong}"])
    if source.paper:
        libraries.load()
    try:
        with capped():
            if a_key := key_in(data, suffix):
                return Reading(complaints=[f"{source.shown}: {a_key}"])
            reading = form.read(data, source)
    except TooCostlyError as error:
        if is_capped():  # it is the whole file that costs too much, of which this is one reading
            raise
        return Reading(complaints=[f"{source.shown}: {error}"])
    except Exception as error:
        if os.environ.get("BYHAND_TRACEBACK"):
            raise
        return Reading(complaints=[f"{source.shown}: {not_read(error)}"])
    return _with_doubts(reading, BY[form.holds], source)


def not_read(error: Exception) -> str:
    """What to say of a file at which a reader ended so."""
    if isinstance(error, ByhandError):  # such as of what is not installed
        return clean(f"cannot be read here: {error}", 300)
    return stumbled(error)


def stumbled(error: Exception) -> str:
    """What to say of a file that no reader should fail at; one file must not take the others with it."""
    said = f"byhand stumbled over this file ({type(error).__name__}: {without_addresses(error)}); please report it"
    return clean(said, 300)


def _with_doubts(reading: Reading, by: str, source: Source) -> Reading:
    """A reading with what read it; a sheet of which less than half was read is told."""
    if not any(submission.places or submission.left_over for submission in reading.submissions):
        return reading  # nothing tells where its answers stood
    reading.submissions = [replace(submission, by=by) for submission in reading.submissions]
    for submission in reading.submissions:
        if submission.doubt:
            source.complain(reading, submission.left_over[0].where, f"{submission.doubt}; a person must look")
    return reading


def refused(data: bytes, suffix: str) -> str:
    """Why bytes are not even opened; empty if they are."""
    if len(data) > most(suffix):
        return f"larger than {most(suffix) // 1_000_000} MB; not read"
    if suffix not in SUFFIXES:
        what = f"; {advice(suffix)}" if advice(suffix) else ""
        named = f"a “{clean(suffix, 20)}” file" if suffix.strip(". ") else "a file without an ending"
        return f"{named}; expected one of {', '.join(SUFFIXES)}{what}"
    return disguised(data, suffix) if data.strip() else "the file is empty"


def most(suffix: str) -> int:
    """How many bytes of a file with this suffix are read at most."""
    form = form_of(suffix)
    return MAX_BYTES if form is None else form.most


def key_in(data: bytes, suffix: str) -> str:
    """What to say of bytes that are an answer key or a problem file; empty if they may be a submission."""
    from grader.files.forms import keys

    form = form_of(suffix)
    if form is None or not form.plain:
        return ""
    return keys.in_text(decode(data), table=form.holds == "rows")


def sniff(data: bytes, source: Source) -> Reading:
    """Read bytes that come without a file name: as what they begin like, else as what gives most answers."""
    if not data.strip():
        return read_bytes(data, LINES.suffixes[0], source)
    tried = [read_bytes(data, form.suffixes[0], source) for form in known_by_content(data)]
    return max(tried, key=_numbers)


def _numbers(reading: Reading) -> int:
    """How many answers with a digit were found."""
    texts = (text for submission in reading.submissions for text in submission.texts.values())
    return sum(any(c.isdecimal() for c in text) for text in texts)
