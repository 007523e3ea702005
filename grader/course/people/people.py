"""Who is in the course, and which of them handed something in: by id, by name, or by the file's name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from exercises.common.wording import nearest
from grader.answers.numbers import clean
from grader.course.people.csv_tables import WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TOKENS = 12  # words of a file's name that are looked at
LONGEST = 5  # words of a person's name
# What Moodle and Canvas put behind a name in what they give to download: numbers of their own, which are nobody's ID.
_OF_MOODLE = re.compile(r"_\d+_assignsubmission_(?:file|onlinetext)", re.IGNORECASE)
_OF_CANVAS = re.compile(r"[a-z0-9]+_(?:late_)?\d+_\d+_", re.IGNORECASE)
_SIDE_BY_SIDE = re.compile(r"[,;/&+|]|\s(?:and|und|et|y)\s", re.IGNORECASE)  # what stands between several IDs


@dataclass(frozen=True, slots=True)
class Student:
    """One student as the roster has them.

    id:    unique in a course; empty where there is no roster and the sheet gives none.
    name:  as it is to be printed.
    email: empty if the roster has none.
    """

    id: str
    name: str
    email: str = ""

    @property
    def shown(self) -> str:
        """For messages."""
        return f"{self.name} ({self.id})" if self.id else self.name


@dataclass(frozen=True, slots=True)
class Identified:
    """Whom a sheet belongs to.

    student: None if that cannot be told; then `note` says why.
    how:     what told it: “id”, “name” or “file name”.
    note:    what a person may want to know all the same.
    """

    student: Student | None
    how: str = ""
    note: str = ""


@dataclass(frozen=True)
class Roster:
    """Everybody in the course. An open roster is none: whoever hands something in belongs to the course."""

    students: tuple[Student, ...]
    open: bool = False
    notes: tuple[str, ...] = field(default=(), compare=False)  # what was noticed when it was read
    _ids: dict[str, Student] = field(default_factory=dict, init=False, repr=False, compare=False)
    _cut: dict[str, Student] = field(default_factory=dict, init=False, repr=False, compare=False)
    _names: dict[str, list[Student]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, list[Student]] = defaultdict(list)
        mails: dict[str, set[Student]] = defaultdict(set)
        for student in self.students:
            for mail in (student.email, student.email.partition("@")[0]):
                mails[id_key(mail)].add(student)
            for key in name_keys(student.name):
                if student not in names[key]:
                    names[key].append(student)
        # A spreadsheet cuts the zeros in front of a number; where two are one without them, neither is meant.
        short = Counter(without_zeros(id_key(student.id)) for student in self.students)
        for student in self.students:
            cut = without_zeros(id_key(student.id))
            if short[cut] == 1:
                self._cut[cut] = student
        self._names.update(names)
        # An address or a user name that two have is neither's; an id is stronger than both.
        self._ids.update({key: owners.pop() for key, owners in mails.items() if key and len(owners) == 1})
        self._ids.update({id_key(student.id): student for student in self.students if student.id})

    def with_id(self, identity: str) -> Student | None:
        """Whose id, mail address or user name this is, with or without zeros in front; None if it is nobody's."""
        key = id_key(identity)
        return self._ids.get(key) or self._cut.get(without_zeros(key)) if key else None

    def find(self, identity: str, name: str, file: str) -> Identified:
        """Whom a sheet with this id and name, in a file of this name, belongs to."""
        if self.open:
            return self._anybody(identity, name, file)
        by_id = self.with_id(identity)
        named = self.called(name)
        if by_id is not None:
            if len(named) == 1 and named[0] != by_id:
                note = f"the ID is that of {by_id.shown}, the name that of {named[0].shown}"
                return Identified(None, note=note)
            return Identified(by_id, "id")
        note = f"the ID “{clean(identity, 40)}” is not on the roster" if identity.strip() else ""
        if len(named) == 1:
            return Identified(named[0], "name", note)
        in_file = self.in_file_name(file)
        if len(in_file) == 1:
            return Identified(in_file[0], "file name", note)
        if len(named) > 1:
            both = " and ".join(student.shown for student in named[:4])
            return Identified(None, note=f"the name fits {both}; an ID would tell")
        if len(in_file) > 1 and not note:
            both = " and ".join(student.shown for student in in_file[:4])
            note = f"the name of its file or folder fits {both}; an ID would tell"
        return Identified(None, note=note or self._unknown(name))

    def called(self, written: str) -> list[Student]:
        """Everybody whom a written name, id or mail address means."""
        if not written.strip():
            return []
        by_id = self.with_id(written)
        if by_id is not None:
            return [by_id]
        for key in name_keys(written):
            if key in self._names:
                return self._names[key]
        return []

    def together(self, identity: str, name: str) -> tuple[Student, ...]:
        """Those who handed in one sheet together: several IDs side by side, or else several names; none of one."""
        for written in (identity, name):
            if self.open or not written.strip() or self.called(written):
                continue
            parts = [part for part in _SIDE_BY_SIDE.split(written) if part.strip()]
            if len(parts) == 1 and written is identity:
                parts = written.split()
            fits = [self.called(part) for part in parts[:MAX_TOKENS]]
            found = tuple(dict.fromkeys(fit[0] for fit in fits if len(fit) == 1))
            if len(found) > 1 and all(len(fit) == 1 for fit in fits):
                return found
        return ()

    def suggestion(self, written: str) -> str:
        """The nearest name or id of the roster, for an error sentence."""
        return nearest(written, [*(s.name for s in self.students), *(s.id for s in self.students)])

    def _anybody(self, identity: str, name: str, file: str) -> Identified:
        stem = PurePath(file).stem
        known = self.called(identity) or self.called(name)
        if known:
            return Identified(known[0], "id" if identity else "name")
        shown = clean(name, 80) or clean(identity, 80) or clean(stem, 80) or "unnamed"
        return Identified(Student(clean(identity, 80), shown), "id" if identity.strip() else "name")

    def _unknown(self, name: str) -> str:
        if not name.strip():
            return "no name, no ID, and the file's name tells nobody of the roster"
        said = f"“{clean(name, 60)}” is not on the roster"
        close = self.suggestion(clean(name, 60))
        return f"{said}; {close}" if close.startswith("did you mean") else said

    def in_file_name(self, file: str) -> list[Student]:
        """Everybody whose id or whole name stands in the name of a file, or else of the folder around it.

        Where both stand there, it is whoever they agree on; where they agree on nobody, all of them.
        """
        path = PurePath(file)
        for text in (path.stem, path.parent.name):
            words = [w for w in re.split(r"[\W_]+", folded(_OF_MOODLE.sub(" ", text))) if w][:MAX_TOKENS]
            ids = {student for word in words if (student := self._meant(word, words)) is not None}
            joined = {
                "".join(words[i : i + n]) for n in range(1, LONGEST + 1) for i in range(len(words) - n + 1)
            }
            long = (key for key in joined if len(key) > 3)  # noqa: PLR2004
            named = {student for key in long for student in self._names.get(key, ())}
            if named and _OF_CANVAS.match(text):
                ids &= named
            found = ids & named or ids | named
            if found:
                return sorted(found, key=lambda s: s.id)
        return []

    def _meant(self, word: str, words: Sequence[str]) -> Student | None:
        """Whose id or user name a word of a file's name is.

        A user name that is but a part of its owner's name, as ada is, has to be alone: other people have that part too.
        """
        if len(words) > 1 and not _telling(word):
            return None
        student = self.with_id(word)
        if student is None or len(words) == 1 or without_zeros(id_key(student.id)) == without_zeros(word):
            return student
        return None if word in re.split(r"[\W_]+", folded(student.name)) else student


def _telling(word: str) -> bool:
    """Whether a word of a file's name may be an id; the 2 of “answers-2” is none."""
    return len(word) >= 4 or (len(word) == 3 and not word.isdigit())  # noqa: PLR2004


def folded(text: str) -> str:
    """A text without accents and capitals."""
    whole = text[:WHOLE].casefold()
    if whole.isascii():  # nearly all are, and then there is nothing to take off
        return whole
    parts = unicodedata.normalize("NFKD", whole)
    return "".join(c for c in parts if not unicodedata.combining(c))


def id_key(text: str) -> str:
    """An id as it is compared: without spaces and capitals, and without the .0 that programs put behind a number."""
    key = "".join(folded(text).split())
    whole, point, rest = key.partition(".")
    return whole if point and whole.isdecimal() and rest.strip("0") == "" else key


def without_zeros(key: str) -> str:
    """A number as it is compared once a spreadsheet has taken it for one; any other id as it is."""
    return key.lstrip("0") or key if key.isdecimal() else key


def name_keys(name: str) -> tuple[str, ...]:
    """A name as it is compared: its letters in the order of “First Last”, and without any order."""
    last, comma, first = name.partition(",")
    ordered = f"{first} {last}" if comma else name
    words = [w for w in re.split(r"[\W_]+", folded(ordered)) if w]
    if not words:
        return ()
    straight = "".join(words)
    return tuple(dict.fromkeys((straight, "".join([*words[1:], words[0]]), " ".join(sorted(words)))))
