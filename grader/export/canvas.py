"""Canvas: QTI 1.2 in a zip, a quiz for each problem and in it a numerical item for each line.

What Canvas does with it was read in its own sources (`qti_exporter`, `cc/qti`, and the page on which a quiz is
taken), which settle three things:

- A numerical item is read back as an exact answer with a margin where `varequal` stands in an `or` beside
  `vargte` and `varlte`; the margin is the upper bound less the answer, so the bounds lie evenly around it.
- The page rounds what a student types to four decimal places before anything looks at it. Bounds therefore
  reach to what an accepted answer becomes there, and an answer below 0.0001 would be made 0: it is refused.
- Every answer of a numerical item is a right one, so the catalogue's wrong numbers have no place here; the
  worked line is shown to whoever was wrong.

New Quizzes read the same package where each item names the one that tells what is given, its stimulus
(`parent_stimulus_item_ident`); a text without children is dropped there. They do not round what is typed.

Checked on 21 November 2026: pyslet, whose classes were written from the IMS DTD, reads every file and knows every
element in it; `tests/test_export.py` holds the files to the DTD's content model. No Canvas was at hand to
import them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from answer_keys.solution import solve
from exercises.common.errors import ProblemError
from exercises.pages.captions import step_name
from exercises.pages.sheet_sections import sections
from grader.export import canvas_manifest, markup
from grader.export.drawing_png import DrawingPng
from grader.export.lines import ExportedLine, asked
from grader.export.packages import rooted, xml, zipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from answer_keys.in_words import InWords
    from exercises.problems.problem import Problem

KEPT = 4  # decimal places that the page keeps of an answer
SMALLEST = Decimal(1).scaleb(-KEPT)
_SCORE = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
QTI = (
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd",
)


def package(
    problems: Sequence[Problem],
    *,
    hints: bool = False,
    skip_small: bool = False,
    new: bool = False,
    words: Sequence[InWords] = (),
) -> bytes:
    """A zip that Canvas imports; `new`: for New Quizzes; `words`: questions of a set that a person marks, a quiz each.

    Raises ProblemError for answers that Classic Quizzes would round to nothing.
    """
    if not skip_small and not new:
        refuse_small(problems)
    files: dict[str, bytes] = {}
    quizzes = []
    for problem in problems:
        name, picture = f"byhand-{problem.code}", DrawingPng(problem)
        image = f"images/network-{problem.code}.png"
        lines = kept(problem, new=new)
        marks = sum((line.weight for line in lines), Decimal(len(problem.questions)))
        files[f"{name}/{name}.xml"] = _assessment(problem, lines, name, picture, image, hints=hints, new=new)
        files[f"{name}/assessment_meta.xml"] = canvas_manifest.quiz(name, picture.title, marks)
        files[image] = picture.png
        quizzes.append((name, {f"{name}-drawing": image}))
    files |= in_words(words)
    quizzes += [(one.name, {}) for one in words]
    return zipped({"imsmanifest.xml": canvas_manifest.contents(quizzes)} | files)


def refuse_small(problems: Iterable[Problem]) -> None:
    """Raise ProblemError for answers that Classic Quizzes would round to nothing."""
    faults = [fault for problem in problems for fault in too_small(problem)]
    if faults:
        raise ProblemError(
            *faults,
            "Canvas rounds what students type to four places, so answers below 0.0001 come out as 0. Choose larger "
            "inputs, weights or learning rate (`byhand generate` draws such numbers), or leave those lines out "
            "with --skip-small.",
        )


def too_small(problem: Problem) -> list[str]:
    """The lines whose answers Canvas would round away, a sentence each; an exact zero stays what it is."""
    values = solve(problem).values
    return [
        f"{problem.code}: {problem.label(step.quantity).text} = {values[step.quantity]:.3g} is below 0.0001"
        for step in problem.graph.asked_steps
        if 0 < abs(values[step.quantity]) < SMALLEST
    ]


def kept(problem: Problem, *, new: bool = False) -> list[ExportedLine]:
    """The lines that Canvas can ask for, in the order of the worksheet; New Quizzes take all."""
    values = solve(problem).values
    by_quantity = {line.quantity: line for line in asked(problem, wrong=0)}
    order = [step.quantity for section in sections(problem) for step in section.steps]
    return [by_quantity[q] for q in order if new or not 0 < abs(values[q]) < SMALLEST]


def bounds(line: ExportedLine, *, new: bool = False) -> tuple[Decimal, Decimal]:
    """What to accept: as far on either side as an accepted answer goes, once the page of Classic Quizzes has rounded it."""
    margin = line.margin
    for end in () if new else (line.value - margin, line.value + margin):
        margin = max(margin, abs(end.quantize(SMALLEST, ROUND_HALF_UP) - line.value))
    return line.value - margin, line.value + margin


def _assessment(  # noqa: PLR0913 - a quiz is made of these
    problem: Problem,
    lines: list[ExportedLine],
    name: str,
    picture: DrawingPng,
    image: str,
    *,
    hints: bool,
    new: bool,
) -> bytes:
    """The items of one quiz."""
    root, section = quiz_root(name, picture.title)
    stimulus = _given(section, problem, name, picture, image, new=new)
    for line in lines:
        right = "" if hints else worked_line(problem, line)
        numerical_item(section, problem, line, name, stimulus=stimulus, right=right)
    for question in problem.questions:
        told_by = markup.prompt(problem, question)
        _essay(section, f"{name}-{question.name}", question.name, told_by, stimulus=stimulus)
    return xml(root, indented=True)


def in_words(words: Iterable[InWords]) -> dict[str, bytes]:
    """The files of quizzes with a single question, which is answered in words."""
    files = {}
    for one in words:
        root, section = quiz_root(one.name, one.heading)
        _essay(section, f"{one.name}-essay", one.heading, one.html, points=f"{one.points.normalize():f}")
        files[f"{one.name}/{one.name}.xml"] = xml(root, indented=True)
        files[f"{one.name}/assessment_meta.xml"] = canvas_manifest.quiz(one.name, one.heading, one.points)
    return files


def quiz_root(name: str, title: str) -> tuple[ET.Element, ET.Element]:
    """The root of a quiz's file, and the section that its items go into."""
    root = rooted("questestinterop", *QTI)
    assessment = ET.SubElement(root, "assessment", ident=name, title=title)
    add_fields(assessment, {"cc_maxattempts": "1"})
    return root, ET.SubElement(assessment, "section", ident="root_section")


def _given(  # noqa: PLR0913 - all that a sheet tells
    section: ET.Element, problem: Problem, name: str, picture: DrawingPng, image: str, *, new: bool
) -> str:
    """The first item, which asks for nothing: the drawing, the values, the conventions. Its name, where others need it."""
    ident = f"{name}-given"
    item = ET.SubElement(section, "item", ident=ident, title="Given")
    _metadata(item, "text_only_question", "0", ident)
    presentation = ET.SubElement(item, "presentation")
    _material(presentation, told(problem, picture, image, new=new))
    if new:
        presentation[0].set("orientation", "top")  # its questions stand below it
    return ident if new else ""


def told(problem: Problem, picture: DrawingPng, image: str, *, new: bool = False) -> str:
    """All that the sheet tells, as HTML; `image`: the path of the drawing in the package."""
    source = markup.image(picture, f"%24IMS-CC-FILEBASE%24/{image}")
    rounded = problem.precision.widest > KEPT and not new
    rule = f"<p>Only {KEPT} decimal places of an answer are kept here.</p>" if rounded else ""
    return "".join([*markup.question(problem, source), rule])


def worked_line(problem: Problem, line: ExportedLine) -> str:
    """A line with its right answer, as whoever was wrong is shown it."""
    solution = solve(problem)
    parts = [solution.symbolic(line.step), solution.substituted(line.step), solution.shown(line.quantity)]
    return " = ".join([problem.label(line.quantity).text, *dict.fromkeys(parts)])


def numerical_item(  # noqa: PLR0913 - all that a line has
    section: ET.Element,
    problem: Problem,
    line: ExportedLine,
    name: str,
    *,
    right: str,
    stimulus: str = "",
    before: str = "",
) -> None:
    """One line: an exact answer with its margin.

    right: what whoever was wrong is shown; stimulus: the item that tells what is given; before: HTML that does so here.
    """
    ident = f"{name}-{line.quantity.name}"
    kind = step_name(problem, line.quantity)
    title = f"{problem.label(line.quantity).text}, {kind}"
    item = ET.SubElement(section, "item", ident=ident, title=title)
    _metadata(item, "numerical_question", f"{line.weight.normalize():f}", ident, stimulus)
    presentation = ET.SubElement(item, "presentation")
    _material(presentation, f"{before}<p>{markup.label(problem, line.quantity)} ({kind}) =</p>")
    response = ET.SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
    ET.SubElement(ET.SubElement(response, "render_fib", fibtype="Decimal"), "response_label", ident="answer1")
    processing = ET.SubElement(item, "resprocessing")
    ET.SubElement(ET.SubElement(processing, "outcomes"), "decvar", _SCORE)
    _right(processing, line, new=bool(stimulus))
    if right:
        wrong = ET.SubElement(processing, "respcondition", {"continue": "Yes"})
        ET.SubElement(ET.SubElement(wrong, "conditionvar"), "other")
        ET.SubElement(wrong, "displayfeedback", feedbacktype="Response", linkrefid="general_incorrect_fb")
        feedback = ET.SubElement(item, "itemfeedback", ident="general_incorrect_fb")
        _material(ET.SubElement(feedback, "flow_mat"), f"<p>{markup.sentence(right)}</p>")


def _essay(  # noqa: PLR0913 - all that an item has
    section: ET.Element, ident: str, title: str, html: str, *, points: str = "1", stimulus: str = ""
) -> None:
    """An answer that is no number, for a person to mark."""
    item = ET.SubElement(section, "item", ident=ident, title=title)
    _metadata(item, "essay_question", points, ident, stimulus)
    presentation = ET.SubElement(item, "presentation")
    _material(presentation, html)
    response = ET.SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
    ET.SubElement(ET.SubElement(response, "render_fib"), "response_label", ident="answer1")
    processing = ET.SubElement(item, "resprocessing")
    ET.SubElement(ET.SubElement(processing, "outcomes"), "decvar", _SCORE)
    condition = ET.SubElement(processing, "respcondition", {"continue": "No"})
    ET.SubElement(ET.SubElement(condition, "conditionvar"), "other")


def _right(processing: ET.Element, line: ExportedLine, *, new: bool) -> None:
    """The condition under which an answer is right."""
    low, high = bounds(line, new=new)
    right = ET.SubElement(processing, "respcondition", {"continue": "No"})
    either = ET.SubElement(ET.SubElement(right, "conditionvar"), "or")
    ET.SubElement(either, "varequal", respident="response1").text = f"{line.value:f}"
    between = ET.SubElement(either, "and")
    ET.SubElement(between, "vargte", respident="response1").text = f"{low:f}"
    ET.SubElement(between, "varlte", respident="response1").text = f"{high:f}"
    ET.SubElement(right, "setvar", action="Set", varname="SCORE").text = "100"


def _metadata(item: ET.Element, kind: str, points: str, ident: str, stimulus: str = "") -> None:
    """What Canvas keeps beside an item; `stimulus`: the name of the one that tells what is given."""
    fields = {
        "question_type": kind,
        "points_possible": points,
        "original_answer_ids": "" if kind == "text_only_question" else f"{ident}-answer",
        "assessment_question_identifierref": f"{ident}-question",
    } | ({"parent_stimulus_item_ident": stimulus} if stimulus else {})
    add_fields(ET.SubElement(item, "itemmetadata"), fields)


def add_fields(parent: ET.Element, fields: dict[str, str]) -> None:
    """Fields of metadata by their labels."""
    metadata = ET.SubElement(parent, "qtimetadata")
    for name, value in fields.items():
        entry = ET.SubElement(metadata, "qtimetadatafield")
        ET.SubElement(entry, "fieldlabel").text = name
        ET.SubElement(entry, "fieldentry").text = value


def _material(parent: ET.Element, html: str) -> None:
    material = ET.SubElement(parent, "material")
    ET.SubElement(material, "mattext", texttype="text/html").text = html
