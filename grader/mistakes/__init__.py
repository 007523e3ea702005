"""The catalogue of mistakes: a module for each link, in which an entry stands over the function that makes it.

A new one is a single entry in its link's module; `make docs` puts it on the page docs/mistakes.md.
From outside: `CATALOGUE`, the hypotheses of a step, and worked examples of each entry.
"""

from __future__ import annotations

from grader.mistakes import (
    activation,
    chains,
    deltas,
    gradients,
    loss,
    optimizers,
    runs,
    slopes,
    warmups,
    weighted_sum,
)
from grader.mistakes.base import Mistake, StepPlace, WrongFormula

CATALOGUE: tuple[Mistake, ...] = (
    *weighted_sum.MISTAKES,
    *activation.MISTAKES,
    *loss.MISTAKES,
    *slopes.MISTAKES,
    *deltas.MISTAKES,
    *gradients.MISTAKES,
    *runs.MISTAKES,
    *optimizers.MISTAKES,
    *chains.MISTAKES,
    *warmups.MISTAKES,
)
BY_CODE = {entry.code: entry for entry in CATALOGUE}

__all__ = ["BY_CODE", "CATALOGUE", "Mistake", "StepPlace", "WrongFormula"]
