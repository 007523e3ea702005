"""Moodle XML: each problem is one cloze question, with a numerical field for every line.

The format is Moodle's own (`question/format/xml/format.php`); the fields are read by
`question/type/multianswer/questiontype.php`, whose rules are followed here to the letter:

- A field is `{marks:NUMERICAL:=answer:margin#feedback~%0%wrong:margin#feedback~…}`. Marks are whole numbers,
  so that marks of half a point are multiplied up. Margins are absolute. The first alternative that holds a
  number is taken, so the right one stands first.
- Feedback ends at a `~` or `}`; it is HTML of which the entities are undone once by Moodle. Every character
  that could end it, or the field, is written as an entity, so that nothing depends on backslashes, of which
  Moodle takes back some and leaves others standing.
- Drawings are files within the question, addressed by `@@PLUGINFILE@@/`.

Checked on 21 November 2026 against Moodle's own patterns, run by PHP 8.2 on seven problems of up to 244 lines: every
field is found, with its answers, margins and feedback as they were meant. `tests/test_export.py` reads it back
by the same rules, written anew. No Moodle was at hand to import it.
"""

from __future__ import annotations

from base64 import b64encode
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from answer_keys.solution import solve
from exercises.formulas.typeset import MINUS
from grader.export import markup
from grader.export.canvas_manifest import xml
from grader.export.drawing_png import DrawingPng
from grader.export.lines import ExportedLine, asked, explained

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from exercises.problems.problem import Problem

# Whatever means something to Moodle's patterns, or to HTML, once Moodle has undone the entities.
_ENTITIES = {ord(c): f"&#{ord(c)};" for c in '&<>"~}{#\\/'}
PENALTY = "0.3333333"  # what each further try costs, where tries are allowed; Moodle's own default


def quiz(problems: Sequence[Problem], category: str = "", *, hints: bool = False) -> bytes:
    """A file that Moodle imports: a category, and a question for each problem."""
    root = ET.Element("quiz")
    if category:
        question = ET.SubElement(root, "question", type="category")
        _text(question, "category", f"$course$/top/{category.replace('/', '//')}")
    for problem in problems:
        root.append(_question(problem, hints=hints))
    return xml(root)


def _question(problem: Problem, *, hints: bool) -> ET.Element:
    """One cloze question."""
    picture = DrawingPng(problem)
    name = f"network-{problem.code}.png"
    image = markup.image(picture, f"@@PLUGINFILE@@/{name}")
    question = ET.Element("question", type="cloze")
    _text(question, "name", f"{picture.title} ({problem.code})")
    text = _text(question, "questiontext", "\n".join(_body(problem, image, hints=hints)), html=True)
    file = ET.SubElement(text, "file", name=name, path="/", encoding="base64")
    file.text = b64encode(picture.png).decode()
    _text(question, "generalfeedback", "" if hints else _solution(problem), html=True)
    ET.SubElement(question, "penalty").text = PENALTY
    ET.SubElement(question, "hidden").text = "0"
    ET.SubElement(question, "idnumber").text = f"byhand-{problem.code}"
    tags = ET.SubElement(question, "tags")
    for tag in ("byhand", problem.network.title):
        _text(tags, "tag", tag)
    return question


def _text(parent: ET.Element, tag: str, text: str, *, html: bool = False) -> ET.Element:
    """An element that holds a `text` element, as nearly all of Moodle's do."""
    element = ET.SubElement(parent, tag, {"format": "html"} if html else {})
    ET.SubElement(element, "text").text = text
    return element


def _body(problem: Problem, image: str, *, hints: bool) -> Iterable[str]:
    """The question: what is given, how it is marked, and a field for each line."""
    found = asked(problem)
    scale = _scale(line.weight for line in found)
    fields = {line.quantity: cloze(problem, line, scale, hints=hints) for line in found}
    yield from markup.question(problem, image)
    yield (
        "<p>Each line is compared with the right number. Look for the first one that is wrong: what follows from "
        "it cannot be right either.</p>"
    )
    yield from markup.lines(problem, fields.__getitem__)


def cloze(problem: Problem, line: ExportedLine, scale: int = 1, *, hints: bool = False) -> str:
    """The field of one line."""
    right = f"={line.value:f}:{line.margin:f}"
    wrong = (
        f"%0%{one.value:f}:{one.margin:f}#{shielded(explained(problem, one, hints=hints))}"
        for one in line.wrong
    )
    return f"{{{int(line.weight * scale)}:NUMERICAL:{'~'.join((right, *wrong))}}}"


def shielded(words: str) -> str:
    """A sentence as HTML, with every character that Moodle's patterns look for as an entity, which Moodle undoes."""
    return markup.attribute(words.replace("'", "’")).translate(_ENTITIES)


def _scale(weights: Iterable[Decimal]) -> int:
    """What marks must be multiplied by to be whole."""
    return lcm(*(Fraction(weight).denominator for weight in weights))


def _solution(problem: Problem) -> str:
    """The worked solution, shown when the question is over."""
    solution = solve(problem)
    rows = []
    for step in problem.graph.asked_steps:
        parts = [markup.label(problem, step.quantity), solution.symbolic(step), solution.substituted(step)]
        parts = [parts[0], *(markup.sentence(p) for p in parts[1:])]
        result = solution.shown(step.quantity)
        shown = list(dict.fromkeys([*parts, result.replace("-", MINUS)]))
        rows.append(f"<li>{' = '.join(shown)}</li>")
    return f"<p>The worked solution:</p><ul>{''.join(rows)}</ul>"
