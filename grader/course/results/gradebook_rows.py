"""Whose row of a gradebook is whose: by one kind of ID for the whole file, and the name has to agree.

A number may be one student's in one column and somebody else's in another. So the two kinds that go together (what the
roster has, and a column) are chosen once, as those by which most students are found under their own names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.answers.numbers import clean
from grader.course.people.people import folded, id_key, name_keys, without_zeros

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from grader.course.people.people import Student

_IDS = ("SIS User ID", "SIS Login ID", "ID", "Integration ID")
_TEST = ({"student", "test"}, {"test", "student"})
_OF_ROSTER: tuple[Callable[[Student], str], ...] = (
    lambda student: student.id,
    lambda student: student.email,
    lambda student: student.email.partition("@")[0],
)


class RowFinder:
    """Finds each student's row.

    heads:  the headings, as text.
    people: the rows of students, each as text.
    """

    def __init__(
        self, heads: Sequence[str], people: Sequence[Sequence[str]], students: Iterable[Student]
    ) -> None:
        self.place = {head: n for n, head in reversed(list(enumerate(heads)))}  # the first of each name
        self.people = people
        self.names = [self._name(row) for row in people]
        everybody = [n for n, name in enumerate(self.names) if set(_words(name)) not in _TEST]
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for n in everybody:
            for name in name_keys(self.names[n]):
                self.by_name[name].append(n)
        self.ids = {head: self._by_id(self.place[head], everybody) for head in _IDS if head in self.place}
        self.column, self.said = self._kind(list(students))

    def _name(self, row: Sequence[str]) -> str:
        """The name in a row; exports have it in one column, or in two."""
        if "Student" in self.place:
            return row[self.place["Student"]]
        cells = (row[self.place[head]] for head in ("FirstName", "LastName") if self.place[head] < len(row))
        return " ".join(cells)

    def _by_id(self, place: int, everybody: Iterable[int]) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for n in everybody:
            row = self.people[n]
            if place < len(row) and (key := id_key(row[place])):
                found[key].append(n)
        for key in list(found):  # a spreadsheet cuts the zeros in front of a number
            short = without_zeros(key)
            if short != key and short not in found:
                found[short] = found[key]
        return found

    def _kind(self, students: Sequence[Student]) -> tuple[str, Callable[[Student], str]]:
        """The column, and what of the roster stands in it; an empty column where no ID is one of these students'."""
        best, chosen = 0, ("", _OF_ROSTER[0])
        for said in _OF_ROSTER:
            for head in self.ids:
                count = sum(
                    any(_agree(student.name, self.names[n]) for n in self._having(head, said(student)))
                    for student in students
                )
                if count > best:
                    best, chosen = count, (head, said)
        return chosen

    def _having(self, head: str, identity: str) -> list[int]:
        """The rows with an ID."""
        key, known = id_key(identity), self.ids.get(head, {})
        if not key:
            return []
        return known.get(key) or known.get(without_zeros(key)) or []

    def row(self, student: Student) -> int | str:
        """The number of a student's row among the people, or why there is none."""
        identity = self.said(student)
        having = self._having(self.column, identity)
        if len(having) > 1:
            return f"{self.column} {identity} stands in {len(having)} rows ({self._shown(having)})"
        if having:
            (n,) = having
            if _agree(student.name, self.names[n]):
                return n
            return f"the row with {self.column} {identity} is that of {self._shown(having)}"
        return self._named(student)

    def _named(self, student: Student) -> int | str:
        """The same by the name, where the row's own ID does not speak against it."""
        named = next((rows for key in name_keys(student.name) if (rows := self.by_name.get(key))), [])
        rows = list(dict.fromkeys(named))
        if len(rows) > 1:
            return f"{len(rows)} rows are of that name, and no ID tells which"
        if not rows:
            return ""
        (n,) = rows
        place = self.place.get(self.column, -1)
        other = self.people[n][place] if 0 <= place < len(self.people[n]) else ""
        if other.strip() and self.said(student):
            return f"the row of that name has {self.column} {clean(other, 40)}"
        return n

    def _shown(self, rows: Sequence[int]) -> str:
        names = dict.fromkeys(f"“{clean(self.names[n], 60)}”" for n in rows[:4])
        return " and ".join(names)


def _agree(ours: str, theirs: str) -> bool:
    """Whether two names may be one person's: each word of the shorter one is, or begins, one of the other's."""
    if set(name_keys(ours)) & set(name_keys(theirs)):
        return True
    fewer, more = sorted((_words(ours), _words(theirs)), key=len)
    return len(fewer) > 1 and all(any(_same(word, other) for other in more) for word in fewer)


def _same(word: str, other: str) -> bool:
    """Whether two words are one, or one of them the initial of the other."""
    return word == other or (min(len(word), len(other)) == 1 and word[0] == other[0])


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", folded(name)) if word]
