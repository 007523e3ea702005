"""`{"a3": "0.3775", …}` or a list of such, each with `"student"`. Numbers keep the digits that were typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.formats import decode
from grader.formats.source import MAX_STUDENTS, Answers
from grader.numbers import clean
from grader.submission import Reading, is_student_key

if TYPE_CHECKING:
    from grader.formats.source import Source

MAX_VALUES = 1_000_000


class _Number(str):
    """A number as it stands in the file, with every digit that was typed."""

    __slots__ = ()


class Pairs:
    """An object's pairs in order, repeated names included."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.pairs = pairs

    def get(self, name: str) -> Any:
        """The last value of a name, or None."""
        return next((value for key, value in reversed(self.pairs) if key == name), None)


def load(data: bytes, source: Source, reading: Reading) -> Any:
    """What a JSON file holds, its objects as `Pairs`; None, and a complaint, if it is not valid."""
    text = decode(data)
    if text.count(",") + text.count("[") + text.count("{") > MAX_VALUES:
        source.complain(reading, "", f"more than {MAX_VALUES:,} values; not read")
        return None
    try:
        return json.loads(
            text, parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=Pairs
        )
    except (ValueError, RecursionError) as error:
        source.complain(reading, "", f"not valid JSON ({clean(str(error), 100)})")
        return None


def read(data: bytes, source: Source) -> Reading:
    """Every object in the file."""
    reading = Reading()
    content = load(data, source, reading)
    if reading.complaints:
        return reading
    several = isinstance(content, list)
    entries = content if several else [content]
    if not entries:
        source.complain(reading, "", "no answers in it")
    for number, entry in enumerate(entries[:MAX_STUDENTS], 1):
        place = f"entry {number}" if several else ""
        if isinstance(entry, Pairs):
            _entry(entry, place, source, reading)
        else:
            source.complain(reading, place, "expected an object of names and answers")
    if len(entries) > MAX_STUDENTS:
        source.complain(reading, "", f"only the first {MAX_STUDENTS:,} entries are read")
    return reading


def _entry(entry: Pairs, place: str, source: Source, reading: Reading) -> None:
    found = Answers(source)
    plain = [(name, value) for name, value in entry.pairs if name != "answers"]
    nested = [value for name, value in entry.pairs if name == "answers"]
    for name, value in [*plain, *(pair for v in nested if isinstance(v, Pairs) for pair in v.pairs)]:
        if is_student_key(name):
            found.student = value if isinstance(value, str) else ""
        elif not found.named(name, _text(value)):
            source.unknown(reading, place, name)
    if not found.texts:
        source.complain(reading, place, "no answer to a line of this problem found")
        return
    count = len(reading.submissions)
    fallback = source.path.stem + (f"-{count + 1}" if count else "")
    reading.submissions.append(found.submission(place, student=fallback))


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "[not a number]"
