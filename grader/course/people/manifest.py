"""The manifest of a problem set: which student was given which problem, for which exercise, for how many points."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises.common.errors import FileError
from grader.answers.numbers import clean
from grader.course.people.csv_tables import WHOLE, listed, rows_of
from grader.course.people.people import Roster, Student, id_key, without_zeros

if TYPE_CHECKING:
    from pathlib import Path

NAME = "manifest.csv"
COLUMNS = ("student_id", "student_name", "exercise", "code", "points")
_REQUIRED = ("student_id", "exercise", "code")
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One problem of one student.

    exercise: the exercise's name, such as “1”.
    code:     the problem's code, as it is printed on the sheet; empty for what a person marks without one.
    points:   what the exercise is worth; None if the manifest does not say.
    """

    student_id: str
    student_name: str
    exercise: str
    code: str
    points: float | None = None


@dataclass(frozen=True)
class Manifest:
    """All entries. An empty manifest knows nobody's problems."""

    entries: tuple[ManifestEntry, ...] = ()
    _own: dict[str, dict[str, ManifestEntry]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _owners: dict[str, list[ManifestEntry]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _marked: dict[str, list[ManifestEntry]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _short: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for entry in self.entries:
            if not entry.code:
                self._marked.setdefault(id_key(entry.student_id), []).append(entry)
                continue
            self._own.setdefault(id_key(entry.student_id), {}).setdefault(entry.code, entry)
            self._owners.setdefault(entry.code, []).append(entry)
        for key in (
            *self._own,
            *(set(self._marked) - set(self._own)),
        ):  # a roster may have lost the zeros in front of a number, or have them again
            self._short.setdefault(without_zeros(key), []).append(key)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def own(self, student: Student) -> dict[str, ManifestEntry]:
        """A student's entries by code, in the order of the manifest; those of nobody in particular are everybody's."""
        return self._own.get(self._key(student)) or self._own.get("", {})

    def marked_by_hand(self, student: Student) -> list[ManifestEntry]:
        """A student's entries without a problem, which a person marks."""
        return self._marked.get(self._key(student)) or self._marked.get("", [])

    def _key(self, student: Student) -> str:
        """Under which a student's entries are: their id, or the one that is the same but for zeros in front."""
        key = id_key(student.id)
        like = self._short.get(without_zeros(key), ())
        return like[0] if key not in like and len(like) == 1 else key

    def owners(self, code: str) -> list[ManifestEntry]:
        """Whose problem this is."""
        return self._owners.get(code, [])

    @property
    def exercises(self) -> tuple[str, ...]:
        """The exercises' names, in the order in which they come up."""
        return tuple(dict.fromkeys(entry.exercise for entry in self.entries))

    def roster(self) -> Roster:
        """Everybody with a problem."""
        found = {
            id_key(e.student_id): Student(e.student_id, e.student_name or e.student_id)
            for e in self.entries
            if e.student_id
        }
        return Roster(tuple(found.values()))


def read_manifest(path: Path) -> Manifest:
    """A manifest from its CSV file. Raises FileError with every fault found."""
    rows = rows_of(path, f"a manifest (CSV with the columns {','.join(COLUMNS)})")
    heads = [cell.strip().casefold() for cell in rows[0][1]] if rows else []
    missing = [name for name in _REQUIRED if name not in heads]
    if missing:
        raise FileError(f"{path}: no column {' and no column '.join(missing)}; expected {','.join(COLUMNS)}")
    faults: list[str] = []
    entries: list[ManifestEntry] = []
    for number, row in rows[1:]:
        cells = {name: clean(listed(row[i]), WHOLE) if i < len(row) else "" for i, name in enumerate(heads)}
        entry = _entry(cells)
        if isinstance(entry, str):
            faults.append(f"{path}, row {number}: {entry}")
        else:
            entries.append(entry)
    if faults:
        raise FileError(*faults)
    return Manifest(tuple(entries))


def _entry(cells: dict[str, str]) -> ManifestEntry | str:
    """One row, or what is wrong with it."""
    code = cells["code"].upper()
    if not cells["student_id"] and cells.get("student_name"):
        return "no student_id"  # with neither it is everybody's
    if code and not CODE.fullmatch(code):
        return f"“{cells['code']}” is no problem code; expected one such as 0H39-T9CV"
    points: float | None = None
    if cells.get("points"):
        try:
            points = float(cells["points"].replace(",", "."))
        except ValueError:
            points = -1.0
        if not 0 <= points <= 1e6:  # noqa: PLR2004 - NaN fails as well
            return f"points: “{cells['points']}” is no number of points"
    return ManifestEntry(cells["student_id"], cells.get("student_name", ""), cells["exercise"], code, points)
