"""How the lines of one structure of problem are written: by a problem's own notation, or one told from its lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from exercises import page
from exercises.notation import Notation
from exercises.quantity import Kind, parse_name
from grader.class_report.shares import inferred
from grader.typesetting import with_indices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from exercises.problem import Problem
    from grader.class_report.records import Sheet


@dataclass(frozen=True)
class Words:
    """The words for one structure.

    sheets:   those of the structure, at least one.
    problems: those that are known, by code.
    """

    sheets: Sequence[Sheet]
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
            n for n in self.sheets[0].lines if (q := parse_name(n.quantity)) and q.kind is Kind.PRE_ACTIVATION
        )
        first = next(sums, None)
        return Notation("layer" if first is not None and first.label.startswith("z") else "unit", network)

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.notation.network.title} network" if self.notation is not None else "exercise"

    def label(self, name: str) -> Markup:
        """A line's label as HTML."""
        quantity = parse_name(name)
        if quantity is not None and self.problem is not None:
            return page.trusted(self.problem.label(quantity).html)
        if quantity is not None and self.notation is not None:
            return page.trusted(self.notation.label(quantity).html)
        text = next(line.label for line in self.sheets[0].lines if line.quantity == name)
        return with_indices(text)
