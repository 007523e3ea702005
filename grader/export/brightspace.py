"""Brightspace (D2L): a question library as QTI 1.2 with D2L's own elements, an arithmetic question for each line.

Plain QTI 1.2 knows no tolerance that Brightspace would read; its arithmetic questions do: a formula, here a number
without variables, with a tolerance in units. A section for each problem tells what is given above its questions;
answers in symbols are written responses, which a person marks.

The form was read off packages that others import: no Brightspace was at hand. `tests/test_packages.py` holds files to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from exercises.pages.captions import step_name
from exercises.pages.sheet_sections import sections
from grader.export import markup
from grader.export.drawing_png import DrawingPng
from grader.export.lines import ExportedLine, asked
from grader.export.packages import PackageForm, PackageResource, manifest, xml, zipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answer_keys.in_words import InWords
    from exercises.problems.problem import Problem

D2L = "http://desire2learn.com/xsd/d2lcp_v2p0"
_PACKAGE = PackageForm(
    "byhand",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://www.imsglobal.org/xsd/imscp_v1p1.xsd",
    "IMS Content",
    "1.1.3",
)
_LIBRARY = PackageResource(
    "res_question_library",
    "webcontent",
    "questiondb.xml",
    others=(
        ("xmlns:d2l_2p0", D2L),
        ("d2l_2p0:material_type", "d2lquestionlibrary"),
        ("d2l_2p0:link_target", ""),
        ("title", "Question Library"),
    ),
)
_NUMBER = {"rcardinality": "Single", "rtiming": "no"}


def package(problems: Sequence[Problem], words: Sequence[InWords] = ()) -> bytes:
    """A zip that Brightspace imports as components of a course: a section of its question library for each problem.

    words: questions of a set that are answered in words, each in a section of its own.
    """
    root = ET.Element("questestinterop")
    bank = ET.SubElement(root, "objectbank", {"ident": "QLIB_1", "xmlns:d2l_2p0": D2L})
    files: dict[str, bytes] = {}
    resources = [_LIBRARY]
    for number, problem in enumerate(problems, 1):
        picture, path = DrawingPng(problem), f"images/network-{problem.code}.png"
        files[path] = picture.png
        resources.append(PackageResource(f"drawing-{problem.code}", "webcontent", path))
        section = _section(bank, number, f"{problem.code}: {picture.title}")
        _told(section, "".join(markup.question(problem, markup.image(picture, path))))
        _items(section, problem, 1000 * number)
    for number, one in enumerate(words, len(problems) + 1):
        section = _section(bank, number, one.heading)
        _written(section, one.heading, one.html, f"{one.points:.9f}", 1000 * number + 1)
    library = {"questiondb.xml": xml(root)}
    return zipped({"imsmanifest.xml": xml(manifest(_PACKAGE, resources), indented=True)} | library | files)


def _section(bank: ET.Element, number: int, title: str) -> ET.Element:
    """A section of the library."""
    return ET.SubElement(
        bank, "section", {"d2l_2p0:id": f"{number}", "ident": f"SECT_{number}", "title": title}
    )


def _told(section: ET.Element, html: str) -> None:
    """What stands above the questions of a section."""
    inner = ET.SubElement(ET.SubElement(section, "presentation_material"), "flow_mat")
    _material(ET.SubElement(inner, "flow_mat"), html)
    shown = ET.SubElement(section, "sectionproc_extension")
    for name, value in (("name", "yes"), ("line", "no")):
        ET.SubElement(shown, f"d2l_2p0:display_section_{name}").text = value
    ET.SubElement(shown, "d2l_2p0:type_display_section").text = "1"


def _items(section: ET.Element, problem: Problem, first: int) -> None:
    """The questions in the order of the sheet; their numbers begin behind `first`."""
    lines = {line.quantity: line for line in asked(problem, wrong=0)}
    order = [lines[step.quantity] for one in sections(problem) for step in one.steps]
    for number, line in enumerate(order, first + 1):
        _arithmetic(section, problem, line, number)
    for number, question in enumerate(problem.questions, first + 1 + len(order)):
        _written(section, question.name, markup.prompt(problem, question), "1.000000000", number)


def _head(
    section: ET.Element, number: int, title: str, kind: str, weight: str
) -> tuple[str, ET.Element, ET.Element]:
    """An item with what Brightspace keeps beside it: its name, itself, and the flow in which it is presented."""
    name = f"QUES_{number}"
    item = ET.SubElement(
        section,
        "item",
        {
            "d2l_2p0:id": f"{number}",
            "ident": f"OBJ_{number}",
            "label": name,
            "d2l_2p0:page": "1",
            "title": title,
        },
    )
    metadata = ET.SubElement(ET.SubElement(item, "itemmetadata"), "qtimetadata")
    scored = "yes" if kind == "Arithmetic" else "no"
    for label, entry in (("computerscored", scored), ("questiontype", kind), ("weighting", weight)):
        field = ET.SubElement(metadata, "qti_metadatafield")
        ET.SubElement(field, "fieldlabel").text = f"qmd_{label}"
        ET.SubElement(field, "fieldentry").text = entry
    return name, item, ET.SubElement(ET.SubElement(item, "presentation"), "flow")


def _arithmetic(section: ET.Element, problem: Problem, line: ExportedLine, number: int) -> None:
    """One line: a number with its tolerance."""
    kind = step_name(problem, line.quantity)
    title = f"{problem.label(line.quantity).text}, {kind}"
    name, item, flow = _head(section, number, title, "Arithmetic", f"{line.weight:.9f}")
    material = _material(flow, f"<p>{markup.label(problem, line.quantity)} ({kind}) =</p>")
    value = f"{line.value:f}"
    ET.SubElement(ET.SubElement(material, "mat_extension"), "formula").text = value
    for n, (ending, fib) in enumerate((("NUM", "Decimal"), ("STR", "String")), 1):
        response = ET.SubElement(flow, f"response_{ending.lower()}", {"ident": f"{name}_{ending}"} | _NUMBER)
        box = ET.SubElement(response, "render_fib", fibtype=fib, prompt="Box")
        ET.SubElement(box, "response_label", ident=f"{name}_A{n}")
    right = ET.SubElement(ET.SubElement(item, "resprocessing"), "respcondition", title="Single Condition")
    rule = ET.SubElement(right, "respcond_extension")
    ET.SubElement(rule, "formula").text = value
    places = max(0, -int(line.value.as_tuple().exponent))
    precision = {"type": "decimalplaces", "d2l_2p0:precision_enforced": "no"}
    ET.SubElement(rule, "precision", precision).text = f"{places}"
    ET.SubElement(rule, "tolerance", type="units").text = f"{line.margin:f}"
    ET.SubElement(rule, "units", {"d2l_2p0:worth": "0", "casesensitive": "no"})
    ET.SubElement(ET.SubElement(right, "conditionvar"), "other")
    ET.SubElement(right, "setvar", action="Set").text = "100"


def _written(section: ET.Element, title: str, html: str, weight: str, number: int) -> None:
    """An answer that is no number, for a person to mark."""
    name, _, flow = _head(section, number, title, "Long Answer", weight)
    _material(flow, html)
    more = ET.SubElement(flow, "response_extension")
    for key in ("has_signed_comments", "has_htmleditor"):
        ET.SubElement(more, f"d2l_2p0:{key}").text = "no"
    response = ET.SubElement(flow, "response_str", ident=f"{name}_STR", rcardinality="Multiple")
    box = ET.SubElement(
        response, "render_fib", {"fibtype": "String", "prompt": "Box", "columns": "100", "rows": "15"}
    )
    ET.SubElement(box, "response_label", ident=f"{name}_LA")


def _material(parent: ET.Element, html: str) -> ET.Element:
    material = ET.SubElement(parent, "material")
    ET.SubElement(material, "mattext", texttype="text/html").text = html
    return material
