"""`{"a3": "0.3775", …}` or a list of such, each with `"student"`. Numbers keep the digits that were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.answers.worded import NOTHING, Wording
from grader.files.extraction.accounted import account, account_unread
from grader.files.extraction.source import MAX_STUDENTS, Answers, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms.json_answers import Nest, NestedAnswers
from grader.files.forms.json_values import JsonPairs, as_records, leaves, listed, load, names_in, of_student
from grader.files.labels.nested import of_record, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.files.extraction.source import Source


def read(data: bytes, source: Source) -> Reading:
    """Every object in the file."""
    reading = Reading()
    content = load(data, lambda fault: source.complain(reading, "", fault))
    if reading.complaints:
        return reading
    content = as_records(content)
    if isinstance(content, list) and _are_of_one(content, source):
        content = JsonPairs([("answers", content)])
    several = isinstance(content, list)
    entries = content if several else [content]
    if not entries:
        source.complain(reading, "", "no answers in it")
    read_entries(
        [(number if several else 0, entry) for number, entry in enumerate(entries, 1)], source, reading
    )
    return reading


def read_entries(entries: Sequence[tuple[int, object]], source: Source, reading: Reading) -> None:
    """Some entries of a list, each with its number; 0 where a file is one entry."""
    for number, entry in entries[:MAX_STUDENTS]:
        place = f"entry {number}" if number else ""
        if isinstance(entry, JsonPairs):
            _entry(entry, place, source, reading)
        else:
            source.complain(reading, place, "expected an object of names and answers")
    if len(entries) > MAX_STUDENTS:
        source.complain(reading, "", f"only the first {MAX_STUDENTS:,} entries are read")


def _entry(entry: JsonPairs, place: str, source: Source, reading: Reading) -> None:
    found = Answers(source)
    source.names.observe("\n".join(names_in(entry)))
    sheet = SourceTable(source, reading, place)
    NestedAnswers(found, sheet).group(entry, Nest())
    written = list(leaves(entry))
    answers, remarks = (
        [(at, text) for at, text, aside in written if aside == kind] for kind in (False, True)
    )
    if not found.texts:
        source.complain(reading, place, "no answer to a line of this problem found")
        account_unread(answers, sheet)
        return
    account(answers, found, sheet, remarks)
    count = len(reading.submissions)
    fallback = source.path.stem + (f"-{count + 1}" if count else "")
    reading.submissions.append(found.submission(place, student=fallback))


def _are_of_one(entries: list[object], source: Source) -> bool:
    """Whether the records of a list are lines, units or weights of one sheet, and no students."""
    keys = [key for entry in entries if isinstance(entry, JsonPairs) for key, _ in entry.pairs]
    objects = all(isinstance(entry, JsonPairs) for entry in entries)
    if len(entries) > 1 and objects and len(set(keys)) == len(keys) and not any(map(of_student, keys)):
        return True  # parts of one
    return len(entries) > 1 and all(
        isinstance(entry, JsonPairs)
        and (
            listed(entry, source) is not None
            or _is_about(of_record(told(entry.pairs), source.names, NOTHING))
        )
        for entry in entries
    )


def _is_about(said: Wording) -> bool:
    return bool(said.unit or said.parameter or said.layer)
