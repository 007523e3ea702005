"""Decisions of a person on single lines: they win over the judgement, are shown as such, and survive regrading."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from exercises.common.errors import ByhandError, FileError
from exercises.common.wording import nearest
from grader.answers.names import Names
from grader.answers.numbers import clean
from grader.course.people.csv_tables import rows_of, shown, toml_of
from grader.course.people.manifest import CODE
from grader.course.placing.answer_sheet import by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from exercises.problems.problem import Problem
    from grader.course.people.people import Roster, Student
    from grader.course.placing.placed import Course, Placed
    from grader.feedback.report_records import Answer, Report

VERDICTS = ("correct", "follows", "wrong", "missing", "unreadable", "not-assessed")
_FIELDS = ("student", "code", "quantity", "credit", "verdict", "remark")
_EXPECTED = "overrides with student, code, quantity, credit and/or verdict, remark"
_EARNS = ("correct", "follows")
_LISTED = 8  # problems of one student


@dataclass(frozen=True, slots=True)
class Override:
    """One decision.

    student:  id or name. code: the problem's; empty if the student has but one. quantity: as the sheet names it.
    credit:   marks for the line; None if they follow from the verdict.
    verdict:  empty if it stays.
    remark:   for the student.
    origin:   the file and the place, for messages.
    """

    student: str
    code: str
    quantity: str
    credit: float | None = None
    verdict: str = ""
    remark: str = ""
    origin: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def read_overrides(path: Path) -> list[Override]:
    """The decisions in a file: TOML with tables [[override]], or CSV. Raises FileError with every fault."""
    if path.suffix.lower() == ".toml":
        content = toml_of(path, _EXPECTED)
        tables = content.get("override", [])
        if not isinstance(tables, list) or set(content) - {"override"}:
            raise FileError(f"{path}: expected tables [[override]]")
        if not all(isinstance(table, dict) for table in tables):
            raise FileError(
                f"{path}: override holds something that is no table; expected tables [[override]]"
            )
        rows = [(f"{path}, override {n}", table) for n, table in enumerate(tables, 1)]
    else:
        rows = _csv(path)
    faults: list[str] = []
    found = [_override(origin, table, faults) for origin, table in rows]
    if faults:
        raise FileError(*faults)
    return [one for one in found if one is not None]


def _csv(path: Path) -> list[tuple[str, dict[str, Any]]]:
    numbered = rows_of(path, _EXPECTED)
    names = (
        [{"student_id": "student"}.get(h := cell.strip().casefold(), h) for cell in numbered[0][1]]
        if numbered
        else []
    )
    if "student" not in names or "quantity" not in names:
        raise FileError(f"{path}: no header with {', '.join(_FIELDS)}")
    return [
        (
            f"{path}, row {number}",
            {name: cell for name, cell in zip(names, row, strict=False) if cell.strip()},
        )
        for number, row in numbered[1:]
    ]


def _override(origin: str, table: dict[str, Any], faults: list[str]) -> Override | None:
    before = len(faults)
    faults += [
        f"{origin}: {clean(str(name), 40)} is unknown; {nearest(str(name), _FIELDS)}"
        for name in table
        if name not in _FIELDS
    ]
    text = {name: clean(str(table.get(name, "")), 400) for name in _FIELDS}
    faults += [f"{origin}: no {name}" for name in ("student", "quantity") if not text[name]]
    if text["verdict"] and text["verdict"] not in VERDICTS:
        faults.append(
            f"{origin}: verdict “{text['verdict']}” is unknown; {nearest(text['verdict'], VERDICTS)}"
        )
    if not text["verdict"] and not text["credit"]:
        faults.append(f"{origin}: neither a credit nor a verdict")
    try:
        credit = float(text["credit"].replace(",", ".")) if text["credit"] else None
    except ValueError:
        credit = -1.0
    if credit is not None and not 0 <= credit < float("inf"):
        faults.append(f"{origin}: credit “{text['credit']}” is no number of marks")
    if len(faults) > before:
        return None
    code = text["code"].upper()
    return Override(text["student"], code, text["quantity"], credit, text["verdict"], text["remark"], origin)


Decided = dict[tuple[str, str], dict[str, Override]]  # by student's id and code, then by canonical name


def resolve(
    course: Course, overrides: Iterable[Override], placed: Sequence[Placed]
) -> tuple[Decided, tuple[str, ...]]:
    """Find the student, the problem and the line that each decision means; and what is to be said of those passed over.

    Whoever has left the course is passed over, and so is nobody else. Raises ByhandError with every decision that
    means none, and the nearest known name.
    """
    from grader.course.people.people import Roster

    graded = [one for one in placed if one.status == "graded" and one.student is not None]
    everybody = list(course.roster.students) or [one.student for one in graded if one.student is not None]
    roster = Roster(tuple(dict.fromkeys(everybody)))
    there = {(one.student, one.code) for one in graded}
    found: Decided = {}
    faults: list[str] = []
    said: list[str] = []
    for one in overrides:
        students = roster.called(one.student)
        if not students and not (close := _misspelt(one.student, roster)):
            said.append(f"{one.origin}: “{one.student}” is no student of this course any more; passed over")
            continue
        if len(students) != 1:
            fits = " and ".join(s.shown for s in students)
            more = f"fits {fits}; use the id" if fits else f"is no student of this course; {close}"
            faults.append(f"{one.origin}: “{one.student}” {more}")
            continue
        target = _target(course, one, students[0], graded)
        if isinstance(target, str):
            faults.append(f"{one.origin}: {target}")
            continue
        who, name = target
        lines = found.setdefault(who, {})
        if name in lines:
            faults.append(f"{one.origin}: {name} is decided already by {lines[name].origin}")
        lines[name] = one
        if (students[0], who[1]) not in there:
            said.append(
                f"{one.origin}: {students[0].shown} has no sheet of {who[1]} that counts; it decides nothing"
            )
    if faults:
        raise ByhandError(*faults)
    return found, tuple(said)


def _misspelt(written: str, roster: Roster) -> str:
    """Whom a name is likely to mean that is not quite one of the roster; an ID that is near another is another."""
    close = "" if any(c.isdigit() for c in written) else roster.suggestion(written)
    return close if close.startswith("did you mean") else ""


def _target(
    course: Course, one: Override, student: Student, graded: Sequence[Placed]
) -> tuple[tuple[str, str], str] | str:
    codes = list(
        dict.fromkeys([*course.manifest.own(student), *(p.code for p in graded if p.student == student)])
    )
    if not one.code and len(codes) != 1:
        several = ", ".join(f"{code} (exercise {course.exercise(student, code)})" for code in codes[:_LISTED])
        more = " …" if len(codes) > _LISTED else ""
        have = f"several problems: {several}{more}; give the code of one" if codes else "none"
        return f"no code, and {student.shown} has {have}"
    code = one.code or codes[0]
    if code not in codes:
        wrong = "" if CODE.fullmatch(code) else " (no problem code)"
        return f"{student.shown} has no problem {code}{wrong}; {nearest(code, codes)}"
    problem = course.known_problems.problems.get(code)
    if problem is None:
        return f"no key of problem {code}"
    lines = by_name(problem)
    name = one.quantity if one.quantity in lines else next(
        (n for n, q in lines.items() if q == Names(problem).find(one.quantity)), ""
    )  # fmt: skip
    if not name:
        return f"“{one.quantity}” is no line of {code}; {nearest(one.quantity, lines)}"
    full = _weight(problem, name)
    if one.credit is not None and one.credit > full:
        return f"credit {shown(one.credit)} is more than the {shown(full)} that {name} of {code} is worth"
    return (student.id or student.name, code), name


def _weight(problem: Problem, name: str) -> float:
    """What a line is worth by the marking scheme; a question that is about no line counts 1."""
    step = next((s for s in problem.graph.steps if s.quantity.name == name), None)
    asked = next((q.asks_for for q in problem.questions if q.name == name), None)
    step = step or problem.graph.by_quantity.get(asked) if asked is not None else step
    return float(problem.marking.of(step)) if step is not None else 1.0


def apply(report: Report, decided: dict[str, Override], problem: Problem) -> tuple[Report, list[str]]:
    """A report with the decisions put in, and the lines that they change.

    Raises ByhandError for a decision on a line that is not on the sheet.
    """
    answers, changed, remarks = [], [], []
    for answer in report.answers:
        one = decided.get(answer.quantity)
        if one is not None:
            changed.append(answer.quantity)
            answer = _decided(answer, one, _weight(problem, answer.quantity))  # noqa: PLW2901 - the same answer
            remarks.append(_said(answer, one))
        answers.append(answer)
    absent = [one for name, one in decided.items() if name not in changed]
    if absent:
        raise ByhandError(
            *(
                f"{one.origin}: {one.quantity} is not asked for on the sheet of {one.student}"
                for one in absent
            )
        )
    if not changed:
        return report, changed
    return report.with_answers(answers, _strict(report, answers)).with_remarks(remarks), changed


def _strict(report: Report, answers: Sequence[Answer]) -> float:
    """The mark by the key alone, which no decision changes: only a line that counts no more goes out of it."""
    gone = sum(
        a.overruled.out_of
        for a in answers
        if a.overruled is not None and not a.out_of and a.overruled.verdict == "correct"
    )
    agreed = report.convention is None  # else not every right line is right by the key
    return min(report.strict_score - (gone if agreed else 0.0), sum(a.out_of for a in answers))


def _decided(answer: Answer, one: Override, weight: float) -> Answer:
    verdict = one.verdict or answer.verdict
    out_of = 0.0 if one.verdict == "not-assessed" else weight
    earned = weight if verdict in _EARNS else 0.0
    decided = answer.with_decision(
        verdict,
        min(one.credit if one.credit is not None else earned, out_of),
        out_of,
        remark=one.remark,
        told=f"A person decided this line: {one.remark or one.verdict or 'see the mark'}",
    )
    return decided.without_mistakes() if one.verdict and one.verdict != "wrong" else decided


def _said(answer: Answer, one: Override) -> str:
    marks = f"{shown(answer.credit)} of {shown(answer.out_of)}"
    said = f"{answer.label}: {marks}, decided by a person{': ' + one.remark if one.remark else ''}"
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."
