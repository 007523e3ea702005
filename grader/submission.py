"""What a student handed in: texts by quantity, whatever file they came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises.notation import plain
from exercises.problem_file import nearest
from exercises.quantity import parse_name, t
from exercises.questions import address
from grader.numbers import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from exercises.problem import Problem
    from exercises.quantity import Quantity

MAX_BYTES = 20_000_000
STUDENT_KEYS = frozenset({"student", "name", "studentname", "fullname"})


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's answers to one problem.

    student: who, as given in the file, or the file's stem.
    origin:  the file, for messages.
    texts:   what was typed, by quantity; nothing has been read as a number yet.
    code:    the code of the problem that the sheet says it belongs to, if it says so.
    remarks: what was noticed on the way, one sentence each, such as an answer given twice.
    """

    student: str
    origin: str
    texts: Mapping[Quantity, str]
    code: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """What came out of one file: submissions, and complaints about what could not be read."""

    submissions: list[Submission] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Names:
    """Finds the quantity that a written name stands for, in one problem's notation."""

    def __init__(self, problem: Problem) -> None:
        computed = [step.quantity for step in problem.graph.steps]
        self.given = frozenset(q.name for q in problem.graph.given)
        self._spellings = problem.labels.inverse(computed)
        self._canonical = [q.name for q in computed] + [question.name for question in problem.questions]
        for question in problem.questions:
            self._spellings.setdefault(plain(question.name), address(question))
        self._given = problem.labels.inverse(problem.graph.given)
        if len(problem.network.outputs) == 1:
            self._given.setdefault("t", t(problem.network.outputs[0]))
        self._aliases(problem)

    def _aliases(self, problem: Problem) -> None:
        """With one output E5 is E, and with one path ∂E/∂y via it is ∂E/∂y: both may be written."""
        net = problem.network
        if len(net.outputs) == 1:
            only = net.outputs[0]
            for suffix in ("", "_new"):
                total = parse_name(f"E{suffix}")
                if total is not None:
                    self._spellings.setdefault(plain(f"E{only}{suffix}"), total)
        for unit in net.computing:
            downstream = net.downstream(unit)
            slope = parse_name(f"dE_dy{unit}")
            if len(downstream) == 1 and slope is not None:
                self._spellings.setdefault(plain(f"dE_dy{unit}_via{downstream[0]}"), slope)

    def find(self, written: str) -> Quantity | None:
        """The quantity, or None if this problem has no such line. A question's answer has its address."""
        return self._spellings.get(plain(written[:200]))

    def anything(self, written: str) -> Quantity | None:
        """The quantity that a name inside working stands for: a line of the sheet, or a given one."""
        found = self.find(written)
        return found if found is not None else self._given.get(plain(written[:200]))

    def unknown(self, written: str) -> str:
        """What to say of a name that is not among the lines."""
        shown = clean(written, 40)
        if written.strip() in self.given:
            return f"“{shown}” is given, not asked for"
        return f"“{shown}” is no line of this problem; {nearest(written.strip(), self._canonical)}"


def is_student_key(written: str) -> bool:
    """Whether a name in a file announces the student."""
    return plain(written[:60]).lower() in STUDENT_KEYS


def student_name(text: str, path: Path) -> str:
    """A student's name for reports: cleaned, never empty."""
    return clean(text, 80) or clean(path.stem, 80) or "unnamed"
