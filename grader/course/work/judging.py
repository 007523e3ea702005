"""Judging sheets in any process: problems and plain data in, lines of JSON out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from exercises.problems import problem_file
from grader.course.placing.answer_sheet import by_name
from grader.course.work.done_before import squeezed
from grader.course.work.within_share import judge_each, judge_table
from grader.feedback.report_lines import NOBODY
from grader.files.extraction.submission import LeftOver, Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

# The number of the problem, the code on the sheet, and what was read, as `AnswerSheet.as_read` has it.
Item = tuple[int, str, tuple[dict[str, str], tuple[str, ...], dict[str, str], list[tuple[str, str]], str]]


@lru_cache(maxsize=32)
def problem_of(text: str) -> Problem:
    """The problem of a problem file's text: that of every page of it, made once in a process."""
    return problem_file.parse(text, "problem")


def judge_sheets(
    problems: Sequence[Problem], items: Sequence[Item], table: str = "", *, hints: bool
) -> list[tuple[Any, bytes]]:
    """Judge sheets, each with its number among the problems, the code on it, and what was read of it.

    table: the file whose rows they are, which have the share of one file together; empty if each has one.

    Returns for each sheet a note, and its record, squeezed. A note is the score, what it is out of, the
    quantities whose answers could not be read, and the flags; or one sentence if the sheet broke the grader or
    cost too much.
    """
    known = [by_name(problem) for problem in problems]
    work = [(problems[n], _submission(known[n], *read)) for n, _, read in items]
    found = (judge_table if table else judge_each)(work, hints=hints)
    judged: list[tuple[Any, bytes]] = []
    for report, (_, code, *_) in zip(found, items, strict=True):
        if isinstance(report, str):
            judged.append((report, squeezed("")))
            continue
        unread = [answer.quantity for answer in report.unreadable]
        note = [report.score, report.out_of, unread, list(report.flags)]
        line = report.with_code(code).as_line()  # as printed, even if the key was corrected since
        judged.append((note, squeezed(line)))
    return judged


def _submission(  # noqa: PLR0913, PLR0917 - a sheet as plain data
    known: dict[str, Quantity],
    answers: dict[str, str],
    remarks: Sequence[str],
    places: dict[str, str],
    left_over: Sequence[tuple[str, str]],
    by: str,
) -> Submission:
    return Submission(
        NOBODY,
        "",
        {known[name]: typed for name, typed in answers.items() if name in known},
        remarks=tuple(remarks),
        places={known[name]: where for name, where in places.items() if name in known},
        left_over=tuple(LeftOver(text, where) for text, where in left_over),
        by=by,
    )
