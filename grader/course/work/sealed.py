"""What was kept from an earlier run is believed only if it is whole and of the shape in which it was written.

What was cut, overwritten or edited counts as not there: what it held is read and judged again. Whoever keeps
results seals their bytes and asks for their shape when they come back.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from grader.course.placing.answer_sheet import AnswerSheet

_TEXTS = ("file", "place", "student", "student_id", "code", "like")
_NAMES = {"student", "problem", "code"}
_ANSWER = {"quantity", "label", "link", "verdict", "credit", "out_of"}
_DEEP = RecursionError  # of JSON that nests without end
DAMAGE = (ValueError, TypeError, KeyError, AttributeError, IndexError, _DEEP)  # what comes of another shape


def digest(content: bytes) -> str:
    """What content is known by."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def read_sheets(line: str) -> tuple[tuple[AnswerSheet, ...], tuple[str, ...]] | None:
    """The sheets and the complaints of a file that was read; None if the line is not what was written then."""
    try:
        content = json.loads(line)
        sheets, complaints = content["sheets"], content["complaints"]
        if not (_list(sheets, dict) and _list(complaints, str) and all(map(_sheet, sheets))):
            return None
        return tuple(AnswerSheet.from_json(sheet) for sheet in sheets), tuple(complaints)
    except DAMAGE:
        return None


def is_judgement(note: Any, line: str) -> bool:
    """Whether a note and a line are what was written of a sheet that was judged."""
    try:
        score, out_of, unread, flags = note
        content = json.loads(line)
        answers = content["answers"]
        if not (
            _list(unread, str)
            and _list(flags, str)
            and _list(answers, dict)
            and _list(content["remarks"], str)
        ):
            return False
        told = (content["score"], content["out_of"]) == (score, out_of)
        return told and set(content) >= _NAMES and all(set(answer) >= _ANSWER for answer in answers)
    except DAMAGE:
        return False


def _sheet(content: dict[str, Any]) -> bool:
    answers = content["answers"]
    return (
        set(content) == set(AnswerSheet.__slots__)
        and all(isinstance(content[name], str) for name in _TEXTS)
        and isinstance(answers, dict)
        and _list([*answers, *answers.values()], str)
        and _list(content["remarks"], str)
    )


def _list(value: Any, of: type) -> bool:
    return isinstance(value, list) and all(isinstance(one, of) for one in value)
