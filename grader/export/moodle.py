"""Moodle XML: each problem is one cloze question, with a numerical field for every line.

The format is Moodle's own (`question/format/xml/format.php`); the fields are read by
`question/type/multianswer/questiontype.php`, whose rules are followed here to the letter:

- A field is `{marks:NUMERICAL:=answer:margin#feedback~%0%wrong:margin#feedback~…}`. Marks are whole numbers,
  so that marks of half a point are multiplied up. Margins are absolute. The first alternative that holds a
  number is taken, so the right one stands first.
- Feedback ends at a `~` or `}`; it is HTML of which the entities are undone once by Moodle. Every character
  that could end it, or the field, is written as an entity, so that nothing depends on backslashes, of which
  Moodle takes back some and leaves others standing.
- Moodle's reader of XML passes over blanks between entities, so texts stand in CDATA, where there are none.
- The name of a question is text of which Moodle strips what looks like a tag: “<3>” is written with entities there.
- An answer in symbols is an essay question beside the cloze, marked by a person.
- Drawings are files within the question, addressed by `@@PLUGINFILE@@/`.

Checked on 21 November 2026 against Moodle's own patterns, run by PHP 8.2 on seven problems of up to 244 lines: every
field is found, with its answers, margins and feedback as they were meant. `tests/test_export.py` reads it back
by the same rules, written anew. No Moodle was at hand to import it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from decimal import Decimal
from html import unescape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from answer_keys.solution import solve
from exercises.formulas.typeset import MINUS
from exercises.pages import question_texts
from grader.export import markup
from grader.export.drawing_png import DrawingPng
from grader.export.lines import ExportedLine, asked, explained
from grader.export.packages import xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from answer_keys.in_words import InWords
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question

# Whatever means something to Moodle's patterns, or to HTML, once Moodle has undone the entities.
_ENTITIES = {ord(c): f"&#{ord(c)};" for c in '&<>"~}{#\\/'}
MOST, EXACT = 100, 20  # marks for a line of weight 1: at the most, and where that makes all weights exact
NEAR = Decimal("0.01")  # of a weight, by which whole marks may be off it
_RAW = "\ufdd1"  # around a text that becomes a CDATA section; no character: no text has it
PENALTY = "0.3333333"  # what each further try costs, where tries are allowed; Moodle's own default


def quiz(
    problems: Sequence[Problem],
    category: str = "",
    *,
    hints: bool = False,
    exercises: Mapping[str, str] | None = None,
    words: Sequence[InWords] = (),
) -> bytes:
    """A file that Moodle imports: a category, and a question for each problem.

    exercises: of a set, by code: each has a category of its own below that one, to draw from.
    words:     its questions that are answered in words, each with a category too.
    """
    root = ET.Element("quiz")
    of: Mapping[str, str] = exercises or {}
    parts = [plain_name(category).replace("/", "//")] if category else []
    if parts and not of:
        _category(root, parts)
    last = None
    for problem in problems:
        if (named := of.get(problem.code)) is not None and named != last:
            _category(root, [*parts, f"Exercise {plain_name(named).replace('/', '//')}"])
            last = named
        root.append(_question(problem, hints=hints))
        root.extend(_essay(problem, asked) for asked in problem.questions)
    for one in words:
        _category(root, [*parts, f"Exercise {plain_name(one.exercise).replace('/', '//')}"])
        root.append(_open(one.heading, one.html, one.name, f"{one.points.normalize():f}"))
    return _in_cdata(xml(root, indented=True))


def _category(root: ET.Element, parts: Sequence[str]) -> None:
    """Where the questions go that come behind this."""
    question = ET.SubElement(root, "question", type="category")
    _text(question, "category", "/".join(["$course$/top", *parts]))


def _in_cdata(document: bytes) -> bytes:
    """An XML file with every marked text as a CDATA section."""

    def section(found: re.Match[str]) -> str:
        return f"<![CDATA[{unescape(found[1]).replace(']]>', ']]]]><![CDATA[>')}]]>"

    return re.sub(f"{_RAW}(.*?){_RAW}", section, document.decode(), flags=re.DOTALL).encode()


def _question(problem: Problem, *, hints: bool) -> ET.Element:
    """One cloze question."""
    picture = DrawingPng(problem)
    name = f"network-{problem.code}.png"
    image = markup.image(picture, f"@@PLUGINFILE@@/{name}")
    question = ET.Element("question", type="cloze")
    _text(question, "name", plain_name(f"{picture.title} ({problem.code})"))
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


def plain_name(words: str) -> str:
    """A name of which Moodle takes nothing for a tag or an entity."""
    return re.sub(r"&(?=#?\w{1,8};)", "&amp;", words).replace("<", "&lt;").replace(">", "&gt;")


def _essay(problem: Problem, asked: Question) -> ET.Element:
    """An answer that is no number."""
    picture = DrawingPng(problem)
    name = f"network-{problem.code}.png"
    image = markup.image(picture, f"@@PLUGINFILE@@/{name}")
    body = f"<p>Problem {problem.code}.</p>\n<p>{image}</p>\n{markup.prompt(problem, asked)}"
    title = f"{picture.title} ({problem.code}): {asked.name}"
    right = question_texts.asked(problem, asked).right
    question = _open(title, body, f"byhand-{problem.code}-{asked.name}", "1", right)
    text = question.find("questiontext")
    file = ET.SubElement(
        text if text is not None else question, "file", name=name, path="/", encoding="base64"
    )
    file.text = b64encode(picture.png).decode()
    return question


def _open(title: str, body: str, ident: str, points: str, right: str = "") -> ET.Element:
    """An essay, which a person marks; `right`: what is told to that person."""
    question = ET.Element("question", type="essay")
    _text(question, "name", plain_name(title))
    _text(question, "questiontext", body, html=True)
    _text(question, "generalfeedback", "", html=True)
    for tag, value in {
        "defaultgrade": points,
        "penalty": "0",
        "hidden": "0",
        "idnumber": ident,
        **_ESSAY,
    }.items():
        ET.SubElement(question, tag).text = value
    _text(question, "graderinfo", right, html=True)
    _text(question, "responsetemplate", "", html=True)
    return question


_ESSAY = {
    "responseformat": "plain",
    "responserequired": "0",
    "responsefieldlines": "5",
    "attachments": "0",
    "attachmentsrequired": "0",
}


def _text(parent: ET.Element, tag: str, text: str, *, html: bool = False) -> ET.Element:
    """An element that holds a `text` element, as nearly all of Moodle's do."""
    element = ET.SubElement(parent, tag, {"format": "html"} if html else {})
    ET.SubElement(element, "text").text = f"{_RAW}{text}{_RAW}" if text else text
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
    return f"{{{_marks(line.weight, scale)}:NUMERICAL:{'~'.join((right, *wrong))}}}"


def _marks(weight: Decimal, scale: int) -> int:
    return max(round(weight * scale), 1) if weight else 0


def shielded(words: str) -> str:
    """A sentence as HTML, with every character that Moodle's patterns look for as an entity, which Moodle undoes."""
    return markup.attribute(words.replace("'", "’")).translate(_ENTITIES)


def _scale(weights: Iterable[Decimal]) -> int:
    """What marks must be multiplied by to be whole, or nearly: a quiz scales them anyway, and no total is thousands."""
    wanted = [weight for weight in dict.fromkeys(weights) if weight]

    def off(scale: int) -> Decimal:
        rest = (abs(max(round(weight * scale), 1) / (weight * scale) - 1) for weight in wanted)
        return max(rest, default=Decimal(0))

    exact = next((scale for scale in range(1, MOST + 1) if not off(scale)), None)
    near = next((scale for scale in range(1, MOST + 1) if off(scale) <= NEAR), None)
    return exact if exact is not None and exact <= EXACT else near or min(range(1, MOST + 1), key=off)


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
