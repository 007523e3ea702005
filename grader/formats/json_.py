"""`{"a3": "0.3775", …}` or a list of such, each with `"student"`. Numbers keep the digits that were typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.formats import decode
from grader.numbers import clean
from grader.submission import Names, Reading, Submission, is_student_key, student_name

if TYPE_CHECKING:
    from pathlib import Path

    from exercises.quantity import Quantity


class _Number(str):
    """A number as it stands in the file, with every digit that was typed."""

    __slots__ = ()


def read(data: bytes, path: Path, names: Names) -> Reading:
    """Every object in the file."""
    shown = clean(str(path), 200)
    try:
        content = json.loads(
            decode(data),
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_Number,
            object_pairs_hook=_pairs,
        )
    except (ValueError, RecursionError) as error:
        return Reading(complaints=[f"{shown}: not valid JSON ({clean(str(error), 100)})"])
    entries = content if isinstance(content, list) else [content]
    reading = Reading()
    for number, entry in enumerate(entries, 1):
        place = f"{shown}, entry {number}" if isinstance(content, list) else shown
        if not isinstance(entry, _Pairs):
            reading.complaints.append(f"{place}: expected an object of names and answers")
            continue
        _entry(entry, place, path, names, reading)
    return reading


class _Pairs(list[tuple[str, Any]]):
    """An object's pairs in order, repeated names included."""


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    return _Pairs(pairs)


def _entry(entry: _Pairs, place: str, path: Path, names: Names, reading: Reading) -> None:
    student = ""
    texts: dict[Quantity, str] = {}
    remarks: list[str] = []
    inner = [
        pair for name, value in entry if name == "answers" and isinstance(value, _Pairs) for pair in value
    ]
    for name, value in [*(pair for pair in entry if pair[0] != "answers"), *inner]:
        if is_student_key(name):
            student = value if isinstance(value, str) else ""
            continue
        quantity = names.find(name)
        if quantity is None:
            reading.complaints.append(f"{place}: {names.unknown(name)}")
            continue
        if quantity in texts:
            remarks.append(f"{quantity.name} was answered twice; the last answer counts.")
        texts[quantity] = _text(value)
    if not texts:
        reading.complaints.append(f"{place}: no answer to a line of this problem found")
        return
    fallback = (
        path
        if len(reading.submissions) == 0
        else path.with_stem(f"{path.stem}-{len(reading.submissions) + 1}")
    )
    reading.submissions.append(
        Submission(student_name(student, fallback), place, texts, remarks=tuple(remarks))
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "[not a number]"
