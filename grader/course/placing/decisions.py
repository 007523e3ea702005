"""What a person decided on whole sheets: which sheets of a file each decision binds, and which bind none."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.answers.numbers import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.course.people.manifest import Manifest
    from grader.course.people.people import Roster
    from grader.course.placing.answer_sheet import AnswerSheet, HandedIn
    from grader.course.placing.placed import Decision, Placed


def file_key(name: str) -> str:
    """The name of a file as it is compared: some systems part the dots from an ä, and some write other slashes."""
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def by_file(rows: Iterable[Decision]) -> Mapping[str, list[Decision]]:
    """The decisions on each file, by its key."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for row in rows:
        found[file_key(row.file)].append(row)
    return found


def bind(
    rows: Sequence[Decision], sheets: Sequence[AnswerSheet]
) -> tuple[dict[int, Decision], list[Decision]]:
    """The decision on each sheet of a file, by the sheet's number, and the decisions that bind no sheet.

    A code binds the sheet that bears it. Where none does it is given to the one sheet that has no code, or, if
    the file holds a single sheet there, replaces that one's. What is left belongs to the rows without a code.
    """
    bound: dict[int, Decision] = {}
    unused = []
    for row in sorted(rows, key=lambda row: _rank(row, sheets)):
        there = [n for n, sheet in enumerate(sheets) if row.place in {"", sheet.place}]
        free = [n for n in there if n not in bound]
        mine = [n for n in free if sheets[n].code == row.code] if row.code else free
        if row.code and not mine:
            bare = [n for n in free if not sheets[n].code]
            mine = bare if len(bare) == 1 else free if len(there) == 1 else []
        bound |= dict.fromkeys(mine, row)
        if not mine:
            unused.append(row)
    return bound, unused


def _rank(row: Decision, sheets: Sequence[AnswerSheet]) -> int:
    """Codes that stand on a sheet come first, then those to be given to one, then the whole file."""
    return 2 if not row.code else 0 if any(sheet.code == row.code for sheet in sheets) else 1


def faults(rows: Iterable[Decision], roster: Roster, manifest: Manifest) -> Iterator[str]:
    """A sentence for everybody who is named by a decision and is nobody of the course, or several.

    Whoever has a problem in the manifest was a student of the course and has left it; their rows decide nothing.
    """
    named: dict[str, list[Decision]] = defaultdict(list)
    for row in rows if not roster.open else ():
        named[row.student].append(row)
    for student, mine in named.items():
        fits = roster.called(student)
        more = f" and {len(mine) - 1} more" if len(mine) > 1 else ""
        if len(fits) > 1:
            both = " and ".join(s.shown for s in fits[:4])
            yield f"{mine[0].origin}{more}: “{student}” fits {both}; use the id"
        elif not fits and not manifest.roster().called(student):
            close = roster.suggestion(student)
            which = f"; {close}" if close.startswith("did you mean") else "; give the id of one on the roster"
            yield f"{mine[0].origin}{more}: “{student}” is no student of this course{which}"


def idle(
    rows: Sequence[Decision], roster: Roster, handed: Iterable[HandedIn], placed: Iterable[Placed]
) -> Iterator[str]:
    """A sentence for each decision that decides nothing, and for each sheet that does not count all the same."""
    yield from unused(rows, handed)
    for row in rows:
        if not roster.open and not roster.called(row.student):
            yield f"{row.origin}: “{row.student}” is no student of this course any more; passed over"
    for one in placed:
        if one.settled and one.student is not None and one.status not in {"graded", "superseded"}:
            what = " ".join(part for part in (clean(one.sheet.where, 200), one.code) if part)
            yield f"{what} is settled to be {one.student.shown}’s, but cannot count: {one.note}"


def unused(rows: Sequence[Decision], handed: Iterable[HandedIn]) -> Iterator[str]:
    """A sentence for each decision that binds no sheet."""
    files = {file_key(file.name): file for file in handed}
    for name, mine in by_file(rows).items():
        file = files.get(name)
        for row in bind(mine, file.sheets)[1] if file is not None else mine:
            yield f"{row.origin}: {clean(name, 200)} {_why(row, file)}; this row decides nothing"


def _why(row: Decision, file: HandedIn | None) -> str:
    if file is None:
        return "was not handed in"
    if not file.sheets:
        return "could not be read"
    codes = list(dict.fromkeys(sheet.code for sheet in file.sheets if sheet.code))
    if row.code and row.code not in codes:
        there = f" ({', '.join(codes[:6])})" if codes else ""
        return f"holds no sheet with the code {row.code}, and not just one that it could be given to{there}"
    return "has its sheets settled by other rows" if not row.place else f"has no such sheet in {row.place}"
