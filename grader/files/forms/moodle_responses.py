"""Moodle's quiz responses: columns “Response 1”, “Response 2” … and, if ticked, “Question 1” … beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises.pages.sheet_sections import sections
from exercises.problems.questions import line_of
from grader.answers.numbers import Typed, read_number
from grader.files.extraction.accounted import account
from grader.files.extraction.source import Answers, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms.text import lines
from grader.files.labels.cells import answer
from grader.files.labels.headings import in_words, is_in_words, quantities
from grader.files.labels.identity import CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.source import Source

_COLUMN = re.compile(
    r"\s*(?P<what>response|antwort|question|frage|right answer|richtige antwort)\s*(?P<number>\d{1,4})\s*",
    re.IGNORECASE,
)
_OF = re.compile(rf"\bProblem ({CODE.pattern})")  # as an exported question begins
_NAMED = re.compile(r"[^\W\d]\S{0,20}\s{0,3}[=:≈]")
_PART = re.compile(r"(?:^|;\s*)(?:part|teil|partie)\s*(\d{1,4})\s*:", re.IGNORECASE)
_GAP = re.compile(r"_{3,}|\{#\d+\}|\{[^{}]{0,200}\}")
_STATUS = re.compile(r"status|state|zustand|estado|état|stato", re.IGNORECASE)
_FINISHED = re.compile(
    r"finished|beendet|abgeschlossen|terminé|completed?|finalizad|completat|bitti", re.IGNORECASE
)
_EMPHASIS = re.compile(r"(?<![^\W_])_([A-Za-zηδσŷ]{1,3})_")  # as Moodle shows slanted letters
_GIVEN = re.compile(r"(?P<name>[^\s=,;]{1,20}) = (?P<value>[-−]?\d{1,9}(?:[.,]\d{1,12})?)(?=[,;.\s\]])")
_FEWEST = 3  # values that tell which exercise it is
_BEFORE_A_GAP = 80  # characters that are searched for the name of what belongs into it


@dataclass(slots=True)
class QuizColumns:
    """Which column is which question's response and text; all columns of that kind in `taken`, and that of the status."""

    responses: dict[int, int] = field(default_factory=dict)
    questions: dict[int, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    status: int | None = None

    def __bool__(self) -> bool:
        return bool(self.responses)

    def unfinished(self, row: Sequence[str]) -> str:
        """What is said of an attempt that is not finished; empty of one that is."""
        said = _cell(row, self.status).strip() if self.status is not None else ""
        return "" if not said or _FINISHED.match(said) else said

    def read(self, row: Sequence[str], found: Answers, sheet: SourceTable, place: str) -> None:
        """Read one attempt: by the questions' texts, or in the order of the worksheet."""
        source = found.source
        given = {n: _cell(row, i) for n, i in self.responses.items() if self._is_ours(n, row, found)}
        if found.codes:  # what has neither a text nor an answer belongs to another exercise
            given = {n: cell for n, cell in given.items() if cell or self.code(n, row)}
        whole = [n for n, cell in given.items() if len(_parts(cell)) > 1]
        given = {
            n: cell for n, cell in given.items() if cell.strip() or not whole or self._tells(n, row, source)
        }
        slots = [(n, part, text) for n, cell in given.items() for part, text in _parts(cell)]
        written = [
            (f"{place}, response {n}", line) for n, cell in given.items() for line in cell.splitlines()
        ]
        if len(whole) > 1 and not found.codes:
            together = " and ".join(f"response {n}" for n in whole[:4])
            sheet.complain(
                place, f"{together} are exercises of their own, and nothing tells which is this one; not read"
            )
            account(written, found, sheet)
            return
        unclear: list[str] = []
        for n, part, text in slots:
            several = _lines(text, sheet.source)
            if several is not None and (len(several.texts) > 1 or n not in self.questions):
                lines(text, found, SourceTable(source, sheet.reading, sheet.at(f"{place}, response {n}")))
                continue
            quantity = _asked(self.text(n, row), part, source) if n in self.questions else None
            if quantity is not None:
                found.put(quantity, answer(text), sheet.at(f"{place}, response {n}"))
            else:
                unclear.append(text)
        self.in_order(unclear, len(slots), found, sheet, place)
        account(written, found, sheet)
        if slots:
            found.not_asked()

    @staticmethod
    def in_order(unclear: list[str], slots: int, found: Answers, sheet: SourceTable, place: str) -> None:
        """Take responses that do not say what they answer in the order of the sheet, if there are as many as lines."""
        problem = found.source.problem
        asked = [step.quantity for section in sections(problem) for step in section.steps]
        questions = [line_of(question) for question in problem.questions]
        if unclear and len(unclear) == slots and slots in {len(asked), len(asked) + len(questions)}:
            for quantity, text in zip([*asked, *questions], unclear, strict=False):
                found.put(quantity, answer(text), sheet.at(place))
            found.remarks.append("The answers were taken in the order of the worksheet's lines.")
        elif any(answer(text) for text in unclear):
            for text in unclear:
                found.leave(text, sheet.at(place))
            sheet.complain(
                place,
                f"{len(unclear)} of {slots} responses do not say which line they answer; "
                "download the responses with “question text” ticked",
            )

    def _is_ours(self, n: int, row: Sequence[str], found: Answers) -> bool:
        """Whether a question is of this problem: its text names the problem's code, or none."""
        if n in self.questions and is_in_words(_cell(row, self.questions[n])):
            return False
        code = self.code(n, row)
        if code == found.source.problem.code:
            found.belongs(code)
        elif code and found.codes:
            return False
        elif code:  # a problem of the same kind, whose code tells whose it is
            found.belongs(code)
        elif n in self.questions:
            return not _is_of_another(self.text(n, row), found.source)
        return True

    def _tells(self, n: int, row: Sequence[str], source: Source) -> bool:
        """Whether a question's text tells which answer is wanted: one that is empty then is left blank."""
        return n in self.questions and _asked(self.text(n, row), 0, source) is not None

    def text(self, n: int, row: Sequence[str]) -> str:
        """A question's text, without what Moodle shows around slanted letters."""
        return _EMPHASIS.sub(r"\1", _cell(row, self.questions[n]))

    def code(self, n: int, row: Sequence[str]) -> str:
        """The code that a question's text names; empty if it names none."""
        match = _OF.search(_cell(row, self.questions[n])) if n in self.questions else None
        return match[1] if match else ""


def columns(header: Sequence[str], source: Source | None = None) -> QuizColumns:
    """Find such columns in a header. A heading that names a line of the source's problem is left to the table."""
    found = QuizColumns()
    for i, heading in enumerate(header):
        match = _COLUMN.fullmatch(heading[:60])
        if match is None or (source is not None and source.names.find(heading) is not None):
            continue
        what, number = match["what"].lower(), int(match["number"])
        found.taken.add(i)
        if what in {"response", "antwort"}:
            found.responses[number] = i
        elif what in {"question", "frage"}:
            found.questions[number] = i
    found.status = next((i for i, heading in enumerate(header) if _STATUS.fullmatch(heading.strip())), None)
    if not found.responses:
        found.taken.clear()
    return found


def _is_of_another(text: str, source: Source) -> bool:
    """Whether a question's text is that of another exercise, by the values that it gives."""
    told = []
    for pair in _GIVEN.finditer(text):
        q, number = source.names.anything(pair["name"]), read_number(pair["value"])
        value = source.problem.values.get(q) if q is not None else None
        if value is not None and isinstance(number, Typed):
            told.append(value == number.value)
    return len(told) >= _FEWEST and not all(told)


def _lines(text: str, source: Source) -> Answers | None:
    """What stands in a response that holds answers with their names, or one and nothing else; None if it is another."""
    if not _NAMED.search(text):
        return None
    found, reading = Answers(source), Reading()
    lines(text, found, SourceTable(source, reading))
    return found if len(found.texts) > 1 or (found.texts and not reading.complaints) else None


def _cell(row: Sequence[str], i: int) -> str:
    return row[i] if i < len(row) else ""


def _parts(cell: str) -> list[tuple[int, str]]:
    """The parts of a response with several gaps, numbered from 1; 0 for a response with one."""
    marks = list(_PART.finditer(cell))
    if not marks:
        return [(0, cell)]
    ends = [mark.start() for mark in marks[1:]] + [len(cell)]
    return [(int(m[1]), cell[m.end() : end].strip()) for m, end in zip(marks, ends, strict=True)]


def _asked(text: str, part: int, source: Source) -> Quantity | None:
    """The line that a question asks for, or one of its gaps."""
    if not part:
        found = quantities(text, source.names)
        return found[0] if len(found) == 1 else None
    pieces = _GAP.split(text)
    if part >= len(pieces):
        return None
    before = pieces[part - 1][-_BEFORE_A_GAP:].rstrip(" =≈:\n\t\u00a0")
    last = before.split()[-1:] or [""]
    if (quantity := source.names.find(last[0])) is not None:
        return quantity
    named = in_words(re.sub(r"[=≈:]", " ", before), source.names)
    return named[-1] if named else None
