"""The worksheet: what the templates get to see, and the HTML that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from exercises import diagram, lettering, typeset
from exercises.conventions import conventions
from exercises.figure import figures
from exercises.pdf import style, write_pdf
from exercises.quantity import ETA, Quantity, bias, t, weight, x
from exercises.sheet import Section, layer_name, sections, work_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment
    from markupsafe import Markup

    from exercises.problem import Problem
    from exercises.sheet import Group
    from exercises.steps import Step

Titled = tuple[str, list[list[tuple["Markup", str]]]]
Paper = Literal["a4", "letter"]
PAPERS: tuple[Paper, ...] = ("a4", "letter")
TALLEST = 110.0  # millimetres of page that a drawing may take; taller ones are scaled down
BAND = 4  # lines that stay together on a page, so that a long column can still break
TEXT_WIDTH = 176.0  # millimetres between the margins, on either paper
GIVEN_SIZE = 3.53  # 10 points
HALF_WIDTH = 84.0
EQUALS = 2 * 2.14 + 3 * 1.8  # both equals signs and the space around them, as in templates/style.css
LABEL_SIZE = 3.88  # font size of labels: 11 points in millimetres
VIA_SIZE = 0.85
GIVEN_COLUMNS = 7  # of given values, so that the widest row stays between the margins
CODE_KEYWORD = "byhand"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its step, the height of its work space in lines of handwriting."""

    step: Step
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows below one another, with a caption above; " " keeps a caption's place empty."""

    caption: str
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """What stands side by side and is never parted by the end of a page: one wide cell or two halves.

    tail: whether it must not be the first on a page, because it is a section's last and only one row high.
    """

    cells: tuple[Cell, ...]
    wide: bool = False
    tail: bool = False


def worksheet_html(problem: Problem, paper: Paper = "a4") -> str:
    """Fill in the worksheet, all in one text: the same bytes for the same problem."""
    return render(
        "worksheet.html",
        **header(problem, paper),
        given=given(problem),
        conventions=[(title, trusted(text)) for title, text in conventions(problem)],
        sections=[(s.title, bands(problem, s)) for s in sections(problem)],
        widths=widths(problem),
        label=lambda q: trusted(problem.label(q).html),
        name=lambda q: f"{problem.label(q).text}, {problem.graph.by_quantity[q].link}",
    )


def worksheet_pdf(problem: Problem, paper: Paper = "a4") -> bytes:
    """Make the worksheet as a PDF whose form fields bear the canonical names."""
    return write_pdf(worksheet_html(problem, paper), forms=True, keywords=keywords(problem))


def keywords(problem: Problem) -> tuple[str, ...]:
    """Give what tells our PDFs from others: `byhand` and the problem's code."""
    return CODE_KEYWORD, problem.code


def header(problem: Problem, paper: Paper) -> dict[str, Any]:
    """Gather what every page's template needs: paper, style, title, code, diagram."""
    if paper not in PAPERS:
        raise ValueError(paper)
    drawing = diagram.draw(problem)
    scale = min(1.0, TALLEST / drawing.height)
    figure = render("diagram.svg", d=figures(drawing), scale=scale)
    return {
        "paper": paper,
        "style": trusted(style()),
        "title": (problem.title or f"A {problem.network.title} network").replace("'", "’"),
        "code": problem.code,
        "shape": problem.network.title,
        "count": len(problem.graph.steps),
        "diagram": trusted(figure),
        "complete": drawing.complete,
    }


def given(problem: Problem) -> list[list[Titled]]:
    """Give the given values as typed, in titled sets of rows of (label, number).

    Sets in one list stand above one another.
    """
    net = problem.network
    sets: list[tuple[str, list[list[Quantity]]]] = [
        ("Inputs" if len(net.inputs) > 1 else "Input", [[x(u)] for u in net.inputs])
    ]
    for number, layer in enumerate(net.layers[1:], 1):
        rows: list[list[Quantity]] = []
        for unit in layer:
            row = [weight(i, unit) for i in net.upstream(unit)]
            rows += _chunks(row if net.bias == "no" else [*row, bias(unit)], GIVEN_COLUMNS)
        sets.append((f"Into the {layer_name(net, number)}", rows))
    sets.append(("Targets" if len(net.outputs) > 1 else "Target", [[t(u)] for u in net.outputs]))
    rate = ("Learning rate", [[ETA]])
    whole = sum(_set_width(problem, rows) for _, rows in [*sets, rate])
    stacks = [[one] for one in sets]
    if whole < TEXT_WIDTH:
        stacks.append([rate])
    else:
        stacks[-1].append(rate)
    return [
        [(title, [[_entry(problem, q) for q in row] for row in rows]) for title, rows in stack]
        for stack in stacks
    ]


def _entry(problem: Problem, q: Quantity) -> tuple[Markup, str]:
    return trusted(problem.label(q).html), typeset.number(problem.values[q])


def _set_width(problem: Problem, rows: list[list[Quantity]]) -> float:
    """About how wide a set is printed, in millimetres."""

    def width(q: Quantity) -> float:
        number = lettering.advance(f"= {typeset.number(problem.values[q])}") + 0.3
        return label_width(problem, q) * GIVEN_SIZE / LABEL_SIZE + number * GIVEN_SIZE + 2.6

    columns = max(len(row) for row in rows)
    return sum(max(width(row[n]) for row in rows if n < len(row)) for n in range(columns)) + 2.6


def bands(problem: Problem, section: Section) -> list[Band]:
    """Set a section's groups side by side: columns in pairs, and two short groups next to each other."""
    found: list[Band] = []
    waiting: list[Cell] = []  # a group of a single short line, until its neighbour is known
    for group in section.groups:
        if not group.wide and len(group.columns) == 1:
            waiting += _cells(group)
            if len(waiting) > 1:
                found.append(Band(tuple(waiting)))
                waiting = []
            continue
        if waiting:
            found.append(Band(tuple(waiting)))
            waiting = []
        found += _wide(problem, group) if group.wide else _pairs(group)
    if waiting:
        found.append(Band(tuple(waiting)))
    if len(found) > 1 and all(len(cell.rows) == 1 for cell in found[-1].cells):
        found[-1] = replace(found[-1], tail=True)
    return found


def _wide(problem: Problem, group: Group) -> Iterator[Band]:
    for number, step in enumerate(group.steps):
        caption = "" if number else group.caption
        yield Band((Cell(caption, (Line(step, work_lines(problem, step)),)),), wide=True)


def _pairs(group: Group) -> Iterator[Band]:
    """Two columns abreast, in bands of a few lines."""
    first = True
    for pair in _chunks(group.columns, 2):
        height = max(len(column) for column in pair)
        for start in range(0, height, BAND):
            caption = group.caption if first else ""
            parts = [tuple(Line(s) for s in column[start : start + BAND]) for column in pair]
            captions = [caption, " " if caption else ""]
            yield Band(tuple(Cell(c, rows) for c, rows in zip(captions, parts, strict=False)))
            first = False


def _cells(group: Group) -> Iterator[Cell]:
    for column in group.columns:
        yield Cell(group.caption, tuple(Line(step) for step in column))


def _chunks(items: Sequence[Any], size: int) -> Iterator[Any]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def widths(problem: Problem) -> dict[str, float]:
    """Measure the parts of a row in millimetres: labels, answer box, and what is left to work in."""
    quantities = [step.quantity for step in problem.graph.steps]
    label = max(9.0, *(label_width(problem, q) for q in quantities if not q.via)) + 2.0
    via = max([label, *(label_width(problem, q) + 2.0 for q in quantities if q.via)])
    box = min(max((problem.places + 3) * 3.3, 18.0), 44.0)
    rest = box + EQUALS
    found = {"label": label, "via": via, "box": box}
    for name, width in (("half", HALF_WIDTH), ("wide", TEXT_WIDTH)):
        found[name] = width - label - rest
        found[f"{name}_via"] = width - via - rest
    return {name: round(width, 2) for name, width in found.items()}


def label_width(problem: Problem, q: Quantity) -> float:
    """How wide a label is set, in millimetres."""
    label = problem.label(q)
    width = lettering.glyph(label.over).width
    if label.under is not None:
        width += lettering.glyph(label.under).width + 2 * lettering.advance("∂") + lettering.advance("/")
    via = VIA_SIZE * lettering.advance(f" via {label.via}", italic=True) if label.via else 0.0
    return (width + via) * LABEL_SIZE


def render(template_name: str, **context: object) -> str:
    """Fill in one of our templates. HTML in the context must be marked by `trusted`; all else is escaped."""
    return _environment().get_template(template_name).render(**context)


def trusted(html: str) -> Markup:
    """Mark HTML made by us (labels, formulas, drawings), so that templates take it as it is."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - only ever our own typesetting


@lru_cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    import templates

    return Environment(
        loader=FileSystemLoader(templates.FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
