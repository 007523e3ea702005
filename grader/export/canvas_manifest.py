"""What stands around the quizzes of a Canvas package: its table of contents, and the settings of each quiz."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from grader.export.packages import PackageForm, PackageResource, manifest, rooted, xml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

_PACKAGE = PackageForm(
    "byhand-manifest",
    "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1",
    "http://www.imsglobal.org/xsd/imscp_v1p1.xsd",
    "IMS Content",
    "1.1.3",
)
_QUIZ = "http://canvas.instructure.com/xsd/cccv1p0", "https://canvas.instructure.com/xsd/cccv1p0.xsd"
_ITEMS = "imsqti_xmlv1p2"
_SETTINGS = "associatedcontent/imscc_xmlv1p1/learning-application-resource"


def contents(quizzes: Sequence[tuple[str, Mapping[str, str]]]) -> bytes:
    """The table of contents: each quiz by its name, its settings, and its drawings by name with their paths."""
    resources = []
    for name, drawings in quizzes:
        settings = f"{name}-settings"
        resources += [
            PackageResource(name, _ITEMS, f"{name}/{name}.xml", (settings,), begun=False),
            PackageResource(settings, _SETTINGS, f"{name}/assessment_meta.xml"),
            *(PackageResource(drawing, "webcontent", path) for drawing, path in drawings.items()),
        ]
    return xml(manifest(_PACKAGE, resources), indented=True)


def quiz(name: str, title: str, marks: Decimal) -> bytes:
    """The settings of a quiz: as Canvas writes them for a graded quiz that is not yet published."""
    root = rooted("quiz", *_QUIZ, identifier=name)
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
    return xml(root, indented=True)
