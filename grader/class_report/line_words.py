"""How the lines of one structure of problem are written: by a problem's own notation, or one told from its lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas.quantity import QuantityKind, parse_name
from exercises.networks.notation import Notation
from exercises.pages.rendering import trusted
from grader.class_report.shares import inferred
from grader.handback.typesetting import with_indices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from exercises.problems.problem import Problem
    from grader.class_report.sheet_records import SheetRecord


def titles(groups: Sequence[LineWords]) -> list[str]:
    """The title of each group, each once: an exercise that was drawn in several forms is told by its lines too."""
    found = [words.title for words in groups]
    for more in (lambda words, _: f", {len(words.sheets[0].lines)} lines", lambda _, n: f", form {n}"):
        seen: Counter[str] = Counter()
        often = Counter(found)
        for place, title in enumerate(found):
            seen[title] += 1
            if often[title] > 1:
                found[place] += more(groups[place], seen[title])
    return found


def together(groups: Sequence[tuple[str, str]]) -> str:
    """One title for several groups, from the number and the title of each."""
    numbers = list(dict.fromkeys(number for number, _ in groups))
    if not all(numbers):
        return listed([title for _, title in groups])
    return f"exercise{'s' if len(numbers) > 1 else ''} {listed(numbers)}"


@dataclass(frozen=True)
class LineWords:
    """The words for one structure.

    sheets:   those of the structure, at least one.
    problems: those that are known, by code.
    """

    sheets: Sequence[SheetRecord]
    problems: Mapping[str, Problem]

    @cached_property
    def problem(self) -> Problem | None:
        """A problem of this structure."""
        return next((self.problems[s.code] for s in self.sheets if s.code in self.problems), None)

    @cached_property
    def notation(self) -> Notation | None:
        """Its notation; None where there is no network to draw."""
        if self.problem is not None:
            return self.problem.labels if isinstance(self.problem.labels, Notation) else None
        network = inferred(self.sheets[0].structure)
        if network is None:
            return None
        sums = (
            n
            for n in self.sheets[0].lines
            if (q := parse_name(n.quantity)) and q.kind is QuantityKind.PRE_ACTIVATION
        )
        first = next(sums, None)
        return Notation("layer" if first is not None and first.label.startswith("z") else "unit", network)

    @cached_property
    def title(self) -> str:
        """What it is called: its number in the course and its own title, as far as all its sheets share them."""
        names = {sheet.name for sheet in self.sheets}
        name = names.pop() if len(names) == 1 else ""
        if self.number:
            return f"exercise {self.number} ({name})" if name else f"exercise {self.number}"
        if name:
            return name
        return f"{self.notation.network.title} network" if self.notation is not None else "exercise"

    @property
    def number(self) -> str:
        """The exercise's number; empty where it has none."""
        return self.sheets[0].exercise if self.sheets[0].exercise.isdecimal() else ""

    def label(self, name: str) -> Markup:
        """A line's label as HTML."""
        quantity = parse_name(name)
        if quantity is not None and self.problem is not None:
            return trusted(self.problem.label(quantity).html)
        if quantity is not None and self.notation is not None:
            return trusted(self.notation.label(quantity).html)
        text = next(line.label for line in self.sheets[0].lines if line.quantity == name)
        return with_indices(text)
