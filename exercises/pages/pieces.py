"""What a sheet holds beside the lines to fill in: questions, and the lines of a worked solution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from exercises.common.metrics import (
    INTRODUCTION,
    PAGE,
    PRINTED,
    PRINTED_HEADING,
    PROMPT,
    SECTION_ABOVE,
    SECTION_TITLE,
    SHAPES,
    SYMBOL,
    TEXT_SIZE,
    TEXT_WIDTH,
    WORDS,
)
from exercises.figures import lettering
from exercises.formulas import typeset
from exercises.pages import question_texts, solution_lines
from exercises.pages.kinds_on_pages import page_of
from exercises.pages.paging import ROWS, SPARE, LineBlock
from exercises.problems.worked_solution import wrong_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exercises.pages.bands import Band
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question

GLUED = 4  # rows of a printed section that stay with its heading
ACROSS = 5  # printed lines side by side, at most
PieceKind = Literal["matrices", "note", "printed", "question", "words", "shapes"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Something of a known height that is never parted by the end of a page.

    kind:    which macro of templates/pieces.html prints it.
    content: what that macro needs.
    fixed:   its height in millimetres.
    glued:   whether a page must not end above it.
    number:  its place among all pieces and bands of the worksheet.
    above:   as for a `Band`.
    """

    kind: PieceKind
    content: Any
    fixed: float
    glued: bool = False
    number: int = 0
    above: float = 0.0

    @property
    def worked_out(self) -> bool:
        """Whether somebody has to compute it, and needs space for that."""
        return self.kind in ("matrices", "question")

    @property
    def begins(self) -> bool:
        """Whether it stands for itself: what is glued belongs to what stands above it."""
        return not self.glued

    def kept(self) -> Piece:
        """The same on the page of what stands above it."""
        return replace(self, glued=True)

    def block(self, *, opens: bool) -> LineBlock:
        """What it takes on a page."""
        return LineBlock(0, 0, opens=opens, glued=self.glued, fixed=self.fixed, above=self.above)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line: its number on the sheet, label as HTML, value, and whether a key marks it as wrong."""

    number: int
    label: str
    value: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """Printed lines side by side; `width` of each in millimetres.

    section: what they belong to; heads: whether that stands above them.
    continues: whether a page begins with them.
    """

    section: str
    lines: tuple[Printed, ...]
    width: float
    heads: bool = False
    continues: bool = False

    @property
    def heading(self) -> str:
        """What stands above them."""
        told = (
            self.section if not self.continues else f"The worked solution, continued: {_small(self.section)}"
        )
        return told if self.heads else ""


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]


def questions(problem: Problem, found: list[Question]) -> list[Piece]:
    """Questions below one another, those about shapes two by two."""
    shapes = [question_texts.asked(problem, q) for q in found if q.kind == "shape"]
    pieces = [Piece("shapes", shapes[i : i + 2], SHAPES) for i in range(0, len(shapes), 2)]
    for question in found:
        if question.kind == "what-was-wrong":
            pieces.append(Piece("words", question_texts.asked(problem, question), PROMPT + WORDS, glued=True))
        elif question.kind != "shape":
            pieces.append(Piece("question", question_texts.asked(problem, question), PROMPT + SYMBOL))
    return pieces


def solution(problem: Problem, *, marked: bool = False) -> list[Piece]:
    """The worked solution, numbered line by line; `marked` where it is wrong."""
    wrong = wrong_lines(problem) if marked else ()
    lines = {
        q: Printed(n, problem.label(q).html, typeset.number(problem.printed[q]), q in wrong)
        for n, q in solution_lines.numbered(problem).items()
    }
    widest = max(
        lettering.advance(problem.label(q).text + " = " + line.value) * TEXT_SIZE + 10.0
        for q, line in lines.items()
    )
    across = max(1, min(ACROSS, int(TEXT_WIDTH // widest)))
    width = round(TEXT_WIDTH / across, 2)
    found = [Piece("note", page_of(problem).solution(problem), INTRODUCTION)]
    for section in solution_lines.sections(problem):
        own = [lines[step.quantity] for step in section.steps]
        for start in range(0, len(own), across):
            row = PrintedRow(section.title, tuple(own[start : start + across]), width, heads=not start)
            glued = len(found) == 1 or (0 < start < GLUED * across)
            found.append(Piece("printed", row, PRINTED + PRINTED_HEADING * row.heads, glued=glued))
    return found


def fits_a_page(parts: Sequence[Piece | Band], titles: int = 1) -> bool:
    """Whether a worked solution, and what else belongs to it, has room on one page of any paper, with so many titles."""
    tall = sum(part.block(opens=False).height(ROWS[-1]) for part in parts)
    return tall < min(PAGE.values()) - titles * (SECTION_ABOVE + SECTION_TITLE) + SECTION_ABOVE - SPARE


def cut(spread: list[tuple[str, list[Any]]], starts: frozenset[int]) -> set[int]:
    """The rows of a worked solution, by number, that begin a page and do not say yet what they go on with."""
    pieces = [piece for _, found in spread for piece in found if isinstance(piece, Piece)]
    return {
        p.number for p in pieces if p.kind == "printed" and p.number in starts and not p.content.continues
    }


def continued(piece: Piece) -> Piece:
    """A row of a worked solution at the top of a page, with a heading that says so."""
    row = replace(piece.content, heads=True, continues=True)
    return replace(piece, content=row, fixed=PRINTED + PRINTED_HEADING)


def with_matrices(
    found: Sequence[tuple[str, Sequence[Any]]], rest: Sequence[tuple[str, Sequence[Any]]]
) -> list[tuple[str, list[Any]]]:
    """Sections of matrices with those of other lines behind the forward pass, which a single loss belongs to."""
    first, later = [(title, list(parts)) for title, parts in found[:1]], list(rest)
    if first and later and later[0][0].startswith(first[0][0]):
        first, later = [(later[0][0], [*first[0][1], *later[0][1]])], later[1:]
    return [(title, list(parts)) for title, parts in (*first, *later, *found[1:])]


def around(
    problem: Problem,
    lines: list[tuple[str, list[Any]]],
    ask: Callable[[list[Question]], list[Any]],
    show: Callable[[], list[Any]],
) -> list[tuple[str, list[Any]]]:
    """The sections of a page: its lines, with the questions and the worked solution in their places.

    ask, show: make of questions, and of the worked solution, what the page prints.
    """
    before: list[tuple[str, list[Any]]] = []
    after: list[tuple[str, list[Any]]] = []
    if problem.kind.solution:
        before.append(("A worked solution, with a mistake in it", show()))
    for title, found in question_texts.groups(problem):
        place = before if title in (question_texts.SHAPES, question_texts.MISTAKE) else after
        place.append((title, ask(found)))
    return [*page_of(problem).arranged(before, lines), *after]
