"""Judging sheets under the cap: what costs more than its share, or breaks the grader, is for a person; no other suffers.

A share is a sheet's. Whoever hands in a table may write a class of students into it, though: where no roster tells that
they are any, they have the share of one file together.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from exercises.common.wording import without_addresses
from grader.answers.numbers import clean
from grader.feedback.report import grade_together
from grader.files.guarded import cap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.problems.problem import Problem
    from grader.feedback.report_records import Report
    from grader.files.extraction.submission import Reading, Submission

    Work = Sequence[tuple[Problem, Submission]]

FEW = 60  # sheets that one file may hold, such as a booklet's, each with a share of its own
EACH, ROOM = 0.2, 0.4  # seconds and megabytes more for each sheet that is judged together with others
TABLE = 5.0  # seconds of the processor in which rows of a table are begun; reading them took some too
TOO_COSTLY = "judging it takes more than {:.0f} s or {} MB; a person must look"
TOO_MANY = "not judged any more; so many rows are judged where a roster (--roster) tells whose they are"


def judge_each(work: Work, *, hints: bool) -> list[Report | str]:
    """A report of each sheet, in order; one sentence where there can be none."""
    try:
        with cap.capped(cap.SECONDS + EACH * (len(work) - 1), ROOM * len(work)):
            return [*grade_together(work, hints=hints)]
    except cap.TooCostlyError:
        why = TOO_COSTLY.format(cap.SECONDS, cap.MEGABYTES)
    except Exception as error:  # noqa: BLE001 - one sheet must not take the others with it
        told = f"{type(error).__name__}: {without_addresses(error)}"
        why = clean(f"byhand stumbled over this sheet ({told}); please report it", 300)
    if len(work) == 1:
        return [why]
    half = len(work) // 2
    return [*judge_each(work[:half], hints=hints), *judge_each(work[half:], hints=hints)]


def judge_table(work: Work, *, hints: bool, spent: float = 0.0) -> list[Report | str]:
    """The same for the sheets of one file, which have one share together if they are many.

    spent: seconds of the processor that reading the file took.
    """
    if len(work) <= FEW:
        return judge_each(work, hints=hints)
    found: list[Report | str] = []
    for part in _portions(work, min(TABLE, cap.SECONDS - spent)):
        found += judge_each(part, hints=hints)
    return [*found, *[TOO_MANY] * (len(work) - len(found))]


def judge_reading(problem: Problem, reading: Reading, *, hints: bool) -> list[Report]:
    """A report of each sheet that was read for one problem. What cannot be judged is taken out, and complained about."""
    work = [(problem, submission) for submission in reading.submissions]
    found: dict[int, Report | str] = {}
    start = 0
    for count, spent in reading.held:
        own, start = range(start, start + count), start + count
        if count > FEW:
            found |= zip(own, judge_table([work[n] for n in own], hints=hints, spent=spent), strict=True)
    rest = [n for n in range(len(work)) if n not in found]
    found |= zip(rest, judge_each([work[n] for n in rest], hints=hints) if rest else (), strict=True)
    broken = {n: why for n in range(len(work)) if isinstance(why := found[n], str)}
    for n, why in broken.items():
        if why != TOO_MANY or broken.get(n - 1) != TOO_MANY:
            reading.complaints.append(f"{clean(reading.submissions[n].origin, 200)}: {why}")
    first = len(work) - len(reading.on_paper)
    reading.on_paper = [one for n, one in enumerate(reading.on_paper, first) if n not in broken]
    reading.submissions = [one for n, one in enumerate(reading.submissions) if n not in broken]
    return [report for n in range(len(work)) if not isinstance(report := found[n], str)]


def _portions(work: Work, left: float) -> Iterator[Work]:
    """Sheets to be judged at once: as many as the time of the last ones says, for half of the time that is left."""
    done, size = 0, FEW
    while done < len(work) and (left > 0 or not done):
        begun = time.process_time()
        yield work[done : done + size]
        spent = time.process_time() - begun
        done, left = done + size, left - spent
        size = max(FEW, int(left / 2 * size / max(spent, 1e-3)))
