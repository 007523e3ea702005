"""The lines of an exercise as they stand on a page: titled sections, and in them groups by link.

The worksheet, the answer key and the feedback page all follow this one arrangement. Within a layer the lines
of one link stand together (both weighted sums, then both activations), which is still an order in which a
person can compute them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from exercises.formulas import typeset
from exercises.formulas.quantity import Link, Quantity, QuantityKind
from exercises.pages import warmup_texts as warmup
from exercises.pages.captions import caption, group_key, layer_name, section_title
from exercises.problems.kept_with_problem import once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem

__all__ = ["LineGroup", "Section", "layer_name", "sections", "work_lines"]
HALF_LINE = 26  # characters that a person can write into half the width of a page
FULL_LINE = 58  # and into all of it
WRITTEN = 2.2  # millimetres that a character of theirs takes


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines of one link: `caption` says which; `wide` if a line needs the full width of the page.

    columns: the lines by unit, or one line each where they all belong to one unit; what may stand side by
    side.
    """

    caption: str
    columns: tuple[tuple[Step, ...], ...]
    wide: bool

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines in order."""
        return tuple(step for column in self.columns for step in column)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the page."""

    title: str
    groups: tuple[LineGroup, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines in order."""
        return tuple(step for group in self.groups for step in group.steps)


def sections(problem: Problem, steps: Iterable[Step] | None = None) -> tuple[Section, ...]:
    """Set the whole exercise in sections, each line once; or other lines of the same network, `steps`."""
    return _whole(problem) if steps is None else _of_network(problem, steps)


@once
def _whole(problem: Problem) -> tuple[Section, ...]:
    steps = problem.graph.asked_steps
    return _of_warmup(problem) if problem.plan.function else _of_network(problem, steps)


def _of_network(problem: Problem, steps: Iterable[Step]) -> tuple[Section, ...]:
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(section_title(problem, step.quantity), []).append(step)
    return tuple(Section(title, tuple(_groups(problem, steps))) for title, steps in found.items())


def _of_warmup(problem: Problem) -> tuple[Section, ...]:
    """Values, local derivatives and the chain rule, each in the order of computation."""
    found: dict[str, list[Step]] = {}
    for step in problem.graph.asked_steps:
        found.setdefault(warmup.section_of(step.quantity), []).append(step)
    out = []
    for title, steps in found.items():
        wide = any(_length(problem, step) > HALF_LINE for step in steps)
        middle = -(-len(steps) // 2)
        columns = ([step] for step in steps) if wide else (steps[:middle], steps[middle:])
        out.append(Section(title, (LineGroup("", tuple(tuple(c) for c in columns if c), wide),)))
    return tuple(out)


def work_lines(problem: Problem, step: Step, room: float | None = None) -> int:
    """How many lines of handwriting a full-width row needs, at least 1; `room` in each if it is not the usual."""
    if step.quantity.kind is QuantityKind.RIGHT_VALUE:
        return 2  # whatever it is
    return -(-_length(problem, step) // (FULL_LINE if room is None else max(1, int(room / WRITTEN))))


def _groups(problem: Problem, steps: list[Step]) -> Iterator[LineGroup]:
    """Lines of one layer and one link together, in the order in which the first of each comes."""
    by_key: dict[tuple[int, str], list[Step]] = {}
    for step in steps:
        by_key.setdefault(group_key(problem, step), []).append(step)
    several = len({layer for layer, _ in by_key if layer >= 0}) > 1
    for (layer, noun), members in by_key.items():
        wide = any(_is_wide(problem, step) for step in members)
        words = caption(problem.network, layer, noun, many=len(members) > 1, several=several)
        yield LineGroup(words, _columns(members, wide=wide), wide)


def _columns(steps: list[Step], *, wide: bool) -> tuple[tuple[Step, ...], ...]:
    by_unit = [tuple(members) for _, members in groupby(steps, key=lambda s: s.quantity.unit)]
    if wide or len(by_unit) == 1:
        return tuple((step,) for step in steps)
    return tuple(by_unit)


def _is_wide(problem: Problem, step: Step) -> bool:
    """Whether a line needs the full width: weighted sums, softmax, and whatever is long to write out."""
    if step.quantity.kind is QuantityKind.RIGHT_VALUE:
        return True
    terms = len(step.parents)
    softmax = step.link is Link.ACTIVATION and terms > 1
    sum_of_products = step.link is Link.WEIGHTED_SUM and terms > 3  # noqa: PLR2004 - W·x + b is short
    return softmax or sum_of_products or _length(problem, step) > HALF_LINE


def _length(problem: Problem, step: Step) -> int:
    """Characters of the line with numbers put in, as a person writes it."""
    computed = "0." + "0" * problem.precision.widest

    def shown(q: Quantity) -> str:
        return typeset.number(problem.values[q]) if q in problem.values else computed

    return len(typeset.substituted(step.formula, shown).replace(" ", ""))
