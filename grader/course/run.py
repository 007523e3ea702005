"""Judging everything that was read: each sheet once, and never again as long as nothing about it changes."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from grader.course.placing import overrides
from grader.course.placing.matching import place
from grader.course.placing.placed import SheetStatus
from grader.course.results.records import Record, Results, in_order
from grader.course.results.unsettled import Unsettled, unsettled
from grader.course.work import judging
from grader.course.work.done_before import Store, key
from grader.course.work.engine import CHUNK, Engine
from grader.course.work.sealed import is_judgement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exercises.problems.problem import Problem
    from grader.course.placing.answer_sheet import HandedIn
    from grader.course.placing.overrides import Decided, Override
    from grader.course.placing.placed import Course, Placed


def judge(
    engine: Engine, course: Course, handed: Sequence[HandedIn], decisions: Sequence[Override]
) -> Results:
    """Place and judge every sheet; the decisions of people win. Raises ByhandError for a decision about nothing.

    Sheets with the same answers to the same problem are judged once.
    """
    placed = place(course, handed)
    decided = overrides.resolve(course, decisions, placed)
    counting = in_order(course, placed)
    store = Store(engine.out, "judged")
    keys = [_key(course, one, hints=engine.hints) for one in counting]
    engine.used["judged"] = keys
    sheets = Counter(keys)
    done = engine.stages.add("judging", len(counting))
    first = dict(zip(reversed(keys), reversed(counting), strict=True))
    todo = [own for own in sheets if own not in store or not is_judgement(store.note(own), store.line(own))]
    done(len(counting) - sum(sheets[own] for own in todo))
    kinds = course.known_problems.kinds()
    todo.sort(key=lambda own: kinds[first[own].code])
    size = min(max(-(-len(todo) // engine.width), CHUNK[0]), CHUNK[1])
    chunks = [todo[start : start + size] for start in range(0, len(todo), size)]
    calls = (_call(course, [first[own] for own in chunk]) for chunk in chunks)
    for number, (notes, body) in engine.run(partial(judging.judge_sheets, hints=engine.hints), calls):
        store.put(chunks[number], notes, body)
        done(sum(sheets[own] for own in chunks[number]))
    return _results(course, placed, list(zip(counting, keys, strict=True)), store, decided)


def _key(course: Course, one: Placed, *, hints: bool) -> str:
    """What a judgement follows from; not from who the student is."""
    return key(
        course.known_problems.texts[one.code], one.code, dict(one.sheet.answers), one.sheet.remarks, hints
    )


def _call(course: Course, chunk: Sequence[Placed]) -> tuple[list[Problem], list[judging.Item]]:
    """The problems and the sheets of a chunk."""
    number = {code: n for n, code in enumerate(dict.fromkeys(one.code for one in chunk))}
    items = [(number[one.code], one.code, dict(one.sheet.answers), one.sheet.remarks) for one in chunk]
    return [course.known_problems.problems[code] for code in number], items


def _results(
    course: Course,
    placed: list[Placed],
    counting: Sequence[tuple[Placed, str]],
    store: Store,
    decided: Decided,
) -> Results:
    records: list[Record] = []
    looks: list[Unsettled] = []
    broken: dict[tuple[str, str], str] = {}
    for one, own in counting:
        note = store.note(own)
        if isinstance(note, str):
            broken[one.sheet.file, one.sheet.place] = note
            continue
        record = _record(course, one, note, partial(_line, store, own, one), decided)
        records.append(record)
        looks += _to_look_at(record)
    placed = [
        replace(one, status=SheetStatus.UNREAD, note=broken[where])
        if (where := (one.sheet.file, one.sheet.place)) in broken and one.status is SheetStatus.GRADED
        else one
        for one in placed
    ]
    return Results(course, tuple(placed), tuple(records), (*unsettled(course, placed), *looks))


def _record(
    course: Course, one: Placed, note: list[Any], content: Callable[[], str], decided: Decided
) -> Record:
    score, out_of, unread = note
    changed: list[str] = []
    assert one.student is not None  # noqa: S101 - only sheets with a student are graded
    mine = decided.get((one.student.id or one.student.name, one.code))
    if mine:
        line, changed = overrides.apply(content(), mine, course.known_problems.problems[one.code])
        found = json.loads(line)
        score, out_of = found["score"], found["out_of"]
        unread = [a["quantity"] for a in found["answers"] if a["verdict"] == "unreadable"]
        content = partial(str, line)
    points = course.points(one.student, one.exercise)
    return Record(
        one, score, out_of, out_of if points is None else points, tuple(unread), tuple(changed), content
    )


def _line(store: Store, own: str, one: Placed) -> str:
    """A record with the student's name in it."""
    line = store.line(own)
    if line is None:
        raise FileError(f"{store.folder}: results are gone that were there a moment ago; run it again")
    name = one.student.name if one.student is not None else ""
    return line.replace(
        f'"student": "{judging.NOBODY}"', f'"student": {json.dumps(name, ensure_ascii=False)}', 1
    )


def _to_look_at(record: Record) -> Iterator[Unsettled]:
    """The lines of a sheet that have no mark yet."""
    one = record.placed
    for name in record.unread:
        yield Unsettled(
            "unreadable", "an answer that could not be read; an override decides it",
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code, name,
        )  # fmt: skip
    if not record.out_of:
        yield Unsettled(
            "nothing counted", "no line of this sheet could be judged",
            one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )  # fmt: skip
