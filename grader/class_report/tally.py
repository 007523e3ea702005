"""Counting over a class: students, never sheets, so that nobody counts twice for one thing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from exercises.problems.questions import IN_WORDS
from grader.class_report.sheet_records import JUDGED, RIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from grader.class_report.sheet_records import LineRecord, SheetRecord

BINS = 10
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Threshold:
    """The smallest group that is spoken of: a number of students below `least` is only called small."""

    least: int

    def hides(self, count: int) -> bool:
        """Whether a number of students is too small to be printed; none at all is small too."""
        return count < self.least

    def say(self, count: int) -> str:
        """A number of students for print."""
        return f"fewer than {self.least}" if self.hides(count) else str(count)


@dataclass(frozen=True, slots=True)
class HistogramColumn:
    """How many students have a percentage from `low` up to `high`; a hundred belongs to the last column."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The percentages of the class under one way of marking.

    columns: from 0 to 100 without a gap, none of them a small group; empty where there would be a single one.
    median:  the middle.
    """

    columns: tuple[HistogramColumn, ...]
    median: float


@dataclass(frozen=True, slots=True)
class LinkLoss:
    """What one link of the chain rule cost the class.

    marks:    lost by broken steps.
    students: how many lost a mark so.
    blank:    marks lost by lines that were left empty.
    idle:     how many students left one empty.
    top:      code and name of the commonest mistake and how many made it; None where nobody is named.
    who:      those who lost a mark so, to be counted together with others and never to be printed.
    """

    link: str
    marks: float
    students: int
    blank: float
    idle: int
    top: tuple[str, str, int] | None
    who: frozenset[str]


@dataclass(frozen=True, slots=True)
class MistakeTally:
    """One mistake: who made it, on how many lines, and the clearest of them."""

    code: str
    name: str
    link: str
    students: int
    lines: int
    example: LineRecord


def students(sheets: Iterable[SheetRecord]) -> int:
    """How many students there are."""
    return len({sheet.student for sheet in sheets})


def in_words(sheets: Iterable[SheetRecord]) -> int:
    """How many students wrote in their own words what was done wrong in a worked solution."""
    return students(
        sheet
        for sheet in sheets
        if any(line.quantity == IN_WORDS and line.verdict != "missing" for line in sheet.lines)
    )


def marks(
    sheets: Sequence[SheetRecord], limit: Threshold, of: Callable[[SheetRecord], float]
) -> Marks | None:
    """How the class did under one way of marking; None for a class that is too small to be shown."""
    got: dict[str, float] = defaultdict(float)
    out_of: dict[str, float] = defaultdict(float)
    for sheet in sheets:
        got[sheet.student] += of(sheet)
        out_of[sheet.student] += sheet.out_of
    percents = [min(max(100 * got[s] / out_of[s], 0.0), 100.0) for s in got if out_of[s] > 0]
    if limit.hides(len(percents)):
        return None
    counts = [0] * BINS
    for percent in percents:
        counts[min(int(percent / 100 * BINS), BINS - 1)] += 1
    return Marks(_columns(counts, limit), median(percents))


def _columns(counts: Sequence[int], limit: Threshold) -> tuple[HistogramColumn, ...]:
    """Neighbouring bins put together until no column is a small group: as many columns as can be, and as even.

    As every student stands in a column that is shown, no total tells what a column hides.
    """
    step = 100 / len(counts)
    for number in range(len(counts), 1, -1):
        found = []
        for inner in combinations(range(1, len(counts)), number - 1):
            ends = [*pairwise((0, *inner, len(counts)))]
            held = [sum(counts[a:b]) for a, b in ends]
            if not any(map(limit.hides, held)):
                columns = tuple(
                    HistogramColumn(a * step, b * step, n) for (a, b), n in zip(ends, held, strict=True)
                )
                found.append((sum((b - a) ** 2 for a, b in ends), columns))
        if found:
            return min(found, key=lambda pair: pair[0])[1]
    return ()


def by_exercise(sheets: Iterable[SheetRecord]) -> list[list[SheetRecord]]:
    """The sheets of one exercise whose problems have the same lines together.

    Numbered exercises come in their order, others by the size of the group.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[SheetRecord]] = defaultdict(list)
    for sheet in sheets:
        groups[sheet.exercise, sheet.structure].append(sheet)
    return sorted(
        groups.values(), key=lambda group: (_number(group[0]), -students(group), group[0].structure)
    )


def _number(sheet: SheetRecord) -> int:
    """The exercise's number; 0 where it has none."""
    return int(sheet.exercise) if sheet.exercise.isdecimal() else 0


def lost_by_link(sheets: Iterable[SheetRecord]) -> list[LinkLoss]:
    """The links by what they cost, the dearest first."""
    lines: dict[str, list[tuple[str, LineRecord]]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.lines:
            lines[line.link].append((sheet.student, line))
    found = [_lost(link, written) for link, written in lines.items()]
    return sorted(found, key=lambda one: (-one.marks, -one.blank, one.link))


def _lost(link: str, lines: list[tuple[str, LineRecord]]) -> LinkLoss:
    """What one link cost, from its lines with their students."""
    wrong = [(who, line) for who, line in lines if line.verdict == "wrong"]
    blank = [(who, line) for who, line in lines if line.verdict == "missing" and line.out_of]
    lost = frozenset(who for who, line in wrong if line.lost)
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for who, line in wrong:
        if line.code:
            named[line.code, line.mistake].add(who)
    most = max(((len(who), pair) for pair, who in named.items()), default=None)
    return LinkLoss(
        link,
        sum(line.lost for _, line in wrong),
        len(lost),
        sum(line.lost for _, line in blank),
        len({who for who, _ in blank}),
        None if most is None else (*most[1], most[0]),
        lost,
    )


def mistakes(sheets: Iterable[SheetRecord]) -> list[MistakeTally]:
    """The mistakes that were named, the commonest first."""
    who: dict[str, set[str]] = defaultdict(set)
    lines: dict[str, list[LineRecord]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.lines:
            if line.code:
                who[line.code].add(sheet.student)
                lines[line.code].append(line)
    found = []
    for code, where in lines.items():
        # The clearest line, chosen by what is on it alone, so that its place among the sheets tells nothing.
        told = [line for line in where if not line.credit] or where  # not one that only points to another
        example = min(told, key=lambda line: (-line.probability, len(line.feedback), line.submitted))
        found.append(MistakeTally(code, example.mistake, example.link, len(who[code]), len(where), example))
    return sorted(found, key=lambda made: (-made.students, -made.lines, made.code))


def unexplained(sheets: Iterable[SheetRecord]) -> int:
    """How many students broke a step in a way that no catalogued mistake explains."""
    return len({s.student for s in sheets if any(n.verdict == "wrong" and not n.code for n in s.lines)})


def right_on(sheets: Iterable[SheetRecord]) -> dict[str, tuple[int, int]]:
    """For each line, how many students took its step rightly, and how many there was something to judge of.

    What bears no mark is no line that somebody could get.
    """
    got: dict[str, set[str]] = {}
    counted: dict[str, set[str]] = {}
    for sheet in sheets:
        for line in sheet.lines:
            if not line.out_of:
                continue
            got.setdefault(line.quantity, set()).update({sheet.student} if line.verdict in RIGHT else ())
            there = {sheet.student} if line.verdict in JUDGED | {"missing"} else ()
            counted.setdefault(line.quantity, set()).update(there)
    return {name: (len(who), len(counted[name])) for name, who in got.items()}


def broke(sheets: Iterable[SheetRecord], part_of: Mapping[str, Part]) -> dict[Part, tuple[int, int]]:
    """For each part, how many students broke one of its lines, and how many wrote one that could be judged.

    part_of: the part that each line belongs to, by name; other lines belong to none.
    """
    judged: dict[Part, set[str]] = {part: set() for part in part_of.values()}
    wrong: dict[Part, set[str]] = {part: set() for part in part_of.values()}
    for sheet in sheets:
        for line in sheet.lines:
            part = part_of.get(line.quantity)
            if part is not None and line.verdict in JUDGED:
                judged[part].add(sheet.student)
                if line.verdict == "wrong":
                    wrong[part].add(sheet.student)
    return {part: (len(wrong[part]), len(who)) for part, who in judged.items()}
