"""What every reader is handed and fills: where a file came from, and what has been gathered from it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exercises.problems.questions import line_of
from grader.answers.numbers import MAX_WORKING, clean
from grader.files.extraction.standing import standing
from grader.files.extraction.submission import NOT_ASKED, LeftOver, Reading, Submission
from grader.files.labels.headings import NOBODY, PersonPart, person, who
from grader.files.labels.identity import code_in, student_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem
    from grader.answers.names import Names

MAX_COMPLAINTS = 60  # of one file; finding the nearest name of each of a million would take hours
MAX_STUDENTS = 10_000  # in one file
_ONE_BY_ONE = 3  # so many lines answered twice are told one by one
MAX_LEFT = 500  # pieces of one student that were not read
MAX_ANSWER = MAX_WORKING + 1  # characters that are kept of an answer


@dataclass(frozen=True, slots=True)
class Source:
    """A file, the problem that it is read for, and the names of that problem.

    paper: where everything lies on the sheet that was printed of it for paper, if that is known.
    """

    path: Path
    problem: Problem
    names: Names
    paper: Mapping[str, Any] | None = None

    @property
    def shown(self) -> str:
        """The file's name for messages."""
        return clean(str(self.path), 200)

    def complain(self, reading: Reading, place: str, what: str | Callable[[], str]) -> None:
        """Say what is wrong at a place in this file; after many complaints no more are made."""
        if len(reading.complaints) > MAX_COMPLAINTS:
            return
        if len(reading.complaints) == MAX_COMPLAINTS:
            reading.complaints.append(f"{self.shown}: further complaints about this file are left out")
            return
        where = f"{self.shown}, {place}" if place else self.shown
        reading.complaints.append(f"{where}: {what if isinstance(what, str) else what()}")

    def unknown(self, reading: Reading, place: str, written: str) -> None:
        """Say that a name is not among the lines, and what may have been meant."""
        self.complain(reading, place, lambda: self.names.unknown(written[:300]))


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One table of a file: what it is read for, where that goes, and how places in it begin.

    title: what the table is called in its file.
    """

    source: Source
    reading: Reading
    name: str = ""
    title: str = ""

    def at(self, place: str) -> str:
        """A place in this table."""
        return f"{self.name}, {place}" if self.name and place else self.name or place

    def complain(self, place: str, what: str) -> None:
        """Say what is wrong at a place in this table."""
        self.source.complain(self.reading, self.at(place), what)

    def unknown(self, place: str, written: str) -> None:
        """Say that a name is not among the lines."""
        self.source.unknown(self.reading, self.at(place), written)


@dataclass(slots=True)
class Answers:
    """One student's answers while a file is read. Of two answers to one line the last counts, and it is said.

    student: who, where the reader knows; else it is taken from what the file says.
    told:    what the file says of the student.
    codes:   the codes by which it names its problem.
    places:  where each answer stood; `here` is the place that is being read, where a reader says so.
    left_over: what looks like an answer and was not read.
    """

    source: Source
    student: str = ""
    texts: dict[Quantity, str] = field(default_factory=dict)
    twice: dict[Quantity, None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    told: dict[PersonPart, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    places: dict[Quantity, str] = field(default_factory=dict)
    here: str = ""
    left_over: list[LeftOver] = field(default_factory=list)

    def put(self, quantity: Quantity, text: str, place: str = "") -> None:
        """Keep an answer, and where it stood. Another one that stood there before is left over."""
        if quantity in self.texts:
            self.twice[quantity] = None
            before = self.texts[quantity]
            if before != text and set(standing(before)) - set(standing(text)):
                self.leave(f"{quantity.name} = {before}", self.places.get(quantity, ""))
        self.texts[quantity] = text[:MAX_ANSWER].replace(NOT_ASKED, "")
        if place or self.here:
            self.places[quantity] = place or self.here

    def leave(self, text: str, place: str) -> None:
        """Note a piece that looks like an answer and was not read."""
        if len(self.left_over) < MAX_LEFT:
            self.left_over.append(LeftOver(clean(text, 300), place))

    def not_asked(self) -> None:
        """Say of the questions without an answer that nobody asked them there: they are not counted as missing."""
        missing = [q for q in map(line_of, self.source.problem.questions) if q not in self.texts]
        self.texts |= dict.fromkeys(missing, NOT_ASKED)
        if missing:
            questions = (
                f"{len(missing)} question that was"
                if len(missing) == 1
                else f"{len(missing)} questions that were"
            )
            self.remarks.append(
                f"{questions} not asked there {'is' if len(missing) == 1 else 'are'} not counted."
            )

    @property
    def size(self) -> int:
        """How much has been gathered."""
        return len(self.texts) + len(self.twice) + len(self.told) + len(self.codes)

    def continued(self) -> Answers:
        """The same answers, to go on with in another part of the file; who that part is from is still open."""
        return Answers(
            self.source,
            self.student,
            dict(self.texts),
            dict(self.twice),
            list(self.remarks),
            places=dict(self.places),
            left_over=list(self.left_over),
        )

    def take_over(self, before: Answers) -> None:
        """Be told what an earlier part of the file tells of the student and the problem."""
        self.told = before.told | self.told
        self.codes = before.codes + self.codes

    def named(self, name: str, text: str) -> bool:
        """Keep what stands beside a name, if it is the student, the problem's code or a line of the problem."""
        kind = who(name)
        if kind is PersonPart.CODE:
            self.belongs(text)
        elif kind not in NOBODY and kind is not None:
            self.told[kind] = text.strip()
        else:
            quantity = self.source.names.find(name)
            if quantity is None:
                return False
            self.put(quantity, text)
        return True

    def belongs(self, text: str) -> None:
        """Keep the code by which a file names its problem. A title is compared, and told where it is another."""
        problem = self.source.problem
        code = code_in(text)
        if code:
            self.codes.append(code)
        elif text.strip() and text.strip().casefold() != problem.title.casefold():
            said = f"The problem is given as “{clean(text, 40)}”, which is no problem's code and was not compared."
            if said not in self.remarks:
                self.remarks.append(said)

    def submission(self, place: str = "", *, student: str = "", code: str = "") -> Submission:
        """What was handed in."""
        path, ours = self.source.path, self.source.problem.code
        other = next((c for c in self.codes if c != ours), self.codes[0] if self.codes else "")
        said = _twice([q.name for q in self.twice])
        return Submission(
            student_name(self.student or person(self.told) or student, path),
            f"{path}, {place}" if place else str(path),
            self.texts,
            code or other,
            (*self.remarks, *said),
            clean(self.told.get(PersonPart.ID, ""), 80),
            self.places,
            tuple(self.left_over),
        )


def _twice(names: list[str]) -> list[str]:
    """What to say of lines that were answered twice."""
    if len(names) > _ONE_BY_ONE:
        return [
            f"{len(names)} lines were answered twice, {names[0]} and {names[1]} among them; the last answers count."
        ]
    return [f"{name} was answered twice; the last answer counts." for name in names]
