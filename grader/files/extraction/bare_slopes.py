"""A bare “slope at h1”: which of the two slopes of a unit it is, where the sheet itself leaves only one.

Where ∂E/∂y₃ stands under a name of its own, the other slope at unit 3 is that of its activation. Where neither
stands, the words mean either, and they are no name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind, activation_slope, loss_slope
from grader.files.labels.units import unit_of

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.source import Answers

_LONGEST = 60
_BARE = re.compile(r"(?:the )?slope (?:(?:at|of|in|for) )?(?:the )?(?P<where>\S.{0,40})", re.IGNORECASE)
_KINDS = (QuantityKind.ACTIVATION, QuantityKind.PRE_ACTIVATION)


def bare_slope(written: str, found: Answers, last: Quantity | None) -> Quantity | None:
    """The slope of the activation, if that of the loss at the same unit is among what has been answered.

    last: the loss slope that stands before it on the same line.
    """
    bare = _BARE.fullmatch(written.strip()) if len(written) <= _LONGEST else None
    unit = _unit(bare["where"], found) if bare is not None else 0
    of_loss, slope = loss_slope(unit), activation_slope(unit)
    if not unit or not (of_loss in found.texts or of_loss == last):
        return None
    return slope if slope in found.source.problem.graph.by_quantity else None


def _unit(where: str, found: Answers) -> int:
    """The unit whose name or output or sum this is."""
    at = found.source.names.find(where)
    if at is None:
        return unit_of(where, found.source.problem)
    return at.unit if at.kind in _KINDS and not (at.updated or at.example or at.step) else 0
