"""Matrices on a page: brackets around form fields on the worksheet, around numbers elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.common.metrics import (
    LABEL_SIZE,
    MATRIX_AROUND,
    MATRIX_FIELD,
    MATRIX_ROW,
    TEXT_SIZE,
    TEXT_WIDTH,
)
from exercises.common.slots import slot
from exercises.figures import lettering
from exercises.formulas import typeset
from exercises.formulas.quantity import ETA, Quantity, QuantityKind
from exercises.pages import matrix_labels
from exercises.pages.pieces import Piece
from exercises.problems.matrices import Matrix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problems.problem import Problem

SLIM = 0.88  # of the width of a field among ordinary lines
BRACKETS = 4.6  # both, with the gap between a field and the next
GAP = 13.0  # two equals signs, and the space behind a matrix
_WORK = {  # least room to work in, in millimetres
    QuantityKind.PRE_ACTIVATION: 48.0,
    QuantityKind.ACTIVATION: 14.0,
    QuantityKind.DELTA: 42.0,
    QuantityKind.WEIGHT_GRADIENT: 16.0,
    QuantityKind.BIAS_GRADIENT: 3.0,
    QuantityKind.WEIGHT: 16.0,
    QuantityKind.BIAS: 3.0,
}


@dataclass(frozen=True, slots=True)
class MatrixEntry:
    """One entry: the name of its field, how it is called, and what is printed where there is no field."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class MatrixItem:
    """A matrix with its label: room to work in and width of a field in millimetres."""

    label: str
    rows: tuple[tuple[MatrixEntry, ...], ...]
    work: float
    field: float


def sections(problem: Problem, box: float) -> list[tuple[str, list[Piece]]]:
    """The matrices to fill in, by section; `box` is how wide a field should be."""
    return [
        (title, [piece for row in rows for piece in _pieces(problem, row, box)])
        for title, rows in matrix_labels.sections(problem)
    ]


def _pieces(problem: Problem, row: list[Matrix], box: float) -> Iterator[Piece]:
    """Matrices side by side where there is room for them, else below one another."""
    fields = {m: _field(problem, m, SLIM * box) for m in row}
    taken = sum(_width(problem, m, fields[m]) + _WORK[m.kind] for m in row)
    if len(row) > 1 and taken > TEXT_WIDTH:
        for matrix in row:
            yield from _pieces(problem, [matrix], box)
        return
    spare = max(0.0, TEXT_WIDTH - taken) / len(row)
    items = tuple(
        MatrixItem(
            matrix_labels.name(problem, m),
            _entries(problem, m),
            round(_WORK[m.kind] + spare, 2),
            round(fields[m], 2),
        )
        for m in row
    )
    tallest = max(len(item.rows) for item in items)
    yield Piece("matrices", items, 2 * MATRIX_AROUND + MATRIX_FIELD * tallest)


def _field(problem: Problem, matrix: Matrix, box: float) -> float:
    """How wide a field can be."""
    columns = matrix.shape(problem)[1]
    room = TEXT_WIDTH - label_width(problem, matrix) - BRACKETS - 8.0
    return min(box, room / columns - 1.2)


def _width(problem: Problem, matrix: Matrix, field: float) -> float:
    columns = matrix.shape(problem)[1]
    return label_width(problem, matrix) + BRACKETS + GAP + columns * (field + 1.2)


def _entries(problem: Problem, matrix: Matrix) -> tuple[tuple[MatrixEntry, ...], ...]:
    def entry(q: Quantity) -> MatrixEntry:
        step = problem.graph.by_quantity.get(q)
        own = problem.label(q).text
        if q in problem.graph.asked and step is not None:
            return MatrixEntry(q.name, f"{own}, {step.link}", "")
        return MatrixEntry("", own, typeset.number(problem.values[q]) if q in problem.values else "·")

    return tuple(tuple(entry(q) for q in row) for row in matrix.entries(problem))


def label_width(problem: Problem, matrix: Matrix) -> float:
    """How wide a matrix's label is set, in millimetres."""
    label = matrix_labels.label(problem, matrix)
    width = lettering.glyph(label.over).width + 0.1
    if label.under is not None:
        width += lettering.glyph(label.under).width + 2 * lettering.advance("∂") + lettering.advance("/")
    return width * LABEL_SIZE + 1.0


# --- numbers in brackets ---


def bracketed(rows: list[list[str]]) -> str:
    """A matrix of printed numbers, as HTML."""
    lines = "".join(
        f'<span class="mxr"><span class="bl"></span>{"".join(f"<span>{cell}</span>" for cell in row)}'
        '<span class="br"></span></span>'
        for row in rows
    )
    return f'<span class="mx">{lines}</span>'


def marked(rows: list[list[str]]) -> list[list[str]]:
    """Numbers as slots of a page."""
    return [[slot(cell) for cell in row] for row in rows]


def numbers(problem: Problem, matrix: Matrix, shown: dict[Quantity, str]) -> list[list[str]]:
    """The numbers of a matrix, row by row."""
    return [[shown[q] for q in row] for row in matrix.entries(problem)]


@dataclass(frozen=True, slots=True)
class GivenMatrix:
    """A given matrix: its label and its numbers as HTML, and how much room they take in millimetres."""

    html: str
    width: float
    height: float


def given(problem: Problem) -> list[list[GivenMatrix]]:
    """The given values as matrices, by line of the page; the learning rate never alone."""
    lines: list[list[GivenMatrix]] = [[]]
    *rest, target, rate = _givens(problem)
    if sum(g.width for g in (*rest, target, rate)) > TEXT_WIDTH:
        stacked = f'<span class="stacked"><span>{target.html}</span><span>{rate.html}</span></span>'
        rest.append(GivenMatrix(stacked, max(target.width, rate.width), target.height + rate.height))
    else:
        rest += [target, rate]
    for one in rest:
        if lines[-1] and sum(g.width for g in lines[-1]) + one.width > TEXT_WIDTH:
            lines.append([])
        lines[-1].append(one)
    return lines


def height(lines: list[list[GivenMatrix]]) -> float:
    """How tall the given matrices are printed."""
    return sum(max(one.height for one in line) for line in lines)


def _givens(problem: Problem) -> Iterator[GivenMatrix]:
    net, shown = problem.network, {q: typeset.number(v) for q, v in problem.values.items()}
    yield _given(problem, Matrix(QuantityKind.INPUT, 0), shown)
    for layer in range(1, len(net.layers)):
        yield _given(problem, Matrix(QuantityKind.WEIGHT, layer), shown)
        if net.bias != "no":
            yield _given(problem, Matrix(QuantityKind.BIAS, layer), shown)
    yield _given(problem, Matrix(QuantityKind.TARGET, len(net.layers) - 1), shown)
    eta = f"{problem.label(ETA).html} = {slot(shown[ETA])}"
    yield GivenMatrix(eta, lettering.advance(f"η = {shown[ETA]}") * TEXT_SIZE + 7.0, MATRIX_ROW)


def _given(problem: Problem, matrix: Matrix, shown: dict[Quantity, str]) -> GivenMatrix:
    cells = numbers(problem, matrix, shown)
    columns = [
        max(lettering.advance(row[n]) for row in cells) * TEXT_SIZE + 3.0 for n in range(len(cells[0]))
    ]
    html = f"{matrix_labels.name(problem, matrix)} = {bracketed(marked(cells))}"
    return GivenMatrix(
        html, label_width(problem, matrix) + 10.0 + sum(columns), MATRIX_ROW * len(cells) + 2.4
    )
