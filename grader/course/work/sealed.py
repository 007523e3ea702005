"""What was kept from an earlier run is believed only if it is whole and of the shape in which it was written.

What was cut, overwritten or edited counts as not there: what it held is read and judged again. Whoever keeps
results seals their bytes and asks for their shape when they come back.
"""

from __future__ import annotations

import hashlib
from typing import Any

from msgspec import DecodeError, Struct, convert
from msgspec.json import Decoder

from grader.course.placing.answer_sheet import AnswerSheet

DAMAGE = (  # what comes of another shape; the last one of JSON that nests without end
    DecodeError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError,
)  # fmt: skip


def digest(content: bytes) -> str:
    """What content is known by."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


class _ReadFile(Struct):
    sheets: list[dict[str, Any]]
    complaints: tuple[str, ...]


class _Answer(Struct):
    quantity: str
    label: str
    link: str
    verdict: str
    credit: float
    out_of: float


class _Judgement(Struct):
    student: str
    problem: str
    code: str
    score: float
    out_of: float
    answers: list[_Answer]
    remarks: list[str]


_read_file, _judgement = Decoder(_ReadFile), Decoder(_Judgement)
_FIELDS = set(AnswerSheet.__slots__)
_Note = tuple[float, float, list[str], list[str]]


def read_sheets(line: str) -> tuple[tuple[AnswerSheet, ...], tuple[str, ...]] | None:
    """The sheets and the complaints of a file that was read; None if the line is not what was written then."""
    try:
        found = _read_file.decode(line)
        if not all(
            set(sheet) == _FIELDS for sheet in found.sheets
        ):  # else what is not there would be taken for empty
            return None
        return convert(found.sheets, tuple[AnswerSheet, ...]), found.complaints
    except DAMAGE:
        return None


def is_judgement(note: Any, line: str) -> bool:
    """Whether a note and a line are what was written of a sheet that was judged."""
    try:
        score, out_of, _, _ = convert(note, _Note)
        found = _judgement.decode(line)
    except DAMAGE:
        return False
    return (found.score, found.out_of) == (score, out_of)
