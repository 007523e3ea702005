"""Reading the handwriting of a sheet: a text for each line, and for each that a person should see its picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from grader.answers.unsure import MARK, unsure
from grader.handwriting import reading
from grader.scans.parts import packed
from grader.stacks.grouping import NOT_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from exercises.problems.problem import Problem
    from grader.handwriting.numbers import NumberPosterior
    from grader.scans.cells import AnswerCells
    from grader.scans.parts import SheetPart
    from grader.stacks.grouping import PaperPages

    Grey = NDArray[np.uint8]

_FAINT, _INK = (
    170,
    0.004,
)  # greys that are ink, and the share of a box that has some if something is written in it
_WORDS = "it is written in words or symbols, which a person reads"
_LOST = "the page that it stands on did not come"
_SURE_DIGIT = 0.9


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One answer as it was read from paper.

    text:       as it goes to the grader: a number, empty if left blank, or what `unsure` makes of a reason.
    candidates: likely numbers with their probabilities, the best first.
    file, place, page: where its picture comes from.
    picture:    of the line, as `packed` gives it.
    """

    text: str
    candidates: tuple[tuple[str, float], ...]
    file: str
    place: str
    page: int
    picture: list[Any]

    @property
    def needs_a_person(self) -> bool:
        """Whether it could not be read for certain."""
        return self.text.startswith(MARK)


@dataclass(frozen=True, slots=True)
class SheetLines:
    """The lines of a sheet by name, the ID that is written on it, and complaints about its pages."""

    lines: Mapping[str, PaperLine]
    identity: str
    complaints: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "lines": {name: asdict(line) for name, line in self.lines.items()},
            "identity": self.identity,
            "complaints": list(self.complaints),
        }


def read_lines(problem: Problem, sheet: PaperPages, lost: Mapping[str, int] | None = None) -> SheetLines:
    """Read all lines of a sheet. Those on pages that were cut badly are left to a person.

    lost: answers on pages that did not come, each with its page, which are left to a person too.
    """
    answers = [one for part in sheet.parts for one in part.answers]
    posteriors = reading.read(answers)
    by_name = {one.quantity: one for one in posteriors}
    decided = reading.decide(problem, posteriors)
    lines: dict[str, PaperLine] = {}
    complaints: list[str] = []
    for part in sheet.parts:
        own = [by_name[one.quantity] for one in part.answers]
        bad = reading.is_badly_cut(part.answers, own)
        if bad:
            complaints.append(f"{part.where}: page {part.page} of {part.code} is hard to read; scan it again")
        for one in part.answers:
            lines[one.quantity] = _line(part, one, decided[one.quantity], bad=bad)
        for name, picture in part.boxes.items():
            if name not in NOT_ANSWERS:
                text = unsure(_WORDS) if _is_written(picture) else ""
                lines[name] = PaperLine(text, (), part.file, part.place, part.page, packed(picture))
    first = sheet.parts[0]
    for name, page in (lost or {}).items():
        lines[name] = PaperLine(unsure(_LOST), (), first.file, "", page, [])
    return SheetLines(lines, _identity(sheet), tuple(complaints))


def _line(part: SheetPart, cells: AnswerCells, found: reading.NumberReading, *, bad: bool) -> PaperLine:
    text = found.text
    if text is None or (bad and text):
        text = unsure(found.reason or "its page is hard to read")
    return PaperLine(text, found.candidates, part.file, part.place, part.page, packed(cells.picture))


def _is_written(box: Grey) -> bool:
    """Whether something stands in a box, its frame aside."""
    margin = round(min(box.shape) * 0.25)
    inside = box[margin:-margin, margin:-margin]
    return bool(inside.size and (inside < _FAINT).mean() > _INK)


def _identity(sheet: PaperPages) -> str:
    """The figures in the cells of the ID, if each of them is certain; else empty."""
    cells = next((part.identity for part in sheet.parts if part.identity is not None), None)
    if cells is None:
        return ""
    (found,) = reading.read([cells])
    return "".join(_digits(found))


def _digits(found: NumberPosterior) -> Iterator[str]:
    """The digit of each cell that has one; nothing at all if one is in doubt."""
    shares = found.evidence / found.evidence.sum(axis=1, keepdims=True)
    digits = shares[:, :10]
    written = digits.sum(axis=1) > 1 - _SURE_DIGIT
    if (digits.max(axis=1)[written] < _SURE_DIGIT).any():
        return
    yield from (str(int(n)) for n in digits.argmax(axis=1)[written])
