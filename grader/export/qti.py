"""QTI 2.1 (Blackboard, OpenOlat, OPAL): a numerical item for each line, each with an absolute tolerance.

By the specification of 1EdTech (IMS): an item for each line, because Blackboard imports items with a single field only
and puts them into a pool, where each is alone. So each tells all that is given. A test for each problem keeps its items
in the order of the sheet. Answers in symbols are items that a person marks (`extendedTextInteraction`).

`qti-package-maker` was looked at: its package bears the time of day in the names of its folders, and writes floating
point where an exact decimal is wanted; the form of its numerical items, which were tried with Blackboard, is used here.
Nothing here was imported by a real system; `tests/test_qti.py` reads the package back by the rules, written anew.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from exercises.common.slots import unmarked
from exercises.pages.captions import step_name
from exercises.pages.sheet_sections import sections
from grader.export import markup
from grader.export.drawing_png import DrawingPng
from grader.export.lines import ExportedLine, asked
from grader.export.packages import PackageForm, PackageResource, manifest, rooted, xml, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answer_keys.in_words import InWords
    from exercises.problems.problem import Problem

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_PACKAGE = PackageForm(
    "byhand",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://www.imsglobal.org/xsd/imscp_v1p1.xsd",
    "QTIv2.1 Package",
    "1.0.0",
)
_ITEM, _TEST = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"
_FLOAT = {"cardinality": "single", "baseType": "float"}
_STYLES = ("style", "width", "height")  # attributes that QTI's own HTML does not have


def package(problems: Sequence[Problem], words: Sequence[InWords] = ()) -> bytes:
    """A zip with a test for each problem, an item for each line, and the drawings.

    words: questions of a set that are answered in words, each a test with one item.
    """
    files: dict[str, bytes] = {}
    resources: list[PackageResource] = []
    for problem in problems:
        name, picture = f"byhand-{problem.code}", DrawingPng(problem)
        drawing = f"{name}-drawing"
        files[f"images/{drawing}.png"] = picture.png
        resources.append(PackageResource(drawing, "webcontent", f"images/{drawing}.png"))
        image = markup.image(picture, f"../images/{drawing}.png")
        items = {f"{name}-{part}": item for part, item in _items(problem, image)}
        for ident, item in items.items():
            files[f"items/{ident}.xml"] = xml(item)
            resources.append(PackageResource(ident, _ITEM, f"items/{ident}.xml", (drawing,)))
        files[f"tests/{name}.xml"] = xml(_test(name, picture.title, list(items)))
        resources.append(PackageResource(name, _TEST, f"tests/{name}.xml", tuple(items)))
    for one in words:
        ident = f"{one.name}-essay"
        item = _essay(ident, one.heading, one.html, one.points)
        files |= {
            f"items/{ident}.xml": xml(item),
            f"tests/{one.name}.xml": xml(_test(one.name, one.heading, [ident])),
        }
        resources.append(PackageResource(ident, _ITEM, f"items/{ident}.xml"))
        resources.append(PackageResource(one.name, _TEST, f"tests/{one.name}.xml", (ident,)))
    return zipped({"imsmanifest.xml": xml(manifest(_PACKAGE, resources))} | files)


def _items(problem: Problem, image: str) -> Iterator[tuple[str, ET.Element]]:
    """The items of a problem by their names, in the order of the sheet."""
    given = "".join(markup.question(problem, image))
    lines = {line.quantity: line for line in asked(problem, wrong=0)}
    for section in sections(problem):
        for step in section.steps:
            yield step.quantity.name, _line(problem, lines[step.quantity], given)
    for question in problem.questions:
        ident = f"byhand-{problem.code}-{question.name}"
        yield (
            question.name,
            _essay(ident, question.name, given + markup.prompt(problem, question), Decimal(1)),
        )


def _line(problem: Problem, line: ExportedLine, given: str) -> ET.Element:
    """One line: a number with a tolerance on either side."""
    kind = step_name(problem, line.quantity)
    ident = f"byhand-{problem.code}-{line.quantity.name}"
    item = _head(ident, f"{problem.label(line.quantity).text}, {kind}")
    response = ET.SubElement(item, "responseDeclaration", {"identifier": "RESPONSE"} | _FLOAT)
    right = ET.SubElement(response, "correctResponse")
    ET.SubElement(right, "value").text = f"{line.value:f}"
    _outcomes(item, line.weight)
    body = ET.SubElement(item, "itemBody")
    _html(body, given)
    label = markup.label(problem, line.quantity)
    _html(
        body,
        f"<p>{label} ({kind}) = <textEntryInteraction responseIdentifier='RESPONSE'></textEntryInteraction></p>",
    )
    rule = ET.SubElement(ET.SubElement(item, "responseProcessing"), "responseCondition")
    found = ET.SubElement(rule, "responseIf")
    margin = f"{line.margin:f} {line.margin:f}"
    equal = ET.SubElement(
        found,
        "equal",
        toleranceMode="absolute",
        tolerance=margin,
        includeLowerBound="true",
        includeUpperBound="true",
    )
    ET.SubElement(equal, "variable", identifier="RESPONSE")
    ET.SubElement(equal, "correct", identifier="RESPONSE")
    _set_score(found, f"{line.weight.normalize():f}")
    _set_score(ET.SubElement(rule, "responseElse"), "0")
    return item


def _essay(ident: str, title: str, html: str, points: Decimal) -> ET.Element:
    """What a person marks."""
    item = _head(ident, title)
    ET.SubElement(item, "responseDeclaration", identifier="RESPONSE", cardinality="single", baseType="string")
    _outcomes(item, points)
    body = ET.SubElement(item, "itemBody")
    _html(body, html)
    ET.SubElement(body, "extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines="4")
    return item


def _head(ident: str, title: str) -> ET.Element:
    return rooted(
        "assessmentItem", *_QTI, identifier=ident, title=title, adaptive="false", timeDependent="false"
    )


def _outcomes(item: ET.Element, weight: Decimal) -> None:
    """What an item is worth."""
    for name, value in (("SCORE", "0"), ("MAXSCORE", f"{weight.normalize():f}")):
        outcome = ET.SubElement(item, "outcomeDeclaration", {"identifier": name} | _FLOAT)
        ET.SubElement(ET.SubElement(outcome, "defaultValue"), "value").text = value


def _set_score(parent: ET.Element, value: str) -> None:
    score = ET.SubElement(parent, "setOutcomeValue", identifier="SCORE")
    ET.SubElement(score, "baseValue", baseType="float").text = value


def _html(parent: ET.Element, html: str) -> None:
    """Our HTML as elements; QTI's has no styles, and fields are written as in XML."""
    for element in list(markup.tree(unmarked(html))):
        for one in element.iter():
            one.tag = "textEntryInteraction" if one.tag == "textentryinteraction" else one.tag
            if one.tag == "textEntryInteraction":
                one.attrib.clear()
                one.set("responseIdentifier", "RESPONSE")
                one.set("expectedLength", "12")
            for name in _STYLES if one.tag != "img" else ("style",):
                one.attrib.pop(name, None)
        parent.append(element)


def _test(name: str, title: str, items: Sequence[str]) -> ET.Element:
    """A problem as a test of its items."""
    test = rooted("assessmentTest", *_QTI, identifier=name, title=title)
    part = ET.SubElement(
        test, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="simultaneous"
    )
    section = ET.SubElement(part, "assessmentSection", identifier="section", title=title, visible="true")
    for ident in items:
        ET.SubElement(section, "assessmentItemRef", identifier=ident, href=f"../items/{ident}.xml")
    return test
