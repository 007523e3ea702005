"""Like lines that are wrong in one and the same way, though no known mistake gives it: a factor, or what was added.

A learning rate a tenth as large, or a share of each old weight taken off, is one mistake however often it
shows. A rule has one free number; it counts where several lines agree on it that could hardly do so by chance.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Link
from grader.diagnosis.explanation import Explanation, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.judging.verdict import Judgement

LEAST = 2  # lines that no known mistake explains
CHANCE = 0.01  # more likely than this to come about by accident, a rule does not count
_ROOM = 0.75  # of a unit: rounded or cut off
_RANGE = 2.0  # times the free number, or 1: about where another might lie as well
_PLAIN = 0.05  # a free number nearer to one that changes nothing, or all, is none


@dataclass(frozen=True, slots=True)
class Off:
    """How far one line is from what right work gives.

    base:  what the line starts from: an old weight, or 0.
    right: what right work adds to it.
    typed: what was added.
    room:  by how much rounding may move that.
    """

    line: Quantity
    base: float
    right: float
    typed: float
    room: float

    def reach(self, kind: str) -> tuple[float, float] | None:
        """Between which numbers the free number of a rule must lie here; None where the line does not tell."""
        over = {"factor": self.right, "share": self.base, "offset": 1.0}[kind]
        much = self.typed if kind == "factor" else self.typed - self.right
        if abs(over) <= 2 * self.room or (kind == "share" and not over):
            return None
        ends = ((much - self.room) / over, (much + self.room) / over)
        return min(ends), max(ends)


def with_rules(
    judged: Judgement, column: int, explained: Mapping[Quantity, Explanation]
) -> dict[Quantity, Explanation]:
    """The explanations of one sheet, with a rule where wrong lines have one in common."""
    out = dict(explained)
    groups: dict[tuple[object, ...], list[Quantity]] = defaultdict(list)
    for q, explanation in explained.items():
        if explanation.at == q and not explanation.is_repeated and judged.wrong(q)[column]:
            step = judged.sheets.graph.by_quantity[q]
            groups[step.link, q.updated, q.example, q.step].append(q)
    for group in groups.values():
        if sum(not explained[q].causes for q in group) < LEAST:
            continue
        rule = _rule([_off(judged, column, q) for q in group], judged)
        known = rule is not None and sum(not explained[q].causes for q in rule.lines) < LEAST
        if rule is not None and not known:
            for q in rule.lines:
                out[q] = replace(explained[q], causes=(), slip=None, copied=None, rule=rule)
    return out


def _off(judged: Judgement, column: int, q: Quantity) -> Off:
    step, line = judged.sheets.graph.by_quantity[q], judged.lines[q]
    old = [p for p in step.parents if step.link is Link.UPDATE and p == q.before_update()]
    base = float(judged.box(old[0]).mid[column]) if old else 0.0
    unit = min(float(judged.sheets.unit[q][column]), float(judged.lines[q].unit[column]))
    value, own = float(judged.sheets.value[q][column]), line.own
    room = float(own.radius[column]) + _ROOM * unit
    return Off(q, base, float(own.mid[column]) - base, value - base, room)


def _rule(lines: Sequence[Off], judged: Judgement) -> Rule | None:
    """The rule that the most lines have in common."""
    found = [rule for kind in ("factor", "share", "offset") for rule in _shared(kind, lines)]
    by_factor = _by_parent(lines, judged)
    if by_factor is not None:
        found.append(by_factor)
    return max(found, key=lambda rule: len(rule.lines), default=None)


def _shared(kind: str, lines: Sequence[Off]) -> Iterator[Rule]:
    """Rules of one kind, each with a number on which some lines agree."""
    reach = {one.line: ends for one in lines if (ends := one.reach(kind)) is not None}
    for start in sorted({low for low, _ in reach.values()}):
        agreed = {q: (low, high) for q, (low, high) in reach.items() if low <= start <= high}
        low, high = max(a for a, _ in agreed.values()), min(b for _, b in agreed.values())
        number = 0.5 * (low + high)
        if len(agreed) >= LEAST and _chance(number, list(agreed.values())) <= CHANCE and _tells(kind, number):
            yield Rule(kind, _short(low, high), tuple(one.line for one in lines if one.line in agreed))


def _by_parent(lines: Sequence[Off], judged: Judgement) -> Rule | None:
    """A factor of its own for all the lines that build on one number, where each of these has one."""
    parents: dict[Quantity, list[Off]] = defaultdict(list)
    for one in lines:
        for p in judged.sheets.graph.by_quantity[one.line].parents:
            if p in judged.lines:
                parents[p].append(one)
    cells = [cell for cell in parents.values() if len(cell) >= LEAST]
    for some in combinations(cells, LEAST):
        members = [one.line for cell in some for one in cell]
        rules = [max(_shared("factor", cell), key=lambda r: len(r.lines), default=None) for cell in some]
        whole = all(r is not None and len(r.lines) == len(cell) for r, cell in zip(rules, some, strict=True))
        if whole and len(set(members)) == len(members) == len(lines):
            return Rule("factors", 0.0, tuple(one.line for one in lines))
    return None


def _chance(number: float, reach: Sequence[tuple[float, float]]) -> float:
    """How likely the lines agree by accident, given what the most telling of them says."""
    widths = sorted(high - low for low, high in reach)
    out = 1.0
    for width in widths[1:]:
        out *= min(1.0, (widths[0] + width) / (_RANGE * max(abs(number), 1.0)))
    return out


def _tells(kind: str, number: float) -> bool:
    """Whether the number is far enough from one that leaves all as it is, or nothing."""
    return abs(number) > _PLAIN * (0.01 if kind != "factor" else 1) and (
        kind != "factor" or abs(number - 1) > _PLAIN
    )


def _short(low: float, high: float) -> float:
    """The number of fewest decimals between two."""
    middle = 0.5 * (low + high)
    return next((n for places in range(12) if low <= (n := round(middle, places)) <= high), middle)
