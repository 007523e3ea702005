"""What is cut out of one answer line of a scanned page: a small picture for each cell, and one of the whole line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Role = Literal["sign", "whole", "place", "raised", "power"]
ROLES: tuple[Role, ...] = ("sign", "whole", "place", "raised", "power")
# Pixels of a cell's picture, and the millimetres of paper that it shows: the cell with its margins around it.
HIGH, WIDE = 48, 32
WINDOW_HIGH, WINDOW_WIDE = 9.0, 6.0


@dataclass(frozen=True, slots=True, eq=False)
class AnswerCells:
    """One answer as it was written into its cells.

    quantity:  the canonical name of the line, such as `a3`.
    page:      of the sheet, from 1.
    cells:     uint8, (n, 48, 32): grey, 255 for paper, from the left to the right.
    roles:     what each of the n cells is for; the printed point stands between the last `whole` and the first `place`,
               a printed ×10 before `raised`, the sign of its exponent, whose figures are `power`.
    picture:   uint8, 2-D, grey: the whole line, for people.
    ticked:    whether "a person should look" is ticked.
    sharpness: how clear the cells' printed frames are, from 0 to 1; below about .12 the cut has failed.
    """

    quantity: str
    page: int
    cells: NDArray[np.uint8]
    roles: tuple[Role, ...]
    picture: NDArray[np.uint8]
    ticked: bool
    sharpness: float
