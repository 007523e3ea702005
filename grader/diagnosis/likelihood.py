"""How likely a number is to be written, of all those that rounding allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from grader.judging.interval import Interval

Array = Any
_FLAT = 0.1  # the share of a chance that is spread evenly over all that rounding allows
_MARGIN = 0.75  # of a unit on either side of an interval: from it numbers are rounded or cut off


def likelihood(value: Array, among: Interval, unit: Array) -> Array:
    """The chance that just this number is written, to some unit, for one of those in an interval.

    Roundings mostly cancel, so that the middle is likelier than the ends: with a share spread evenly, the rest
    falls with the square of the distance from the end.
    """
    reach = among.radius + _MARGIN * unit
    off = np.abs(value - among.mid) / reach  # as a share of the way to the end; the mean of `peaked` is 1
    peaked = _FLAT + (1 - _FLAT) * 3 * np.fmax(1 - off, 0.0) ** 2
    return peaked / np.maximum(2 * reach / unit, 1.0)


def weight(prior: Array, value: Array, said: Interval, gives: Interval, unit: Array) -> Array:
    """The weight of an explanation: how common it is, times the likelihood of what was typed; 0 if it does not fit.

    said:  every number that is written `value`.
    gives: every number that the explanation leads to.
    """
    return np.where(gives.contains(said), prior * likelihood(value, gives, unit), 0.0)
