"""Judging everything that was read: each sheet once, and never again as long as nothing about it changes."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from exercises.common.wording import listed
from exercises.problems.questions import IN_WORDS
from grader.answers.numbers import clean
from grader.course.placing import overrides
from grader.course.placing.by_hand import resolve as resolve_marks
from grader.course.placing.matching import place
from grader.course.placing.placed import SheetStatus
from grader.course.results.records import Record, Results, in_order
from grader.course.results.unsettled import (
    FEW,
    HALF,
    HANDWRITING,
    LATE,
    LOOKED,
    OTHERS,
    WORDS,
    Unsettled,
    graded_here,
    still_open,
    unsettled,
)
from grader.course.work import judging
from grader.course.work.done_before import JUDGED, key
from grader.course.work.engine import CHUNK, Engine
from grader.course.work.other_keys import PlainNumbers, plain_numbers, whose
from grader.course.work.sealed import is_judgement
from grader.course.work.within_share import FEW as A_TABLE
from grader.feedback.earning import LOOK
from grader.feedback.report_lines import addressed
from grader.feedback.report_records import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from exercises.problems.problem import Problem
    from grader.course.placing.answer_sheet import AnswerSheet, HandedIn
    from grader.course.placing.by_hand import ByHand
    from grader.course.placing.overrides import Decided, Override
    from grader.course.placing.placed import Course, Placed
    from grader.course.work.done_before import Store

NAMED = 3  # owners of a problem that are named


def judge(
    engine: Engine, course: Course, handed: Sequence[HandedIn], decisions: Sequence[Override]
) -> Results:
    """Place and judge every sheet; the decisions of people win. Raises ByhandError for a decision about nothing.

    Sheets with the same answers to the same problem are judged once.
    """
    placed = place(course, handed)
    decided, said = overrides.resolve(course, decisions, placed)
    by_hand, told = resolve_marks(course, graded_here(course, placed))
    counting = in_order(course, placed)
    keys = [_key(course, one, hints=engine.hints) for one in counting]
    sheets = Counter(keys)
    notes = _judged_before(engine.store, sheets)
    done = engine.stages.add("judging", len(counting))
    first = dict(zip(reversed(keys), reversed(counting), strict=True))
    todo = [own for own in sheets if own not in notes]
    done(len(counting) - sum(sheets[own] for own in todo))
    chunks, tables = _chunks(course, [(own, first[own]) for own in todo], engine.width)
    calls = (
        (*_call(course, [first[own] for own in chunk]), *tables[number : number + 1])
        for number, chunk in enumerate(chunks)
    )
    for number, found in engine.run(partial(judging.judge_sheets, hints=engine.hints), calls):
        judged = list(zip(chunks[number], found, strict=True))
        engine.store.put(JUDGED, ((own, note, line) for own, (note, line) in judged))
        notes.update((own, note) for own, (note, _) in judged)
        done(sum(sheets[own] for own in chunks[number]))
    lines = [
        (one, notes[own], partial(_line, engine.store, own, one))
        for one, own in zip(counting, keys, strict=True)
    ]
    return replace(_results(course, placed, lines, decided, by_hand), said=(*said, *told))


def _chunks(
    course: Course, todo: Sequence[tuple[str, Placed]], width: int
) -> tuple[list[list[str]], list[str]]:
    """The keys of sheets that are judged at once; and the files of the first chunks, tables of nobody knows whom."""
    kinds = course.known_problems.kinds()
    of_file: dict[str, list[str]] = {}
    for own, one in todo if course.roster.open else ():
        of_file.setdefault(one.sheet.file, []).append(own)
    tables = {file: owns for file, owns in of_file.items() if len(owns) > A_TABLE}
    taken = {own for owns in tables.values() for own in owns}
    rest = sorted((item for item in todo if item[0] not in taken), key=lambda item: kinds[item[1].code])
    size = min(max(-(-len(rest) // width), CHUNK[0]), CHUNK[1])
    return [
        *tables.values(),
        *([own for own, _ in rest[start : start + size]] for start in range(0, len(rest), size)),
    ], list(tables)


def _judged_before(store: Store, keys: Iterable[str]) -> dict[str, Any]:
    """The notes of those sheets that need not be judged again."""
    found = ((own, kept) for own in keys if (kept := store.get(JUDGED, own)) is not None)
    return {own: kept[0] for own, kept in found if is_judgement(*kept)}


def _key(course: Course, one: Placed, *, hints: bool) -> str:
    """What a judgement follows from; not from who the student is."""
    return key(course.known_problems.texts[one.code], one.code, one.sheet.as_read, hints)


def _call(course: Course, chunk: Sequence[Placed]) -> tuple[list[Problem], list[judging.Item]]:
    """The problems and the sheets of a chunk."""
    number = {code: n for n, code in enumerate(dict.fromkeys(one.code for one in chunk))}
    items = [(number[one.code], one.code, one.sheet.as_read) for one in chunk]
    return [course.known_problems.problems[code] for code in number], items


def _results(
    course: Course,
    placed: list[Placed],
    judged: Sequence[tuple[Placed, Any, Callable[[], str]]],
    decided: Decided,
    by_hand: ByHand,
) -> Results:
    records: list[Record] = []
    looks: list[Unsettled] = []
    broken: dict[tuple[str, str], str] = {}
    for one, note, content in judged:
        if isinstance(note, str):
            broken[one.sheet.file, one.sheet.place] = note
            continue
        record = _record(course, one, note, content, decided)
        mark = by_hand.get((record.student, one.exercise))
        records.append(record if mark is None else replace(record, by_hand=mark.points))
    records = _compared(course, records)
    for record in records:
        looks += _to_look_at(record, course)
    placed = [
        replace(one, status=SheetStatus.UNREAD, note=broken[where])
        if (where := (one.sheet.file, one.sheet.place)) in broken and one.status is SheetStatus.GRADED
        else one
        for one in placed
    ]
    matters = still_open((*unsettled(course, placed), *looks), by_hand, graded_here(course, placed))
    return Results(course, tuple(placed), tuple(records), tuple(matters), by_hand)


def _record(
    course: Course, one: Placed, note: list[Any], content: Callable[[], str], decided: Decided
) -> Record:
    score, out_of, unread, flags = note
    changed: list[str] = []
    assert one.student is not None  # noqa: S101 - only sheets with a student are graded
    mine = decided.get((one.student.id or one.student.name, one.code))
    if mine:
        judged = Report.from_json(json.loads(content()))
        report, changed = overrides.apply(judged, mine, course.known_problems.problems[one.code])
        score, out_of = report.score, report.out_of
        unread = [answer.quantity for answer in report.unreadable]
        content = report.as_line
    points = course.points(one.student, one.exercise)
    share = course.policy.share(one.late)
    if one.sheet.has_fewer(course.policy.least_lines):
        share = 0.0
    return Record(
        one,
        score,
        out_of,
        out_of if points is None else points,
        tuple(unread),
        tuple(changed),
        content,
        tuple(flags),
        share=share,
    )


def _compared(course: Course, records: Sequence[Record]) -> list[Record]:
    """The records, each sheet that is mostly wrong compared with the keys of the other problems of the course."""
    doubtful = [n for n, record in enumerate(records) if 2 * record.score < record.out_of]
    sheets = [
        PlainNumbers(records[n].placed.code, plain_numbers(dict(records[n].placed.sheet.answers)))
        for n in doubtful
    ]
    out = list(records)
    for n, likeness in zip(doubtful, whose(sheets, course.known_problems.problems), strict=True):
        out[n] = replace(out[n], likeness=likeness)
    return out


def _line(store: Store, own: str, one: Placed) -> str:
    """A record with the student's name in it."""
    kept = store.get(JUDGED, own)
    if kept is None:
        raise FileError(f"{store.where}: results are gone that were there a moment ago; run it again")
    return addressed(kept[1], one.student.name if one.student is not None else "")


def _to_look_at(record: Record, course: Course) -> Iterator[Unsettled]:
    """What a person should look at on a sheet: lines without a mark yet, a mark in doubt, what is written in words."""
    one = record.placed
    problem = course.known_problems.problems[one.code]
    for name, words in _in_words(record) if problem.kind.solution else ():
        yield Unsettled(
            WORDS, f"“{words}”", one.sheet.file, one.sheet.place, one.student, one.exercise, one.code, name
        )
    for name in record.unread:
        yield Unsettled(
            *_unread(one.sheet, name),
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code, name,
        )  # fmt: skip
    if one.sheet.doubt:
        text, where = one.sheet.left_over[0]
        yield Unsettled(
            HALF, f"{one.sheet.doubt}, such as “{clean(text, 60)}” ({where}); no mark for it until a person has looked",
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )  # fmt: skip
    elif LOOK in record.flags:
        yield Unsettled(
            LOOKED, "wrong numbers that were only copied, or other numbers than the problem's, leave nothing to do on this "
            "sheet, and earn nothing; a person should look at its mark",
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )  # fmt: skip
    if record.likeness is not None:
        like = record.likeness
        owners = {entry.student_name or entry.student_id for entry in course.manifest.owners(like.code)}
        named = f" ({listed(sorted(owners))})" if 0 < len(owners) <= NAMED else ""
        yield Unsettled(
            OTHERS, f"{like.same} of {like.of} numbers are those of {like.code}{named}; the student is not told",
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )  # fmt: skip
    left = course.policy.share(one.late)
    if one.sheet.has_fewer(course.policy.least_lines):
        hold = "line holds" if one.sheet.answered == 1 else "lines hold"
        yield Unsettled(
            FEW, f"{one.sheet.answered} {hold} an answer, of {course.policy.least_lines} at least; it earns nothing",
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )  # fmt: skip
    elif left < 1:
        yield Unsettled(
            LATE, f"{one.late} {'day' if one.late == 1 else 'days'} late; {round(100 * left, 2):g} % of it count",
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )  # fmt: skip
    if not record.out_of:
        yield Unsettled(
            "nothing counted", "no line of this sheet could be judged",
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )  # fmt: skip


def _unread(sheet: AnswerSheet, name: str) -> tuple[str, str]:
    """What is the matter with an answer that could not be read, and what to do."""
    if name not in sheet.read:
        return "unreadable", "an answer that could not be read; an override decides it"
    return HANDWRITING, "not read for certain; read it on the review page (review.html)"


def _in_words(record: Record) -> Iterator[tuple[str, str]]:
    """What is written in boxes that are kept for a person, with their names."""
    for answer in Report.from_json(json.loads(record.content())).answers:
        if answer.quantity == IN_WORDS and answer.submitted:
            yield answer.quantity, answer.submitted
