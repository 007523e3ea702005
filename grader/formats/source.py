"""What every reader is handed and fills: where a file came from, and what has been gathered from it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.numbers import clean
from grader.submission import Names, Reading, Submission, is_student_key, student_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exercises.problem import Problem
    from exercises.quantity import Quantity

MAX_COMPLAINTS = 60  # of one file; finding the nearest name of each of a million would take hours
MAX_STUDENTS = 30_000  # in one file
MAX_ANSWER = 2_000  # characters that are kept of an answer


@dataclass(frozen=True, slots=True)
class Source:
    """A file, the problem that it is read for, and the names of that problem."""

    path: Path
    problem: Problem
    names: Names

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
class Sheet:
    """One table of a file: what it is read for, where that goes, and how places in it begin."""

    source: Source
    reading: Reading
    name: str = ""

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
    """One student's answers while a file is read. Of two answers to one line the last counts, and it is said."""

    source: Source
    student: str = ""
    texts: dict[Quantity, str] = field(default_factory=dict)
    twice: dict[Quantity, None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def put(self, quantity: Quantity, text: str) -> None:
        """Keep an answer."""
        if quantity in self.texts:
            self.twice[quantity] = None
        self.texts[quantity] = text[:MAX_ANSWER]

    def named(self, name: str, text: str) -> bool:
        """Keep what stands beside a name, if it is the student or a line of the problem."""
        if is_student_key(name):
            self.student = text
            return True
        quantity = self.source.names.find(name)
        if quantity is not None:
            self.put(quantity, text)
        return quantity is not None

    def submission(self, place: str = "", *, student: str = "", code: str = "") -> Submission:
        """What was handed in."""
        path = self.source.path
        said = [f"{q.name} was answered twice; the last answer counts." for q in self.twice]
        return Submission(
            student_name(self.student or student, path),
            f"{path}, {place}" if place else str(path),
            self.texts,
            code,
            (*self.remarks, *said),
        )
