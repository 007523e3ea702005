"""Reading submissions: one module a file form. Every reader takes untrusted bytes and never raises on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.answers.names import Names
from grader.answers.numbers import clean
from grader.files.extraction.decode import decode
from grader.files.extraction.source import Source
from grader.files.extraction.submission import MAX_BYTES, Reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exercises.problems.problem import Problem

FORMS = (".pdf", ".txt", ".md", ".csv", ".xlsx", ".json", ".ipynb")
_ADVICE = {  # for what students hand in all the same
    ".xls": "save it as .xlsx or .csv",
    ".ods": "save it as .xlsx or .csv",
    ".numbers": "export it as .xlsx or .csv",
    ".docx": "save it as .txt",
    ".rtf": "save it as .txt",
    ".tsv": "name it .csv",
    ".zip": "unpack it and name the folder",
}


def read(path: Path, problem: Problem) -> Reading:
    """Read one file of submissions. What cannot be read becomes a complaint that names the place."""
    shown = clean(str(path), 200)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Reading(complaints=[f"{shown}: cannot be read ({error.strerror})"])
    except ValueError:  # a name with a null character
        return Reading(complaints=[f"{shown}: cannot be read (no name for a file)"])
    return read_bytes(data, path.suffix.lower(), Source(path, problem, Names(problem)))


def read_bytes(data: bytes, suffix: str, source: Source) -> Reading:
    """Read the bytes of a file with this suffix."""
    reader, wrong = _reader(suffix), refused(data, suffix) or key_in(data, suffix)
    if reader is None or wrong:
        return Reading(complaints=[f"{source.shown}: {wrong}"])
    return reader(data, source)


def refused(data: bytes, suffix: str) -> str:
    """Why bytes are not even opened; empty if they are."""
    if len(data) > MAX_BYTES:
        return f"larger than {MAX_BYTES // 1_000_000} MB; not read"
    if suffix not in FORMS:
        advice = f"; {_ADVICE[suffix]}" if suffix in _ADVICE else ""
        return f"a “{clean(suffix, 20)}” file; expected one of {', '.join(FORMS)}{advice}"
    return _disguised(data, suffix) if data.strip() else "the file is empty"


def key_in(data: bytes, suffix: str) -> str:
    """What to say of bytes that are an answer key or a problem file; empty if they may be a submission."""
    from grader.files.forms import keys

    return "" if suffix in {".pdf", ".xlsx"} else keys.in_text(decode(data), suffix)


def _reader(suffix: str) -> Callable[[bytes, Source], Reading] | None:
    match suffix:
        case ".pdf":
            from grader.files.forms import pdf_form

            return pdf_form.read
        case ".csv":
            from grader.files.forms import delimited

            return delimited.read
        case ".xlsx":
            from grader.files.forms import workbook

            return workbook.read
        case ".json":
            from grader.files.forms import json_form

            return json_form.read
        case ".ipynb":
            from grader.files.forms import notebook

            return notebook.read
        case ".txt" | ".md":
            from grader.files.forms import text

            return text.read
    return None


def _disguised(data: bytes, suffix: str) -> str:
    """What to say of a file whose first bytes belong to another form."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "an old Excel file, or one with a password; save it as .xlsx without a password"
    if data.startswith(b"PK\x03\x04") and suffix != ".xlsx":
        return f"a packed file (a spreadsheet or a zip) named “{suffix}”; give it its own suffix"
    if data.startswith(b"%PDF-") and suffix != ".pdf":
        return f"a PDF named “{suffix}”; give it the suffix .pdf"
    return ""


def sniff(data: bytes, source: Source) -> Reading:
    """Read bytes that come without a file name: a PDF, a workbook, JSON, a notebook, lines or a table."""
    if data.startswith(b"%PDF-"):
        return read_bytes(data, ".pdf", source)
    if data.startswith(b"PK\x03\x04"):
        return read_bytes(data, ".xlsx", source)
    start = decode(data[:4_000]).lstrip()
    if start.startswith(("{", "[")):
        notebook = b'"nbformat"' in data and b'"cells"' in data
        return read_bytes(data, ".ipynb" if notebook else ".json", source)
    lines = read_bytes(data, ".txt", source)
    if not data.strip():
        return lines
    table = read_bytes(data, ".csv", source)
    return table if _numbers(table) > _numbers(lines) else lines


def _numbers(reading: Reading) -> int:
    """How many answers with a digit were found."""
    texts = (text for submission in reading.submissions for text in submission.texts.values())
    return sum(any(c.isdecimal() for c in text) for text in texts)
