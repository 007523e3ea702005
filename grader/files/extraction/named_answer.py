"""One answer with its name, as it was found in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity

NUMBER = r"[-−–+]?\s?\d*[.,]?\d+(?:[eE][-+]?\d+)?"


@dataclass(frozen=True, slots=True)
class NamedAnswer:
    """An answer with its name as it was written.

    quantity: what the name stands for, if it is a line of the problem.
    corrects: whether the line says that it puts an earlier one right.
    arrow:    whether an arrow to the left sets it, as an update does.
    """

    name: str
    text: str
    quantity: Quantity | None
    corrects: bool = False
    arrow: bool = False
