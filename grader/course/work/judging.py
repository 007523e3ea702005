"""Judging sheets in any process: problems and plain data in, lines of JSON out."""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from exercises.problems import problem_file
from grader.course.placing.answer_sheet import by_name
from grader.feedback.report import grade_together
from grader.files.extraction.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

# The number of the problem, the code on the sheet, the answers by name, remarks.
Item = tuple[int, str, dict[str, str], tuple[str, ...]]
NOBODY = "@"  # stands for the student: a judgement does not depend on who it is


@lru_cache(maxsize=32)
def problem_of(text: str) -> Problem:
    """The problem of a problem file's text: that of every page of it, made once in a process."""
    return problem_file.parse(text, "problem")


def judge_sheets(
    problems: Sequence[Problem], items: Sequence[Item], *, hints: bool
) -> tuple[list[Any], bytes]:
    """Judge sheets, each with its number among the problems, the code on it, and its answers.

    Returns a note for each sheet, and the records, compressed, a line each. A note is the score, what it is out
    of, and the quantities whose answers could not be read; or one sentence if the sheet broke the grader.
    """
    known = [by_name(problem) for problem in problems]
    work = [(problems[n], _submission(known[n], answers, remarks)) for n, _, answers, remarks in items]
    try:
        found: list[Any] = [report.content for report in grade_together(work, hints=hints)]
    except Exception:  # noqa: BLE001 - one sheet must not take the others with it
        found = [_alone(one, hints=hints) for one in work]
    notes: list[Any] = []
    lines = []
    for content, (_, code, *_) in zip(found, items, strict=True):
        if isinstance(content, str):
            notes.append(content)
            lines.append("")
            continue
        content["code"] = code  # as printed, even if the key was corrected since
        unread = [a["quantity"] for a in content["answers"] if a["verdict"] == "unreadable"]
        notes.append([content["score"], content["out_of"], unread])
        lines.append(json.dumps(content, ensure_ascii=False))
    return notes, zlib.compress("\n".join(lines).encode(), 1)


def _alone(work: tuple[Problem, Submission], *, hints: bool) -> dict[str, Any] | str:
    try:
        return grade_together([work], hints=hints)[0].content
    except Exception as error:  # noqa: BLE001 - see above
        return f"byhand stumbled over this sheet ({type(error).__name__}: {error}); please report it"


def _submission(known: dict[str, Quantity], answers: dict[str, str], remarks: Sequence[str]) -> Submission:
    texts = {known[name]: typed for name, typed in answers.items() if name in known}
    return Submission(NOBODY, "", texts, remarks=tuple(remarks))
