"""The worksheet: what the templates get to see, and the HTML that comes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from exercises import diagram, lettering, typeset
from exercises.conventions import conventions
from exercises.figure import figures
from exercises.givens import given, height
from exercises.notation import Label
from exercises.paging import PAGE, Block, paginate
from exercises.pdf import style, write_pdf
from exercises.quantity import parse_name
from exercises.questions import chain_terms, right_formula
from exercises.sheet import sections, work_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment
    from markupsafe import Markup

    from exercises.givens import Stack
    from exercises.problem import Problem
    from exercises.quantity import Quantity
    from exercises.sheet import Group, Section
    from exercises.steps import Step

Paper = Literal["a4", "letter"]
PAPERS: tuple[Paper, ...] = ("a4", "letter")
TALLEST = 110.0  # millimetres of page that a drawing may take; taller ones are scaled down
BAND = 4  # lines that stay together on a page, so that a long column can still break
TEXT_WIDTH = 176.0  # millimetres between the margins, on either paper
TITLE_SIZE = 7.41  # 21 points
TERM_SIZE, TERM_WIDTH = 2.65, 20.0  # 7.5 points; the column of terms in the box
BOXED_SIZE = 3.175  # 9 points
HALF_WIDTH = 84.0
EQUALS = 2 * 2.14 + 3 * 1.8  # both equals signs and the space around them, as in templates/style.css
LABEL_SIZE = 3.88  # font size of labels: 11 points in millimetres
VIA_SIZE = 0.85
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

    number: its place among all bands of the worksheet.
    tail: whether it must not be the first on a page, because it is a section's last and only one row high.
    """

    cells: tuple[Cell, ...]
    wide: bool = False
    tail: bool = False
    number: int = 0

    def block(self, *, opens: bool) -> Block:
        """What it takes on a page."""
        rows = max(sum(row.lines for row in cell.rows) for cell in self.cells)
        captions = any(cell.caption for cell in self.cells)
        return Block(int(captions), rows, opens=opens, glued=self.tail)


def worksheet_html(problem: Problem, paper: Paper = "a4") -> str:
    """Fill in the worksheet, all in one text: the same bytes for the same problem."""
    head = header(problem, paper)
    values, box = given(problem), boxed(problem)
    numbers = count()
    spread = [
        (s.title, [replace(band, number=next(numbers)) for band in bands(problem, s)])
        for s in sections(problem)
    ]
    blocks = [band.block(opens=not n) for _, found in spread for n, band in enumerate(found)]
    pages = paginate(blocks, _top(head, values, box), PAGE[paper])
    return render(
        "worksheet.html",
        **head,
        given=values,
        conventions=box,
        sections=spread,
        widths=widths(problem),
        questions=asked(problem),
        row=pages.row,
        starts=pages.starts,
        label=lambda q: trusted(problem.label(q).html),
        name=lambda q: f"{problem.label(q).text}, {problem.graph.by_quantity[q].link}",
    )


PROMPTS = {
    "chain": "as a product of derivatives of neighbouring quantities; over several paths as a sum",
    "letters": "in letters, every factor written out",
    "delta": "in letters",
}


def asked(problem: Problem) -> list[dict[str, Any]]:
    """The questions in symbols: field name, label, what to write, and the right answer in letters or links."""
    found = []
    for question in problem.questions:
        if question.kind == "chain":
            parts = [
                "·".join(_partial(problem, *link) for link in chain)
                for chain in chain_terms(problem.network, question.subject)
            ]
            right = " + ".join(parts)
        else:
            right = typeset.symbolic(right_formula(problem.graph, question), problem.label, typeset.HTML)
        label = problem.label(question.asks_for)
        found.append(
            {
                "name": question.name,
                "label": trusted(label.html),
                "prompt": PROMPTS[question.kind],
                "title": f"{label.text}, {PROMPTS[question.kind]}",
                "right": trusted(right),
            }
        )
    return found


def _partial(problem: Problem, over: str, under: str) -> str:
    """The HTML of ∂over/∂under."""
    upper, lower = (parse_name(name) for name in (over, under))
    if upper is None or lower is None:
        raise ValueError(over, under)
    return Label(problem.labels.glyph(upper), problem.labels.glyph(lower)).html


def boxed(problem: Problem) -> list[tuple[str, Markup]]:
    """Give the lines of the box of conventions."""
    return [(title, trusted(text)) for title, text in conventions(problem)]


def _top(head: dict[str, Any], values: list[list[Stack]], box: list[tuple[str, Markup]]) -> float:
    """Measure what stands above the first section: heights as in templates/style.css."""
    titles = -(-lettering.advance(head["title"]) * TITLE_SIZE // (TEXT_WIDTH - 35))
    drawn: float = head["drawn"]
    return (
        titles * 8.6
        + 4.2  # what the page is
        + 11.0  # name, ID, date
        + 7.0  # around the drawing
        + drawn
        + height(values)
        + 6.3  # below the given values; frame and padding of the box
        + sum(_boxed_height(*line) for line in box)
    )


def _boxed_height(term: str, text: str) -> float:
    """Measure a line of the box, or what it takes when it is too long for one."""
    more = lettering.advance(term) * TERM_SIZE // TERM_WIDTH  # lines of a long term
    width = length(text) * BOXED_SIZE * 1.02
    return 4.45 * -(-width // (TEXT_WIDTH - 26.5)) + (3.1 if "frac" in text else 0.0) + TERM_SIZE * more


def length(html: str) -> float:
    """About how long our own HTML is printed on one line, in ems."""
    small = "".join(re.findall(r"<su[bp][^>]*>(.*?)</su[bp]>", html))
    return lettering.advance(_plain(html)) - (1 - lettering.SMALL) * lettering.advance(_plain(small))


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


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
        "drawn": drawing.height * scale,
        "style": trusted(style()),
        "title": (problem.title or f"A {problem.network.title} network").replace("'", "’"),
        "code": problem.code,
        "shape": problem.network.title,
        "count": len(problem.graph.asked_steps),
        "diagram": trusted(figure),
    }


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
    for pair in abreast(group):
        for start in range(0, max(len(column) for column in pair), BAND):
            caption = group.caption if first else ""
            parts = [tuple(Line(s) for s in column[start : start + BAND]) for column in pair]
            captions = [caption, " " if caption else ""]
            yield Band(tuple(Cell(c, rows) for c, rows in zip(captions, parts, strict=False)))
            first = False


def abreast(group: Group) -> Iterator[tuple[tuple[Step, ...], ...]]:
    """Columns two by two; a last one that is alone, and long, is cut in two."""
    for start in range(0, len(group.columns), 2):
        pair = group.columns[start : start + 2]
        middle = -(-len(pair[0]) // 2)
        alone = len(pair) == 1 and middle < len(pair[0])
        yield (pair[0][:middle], pair[0][middle:]) if alone else pair


def _cells(group: Group) -> Iterator[Cell]:
    for column in group.columns:
        yield Cell(group.caption, tuple(Line(step) for step in column))


def widths(problem: Problem) -> dict[str, float]:
    """Measure the parts of a row in millimetres: labels, answer box, and what is left to work in."""
    quantities = [step.quantity for step in problem.graph.asked_steps]
    label = max(9.0, *(label_width(problem, q) for q in quantities if not q.via)) + 2.0
    via = max([label, *(label_width(problem, q) + 2.0 for q in quantities if q.via)])
    box = min(max((problem.places + 3) * 3.3, 18.0), 44.0)
    rest = box + EQUALS
    found = {"label": label, "via": via, "box": box}
    for name, width in (("half", HALF_WIDTH), ("wide", TEXT_WIDTH)):
        found[name] = width - label - rest
        found[f"{name}_via"] = width - via - rest
    found["whole"] = TEXT_WIDTH - label - EQUALS / 2
    return {name: round(width, 2) for name, width in found.items()}


def label_width(problem: Problem, q: Quantity) -> float:
    """How wide a label is set, in millimetres."""
    label = problem.label(q)
    width = lettering.glyph(label.over).width
    if label.under is not None:
        width += lettering.glyph(label.under).width + 2 * lettering.advance("∂") + lettering.advance("/")
    if label.via is not None:
        width += VIA_SIZE * (lettering.advance("  via ", italic=True) + lettering.glyph(label.via).width)
    return width * LABEL_SIZE


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
