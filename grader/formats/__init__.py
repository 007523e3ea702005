"""Reading submissions: one module a file form. Every reader takes untrusted bytes and never raises on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.numbers import clean
from grader.submission import MAX_BYTES, Names, Reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exercises.problem import Problem

FORMS = (".pdf", ".txt", ".md", ".csv", ".json")


def read(path: Path, problem: Problem) -> Reading:
    """Read one file of submissions. What cannot be read becomes a complaint that names the place."""
    shown = clean(str(path), 200)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return Reading(complaints=[f"{shown}: larger than {MAX_BYTES // 1_000_000} MB; not read"])
        data = path.read_bytes()
    except OSError as error:
        return Reading(complaints=[f"{shown}: cannot be read ({error.strerror})"])
    reader = _reader(path.suffix.lower())
    if reader is None:
        expected = ", ".join(FORMS)
        return Reading(complaints=[f"{shown}: a “{clean(path.suffix, 20)}” file; expected one of {expected}"])
    if not data.strip():
        return Reading(complaints=[f"{shown}: the file is empty"])
    return reader(data, path, Names(problem))


def _reader(suffix: str) -> Callable[[bytes, Path, Names], Reading] | None:
    match suffix:
        case ".pdf":
            from grader.formats import pdf

            return pdf.read
        case ".csv":
            from grader.formats import table

            return table.read
        case ".json":
            from grader.formats import json_

            return json_.read
        case ".txt" | ".md":
            from grader.formats import text

            return text.read
    return None


def decode(data: bytes) -> str:
    """Text from bytes as they come: UTF-8 with or without a mark, UTF-16, else Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
