"""What stands around the quizzes of a Canvas package: its table of contents, and the settings of each quiz."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

_PACKAGE = {
    "identifier": "byhand-manifest",
    "xmlns": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1 "
    "http://www.imsglobal.org/xsd/imscp_v1p1.xsd",
}
_QUIZ = {
    "xmlns": "http://canvas.instructure.com/xsd/cccv1p0",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://canvas.instructure.com/xsd/cccv1p0 "
    "https://canvas.instructure.com/xsd/cccv1p0.xsd",
}
_ITEMS = "imsqti_xmlv1p2"
_SETTINGS = "associatedcontent/imscc_xmlv1p1/learning-application-resource"


def xml(root: ET.Element) -> bytes:
    """An XML file."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def manifest(quizzes: Sequence[tuple[str, str]]) -> bytes:
    """The table of contents: each quiz by its name, its settings, and the path of its drawing."""
    root = ET.Element("manifest", _PACKAGE)
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "IMS Content"
    ET.SubElement(metadata, "schemaversion").text = "1.1.3"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    for name, image in quizzes:
        items = _resource(resources, name, _ITEMS, f"{name}/{name}.xml")
        ET.SubElement(items, "dependency", identifierref=f"{name}-settings")
        settings = f"{name}/assessment_meta.xml"
        _resource(resources, f"{name}-settings", _SETTINGS, settings).set("href", settings)
        _resource(resources, f"{name}-drawing", "webcontent", image).set("href", image)
    return xml(root)


def _resource(parent: ET.Element, identifier: str, kind: str, path: str) -> ET.Element:
    resource = ET.SubElement(parent, "resource", identifier=identifier, type=kind)
    ET.SubElement(resource, "file", href=path)
    return resource


def quiz(name: str, title: str, marks: Decimal) -> bytes:
    """The settings of a quiz: as Canvas writes them for a graded quiz that is not yet published."""
    root = ET.Element("quiz", {"identifier": name} | _QUIZ)
    settings = {
        "title": title,
        "description": "",
        "shuffle_answers": "false",
        "scoring_policy": "keep_highest",
        "hide_results": "",
        "quiz_type": "assignment",
        "points_possible": f"{marks.normalize():f}",
        "show_correct_answers": "true",
        "anonymous_submissions": "false",
        "could_be_locked": "false",
        "allowed_attempts": "1",
        "one_question_at_a_time": "false",
        "cant_go_back": "false",
        "available": "false",
    }
    for tag, value in settings.items():
        ET.SubElement(root, tag).text = value
    return xml(root)
