"""Our HTML made fit for other people's pages, which know no style sheet of ours and strip what they do not know.

Sub, sup, emphasis and plain brackets carry a formula's meaning; a stacked fraction becomes one on the line.
"""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markupsafe import escape

from exercises.common.slots import unmarked
from exercises.pages import kinds_on_pages, question_texts
from exercises.pages.captions import step_name
from exercises.pages.givens import HEAD, given, worked
from exercises.pages.sheet_sections import sections
from grader.handback.typesetting import with_indices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.formulas.quantity import Quantity
    from exercises.pages.givens import Stack, Titled
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question
    from grader.export.drawing_png import DrawingPng

_HALF = Decimal("0.5")
_KEPT = {"sub": "sub", "sup": "sup", "var": "em", "i": "em", "b": "b"}
_EMPTY = frozenset({"br", "hr", "img", "wbr"})  # elements that HTML never closes


class _Fragment(HTMLParser):
    """Reads HTML as HTML: with its entities, of which XML knows five, and its elements that are never closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = ET.TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in _EMPTY:
            self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        self.tree.data(data)


def tree(html: str) -> ET.Element:
    """A fragment of our own HTML in one element."""
    reader = _Fragment()
    reader.feed(f"<span>{html}</span>")
    reader.close()
    return reader.tree.close()


def portable(html: str) -> str:
    """A fragment of our own HTML without classes, and with no entity but XML's."""
    return _inside(tree(html))


def _inside(element: ET.Element) -> str:
    parts = [str(escape(element.text or ""))]
    for child in element:
        parts += [_one(child), str(escape(child.tail or ""))]
    return "".join(parts)


def _one(element: ET.Element) -> str:
    if element.get("class") == "frac":
        over, under = (_bracketed(_inside(part)) for part in element)
        return f"{over}/{under}"
    tag = _KEPT.get(element.tag)
    if element.tag == "br":
        return "<br>"
    inside = _inside(element)
    return f"<{tag}>{inside}</{tag}>" if tag else inside


def _bracketed(html: str) -> str:
    """One side of a fraction; a single number or symbol needs no brackets."""
    plain = "".join(tree(html).itertext())
    return html if plain.replace(".", "").isalnum() else f"({html})"


def attribute(words: str) -> str:
    """Text inside quotation marks in HTML."""
    return str(escape(words))


def image(picture: DrawingPng, source: str) -> str:
    """The drawing, as large as on paper, or as the page is wide."""
    return (
        f'<img src="{source}" width="{picture.width}" height="{picture.height}" '
        f'style="max-width: 100%; height: auto" alt="{escape(picture.alt)}">'
    )


def label(problem: Problem, q: Quantity) -> str:
    """A quantity's label as HTML that needs no style sheet."""
    return portable(problem.label(q).html)


def question(problem: Problem, image: str) -> Iterator[str]:
    """All that the sheet tells before its lines.

    The code, what there is to do, the drawing (an `img` element), the values given and worked out, the conventions, and
    how to type.
    """
    yield f"<p>Problem {problem.code}. {portable(unmarked(kinds_on_pages.task(problem)))}</p>"
    yield f"<p>{image}</p>"
    yield from _values(given(problem))
    known = worked(problem)
    if known:
        if not known[0][0][0].title.startswith(HEAD):  # a single set bears it in its title
            yield f"<p><strong>{HEAD}</strong></p>"
        yield from _values(known)
    box = kinds_on_pages.page_of(problem).conventions(problem)
    yield _table([(str(escape(term)), portable(unmarked(text))) for term, text in box])
    yield f"<p>{how_to_type(problem)}</p>"


def how_to_type(problem: Problem) -> str:
    """What a field that compares numbers takes, in a sentence."""
    precision = problem.precision
    return (
        f"Type one number into each field, rounded to {precision.words}, such as -{precision.rounded(_HALF):f}: a "
        "decimal point, a minus sign in front, and no formula, fraction, unit or equals sign."
    )


def _values(lines: list[list[Stack]]) -> Iterator[str]:
    """Values in titled sets: in rows, or as the table that the sheet has of several examples."""
    rows = []
    for titled in (titled for line in lines for stack in line for titled in stack):
        if titled.rows and titled.rows[0][0].cell:
            yield from _grid(titled)
            continue
        entries = (
            f"{portable(unmarked(e.label))} = {unmarked(e.number)}" for row in titled.rows for e in row
        )
        rows.append((str(escape(titled.title)), ", ".join(entries)))
    if rows:
        yield _table(rows)


def _grid(titled: Titled) -> Iterator[str]:
    """A table with a head."""
    head, *body = ([portable(unmarked(cell.label)) for cell in row] for row in titled.rows)
    style = 'style="padding: 0 1em 0 0; text-align: left"'
    yield f"<p><em>{escape(titled.title)}</em></p>"
    yield '<table style="margin: 0 0 1em 0"><thead><tr>'
    yield "".join(f"<th {style}>{cell}</th>" for cell in head) + "</tr></thead><tbody>"
    yield "".join(f"<tr>{''.join(f'<td {style}>{cell}</td>' for cell in row)}</tr>" for row in body)
    yield "</tbody></table>"


def prompt(problem: Problem, asked: Question) -> str:
    """What asks for an answer that is no number; its name in front, by which it is known when it comes back."""
    return f"<p>{asked.name}: {portable(question_texts.asked(problem, asked).prompt)}</p>"


def _table(rows: list[tuple[str, str]]) -> str:
    body = "".join(
        f'<tr><th style="text-align: left; vertical-align: top; padding: 0 1em 0 0; font-weight: normal">'
        f"<em>{head}</em></th><td>{text}</td></tr>"
        for head, text in rows
    )
    return f'<table style="margin: 0 0 1em 0"><tbody>{body}</tbody></table>'


def lines(problem: Problem, field: Callable[[Quantity], str]) -> Iterator[str]:
    """The lines to compute in the sections of the worksheet; `field` makes what stands behind the equals sign."""
    for number, section in enumerate(sections(problem), 1):
        yield f"<h4>{number}. {escape(section.title)}</h4>"
        yield '<table style="margin: 0 0 1em 0"><tbody>'
        for group in section.groups:
            for step in group.steps:
                kind = escape(step_name(problem, step.quantity))
                yield (
                    f'<tr><td style="text-align: right; padding: 0.15em 0.4em 0.15em 0">'
                    f"{label(problem, step.quantity)} =</td><td>{field(step.quantity)}</td>"
                    f'<td style="padding: 0.15em 0 0.15em 1em"><em>{kind}</em></td></tr>'
                )
        yield "</tbody></table>"


def sentence(words: str) -> str:
    """A sentence as HTML that needs no style sheet."""
    return portable(str(with_indices(words)))
