"""What a folder of results remembers: with it marks are recomputed from the stored answers, and from nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from exercises.common.files import write
from exercises.problems import problem_file
from exercises.problems.policy import Policy
from grader.course.people.course_problems import CourseProblems
from grader.course.people.manifest import Manifest, ManifestEntry
from grader.course.people.people import Roster, Student
from grader.course.placing.overrides import Override
from grader.course.placing.placed import Course, Decision, HandMark
from grader.course.work.sealed import DAMAGE

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "byhand course 1"
NAME = "course.json"


@dataclass(frozen=True)
class State:
    """A course with the choices under which it was graded.

    hints, paper, forms: as for `byhand grade`; forms are those of the feedback pages.
    canvas:              the gradebook and its column, if one was given.
    title:               of the set of problems; empty if nobody said.
    """

    course: Course
    overrides: tuple[Override, ...] = ()
    hints: bool = False
    paper: str = "a4"
    forms: tuple[str, ...] = ()
    canvas: tuple[str, str] | None = None
    title: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        course = self.course
        return {
            "format": FORMAT,
            "title": self.title,
            "hints": self.hints,
            "paper": self.paper,
            "feedback": list(self.forms),
            "canvas": self.canvas,
            "by_name": course.by_name,
            "open": course.roster.open,
            "roster": [asdict(student) for student in course.roster.students],
            "manifest": [asdict(entry) for entry in course.manifest.entries],
            "overrides": [one.as_json() for one in self.overrides],
            "settled": [list(asdict(one).values()) for one in course.settled],
            "marks": [list(asdict(one).values()) for one in course.marks],
            "policy": asdict(course.policy),
            "problems": course.known_problems.texts,
        }

    def save(self, out: Path, answers: str) -> None:
        """Write it into the folder of results, with the digest of the answers there. Raises FileError if that fails."""
        content = self.as_json() | {"answers": answers}
        write(out / NAME, json.dumps(content, ensure_ascii=False, indent=1) + "\n", secret=True)


def load(out: Path) -> State:
    """The state of a folder of results. Raises FileError if there is none."""
    path = out / NAME
    try:
        return from_json(_content(path), str(path))
    except DAMAGE:
        raise FileError(
            f"{path}: not what byhand grade wrote, or damaged; delete it and run byhand grade again, with --overrides "
            "if you had decided on single lines"
        ) from None


def answers(out: Path) -> str:
    """The digest of the answers from which the marks in a folder of results were made; empty if it is not known."""
    try:
        return str(_content(out / NAME).get("answers", ""))
    except DAMAGE:
        return ""


def _content(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(
            f"{path}: cannot be read ({error.strerror}); expected a folder that byhand grade wrote with --out"
        ) from None
    return content


def from_json(content: dict[str, Any], origin: str) -> State:
    """The state again. Raises one of `DAMAGE` if these are other values, ByhandError if its problems are none."""
    if content["format"] != FORMAT:
        raise ValueError(FORMAT)
    return _state(content, origin)


def _state(content: dict[str, Any], origin: str) -> State:
    known_problems = CourseProblems()
    for code, text in content["problems"].items():
        known_problems.put(code, problem_file.parse(text, origin), text, origin)
    course = Course(
        known_problems=known_problems,
        manifest=Manifest(tuple(ManifestEntry(**entry) for entry in content["manifest"])),
        roster=Roster(tuple(Student(**student) for student in content["roster"]), content["open"]),
        by_name=content["by_name"],
        settled=tuple(Decision(*row) for row in content["settled"]),
        marks=tuple(HandMark(*row) for row in content.get("marks", ())),
        policy=Policy(**content.get("policy", {})),
    )
    canvas = content["canvas"]
    return State(
        course,
        tuple(Override(**one) for one in content["overrides"]),
        content["hints"],
        content["paper"],
        tuple(content["feedback"]),
        (canvas[0], canvas[1]) if canvas else None,
        str(content.get("title", "")),
    )
