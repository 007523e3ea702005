"""Which mistakes a problem's numbers hide, and which they make look alike: a reading for people, and plain values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.ambiguity.advice import sentences
from grader.ambiguity.coincidences import coincidences, distinct, entry, survey_of
from grader.ambiguity.survey import instance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem
    from grader.ambiguity.coincidences import Coincidences
    from grader.mistakes.hypotheses import Hypothesis

_WIDEST = 110
_LINES = 36  # how wide the lines' labels may get before they are broken


@dataclass(frozen=True)
class Findings:
    """What a problem's numbers hide.

    found: the mistakes that would pass for correct work, and those that could not be told from another.
    """

    problem: Problem
    found: Coincidences

    @property
    def total(self) -> int:
        """How many mistakes could be made and seen, each at each line."""
        return len(self.found.survey.ways)

    @cached_property
    def always(self) -> list[tuple[Hypothesis, Hypothesis]]:
        """Mistakes at a line that say the same in other words, so that no numbers tell them apart."""
        survey = self.found.survey
        return distinct(survey, np.flatnonzero(survey.always_alike).tolist())

    @cached_property
    def advice(self) -> list[str]:
        """What about the numbers hides mistakes, in sentences."""
        return sentences(self.problem, self.found)

    def as_json(self) -> dict[str, Any]:
        """Plain values for `check --json`."""
        return {
            "problem": self.problem.title or self.problem.code,
            "mistakes": self.total,
            **self.found.record(),
            "always_alike": [[entry(one), entry(two)] for one, two in self.always],
            "advice": self.advice,
        }

    def summary(self) -> str:
        """The figures, in a sentence."""
        hidden = len(self.found.concealed)
        involved = len({instance(h) for pair in self.found.mixed_up for h in pair})
        return (
            f"{self.total} mistakes looked at, each at each line where it can be made: "
            f"{_count(hidden)} would pass for correct work, {_count(involved)} could not be told from another."
        )

    def as_text(self) -> str:
        """For a terminal: the figures, what they are due to, and tables."""
        from rich.console import Console
        from rich.padding import Padding

        out = StringIO()
        width = min(get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
        to = Console(file=out, width=width, highlight=False, markup=False, emoji=False, color_system=None)
        to.print(self.summary())
        for sentence in self.advice:
            to.print(Padding(f"• {sentence}", (0, 0, 0, 2)))
        _print_table(to, "Would pass for correct work", ("at", "mistake"), self._hidden_rows())
        _print_table(to, "Could not be told apart", ("at", "mistake", "and"), self._alike_rows())
        if self.always:
            pairs = "pair says" if len(self.always) == 1 else "pairs say"
            to.print(
                f"\n{len(self.always)} more {pairs} the same in other words, whatever the numbers are "
                "(--json lists them)."
            )
        return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())

    def _hidden_rows(self) -> list[tuple[str, ...]]:
        where: dict[str, list[Quantity]] = defaultdict(list)
        for h in self.found.concealed:
            partly = "" if instance(h) in self.found.mute else ", in some of its ways"
            where[_titled(h) + partly].append(h.step.quantity)
        return [(self._labels(lines), name) for name, lines in where.items()]

    def _alike_rows(self) -> list[tuple[str, ...]]:
        where: dict[tuple[str, str], list[Quantity]] = defaultdict(list)
        for one, two in self.found.mixed_up:
            where[_titled(one), _titled(two)].append(one.step.quantity)
        return [(self._labels(lines), *names) for names, lines in where.items()]

    def _labels(self, lines: Iterable[Quantity]) -> str:
        return " ".join(self.problem.label(q).text for q in lines)


def _print_table(to: Console, title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.padding import Padding
    from rich.table import Table

    if not rows:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column in columns:
        table.add_column(column, max_width=_LINES if column == "at" else None)
    for row in rows:
        table.add_row(*row)
    to.print(f"\n{title}")
    to.print(Padding(table, (0, 0, 0, 2)))


def _titled(h: Hypothesis) -> str:
    return f"{h.mistake.code} {h.mistake.name}"


def _count(number: int) -> str:
    return str(number) if number else "none"


def check(problem: Problem) -> Findings:
    """Try every mistake on the problem's own numbers. Raises ProblemError where a line has no value."""
    (found,) = coincidences(survey_of(problem.graph), [problem])
    return Findings(problem, found)
