"""The part of NumPy that judging one sheet calls, in plain Python: NumPy for WebAssembly is in no package registry.

From outside: `take_place`, before anything imports NumPy. Every name here does what NumPy's does on arrays of at most
two axes of floats, whole numbers or truth values; `tests/test_standin.py` holds whole reports to NumPy's. It is for a few
numbers at a time: on a thousand sheets at once NumPy is a hundred times quicker.
"""

from __future__ import annotations

import math
import sys
from typing import Any, Self

from grader.practice.standin.arrays import PlainArray, array, asarray
from grader.practice.standin.elementwise import (
    absolute,
    ceil,
    clip,
    copysign,
    cos,
    exp,
    floor,
    fmax,
    fmin,
    frexp,
    isfinite,
    isinf,
    isnan,
    ldexp,
    log,
    log10,
    logical_and,
    logical_or,
    maximum,
    minimum,
    nextafter,
    power,
    rint,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
    to_places,
    vectorize,
    where,
)
from grader.practice.standin.making import (
    arange,
    broadcast_arrays,
    full,
    linspace,
    ones,
    ones_like,
    stack,
    tile,
    vstack,
    zeros,
    zeros_like,
)
from grader.practice.standin.reading import (
    all_of,
    allclose,
    any_of,
    argmax,
    cumprod,
    cumsum,
    flatnonzero,
    median,
    nanmedian,
    nonzero,
    prod,
    searchsorted,
    sort,
    total,
    unique,
)
from grader.practice.standin.scalars import PlainFloat, PlainInt, PlainTruth

__all__ = [
    "PlainArray", "PlainFloat", "PlainInt", "PlainTruth", "absolute", "all_of", "allclose", "any_of", "arange", "argmax",
    "array", "asarray", "broadcast_arrays", "ceil", "clip", "copysign", "cos", "cumprod", "cumsum", "errstate", "exp",
    "finfo", "flatnonzero", "floor", "fmax", "fmin", "frexp", "full", "inf", "isfinite", "isinf", "isnan", "ldexp",
    "linspace", "log", "log10", "logical_and", "logical_or", "maximum", "median", "minimum", "nan", "nanmedian", "newaxis",
    "nextafter", "nonzero", "ones", "ones_like", "power", "prod", "rint", "searchsorted", "sign", "sin", "sinh", "sort",
    "sqrt", "stack", "take_place", "tanh", "tile", "to_places", "total", "unique", "vectorize", "vstack", "where", "zeros",
    "zeros_like",
]  # fmt: skip
nan, inf, newaxis = math.nan, math.inf, None


class finfo:  # noqa: N801 - NumPy's name
    """Facts about floats of double precision."""

    eps = sys.float_info.epsilon

    def __init__(self, _: type) -> None:
        """Of whatever type: all floats are of double precision."""


class errstate:  # noqa: N801 - NumPy's name
    """A context, or a decorator, in which floats overflow and the like without a warning: here they always do."""

    def __init__(self, **_: str) -> None:
        """What is to be ignored."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave everything as it is."""

    def __call__(self, function: Any) -> Any:
        """A function as it is."""
        return function


def take_place() -> None:
    """Let every later `import numpy` have this package. Raises RuntimeError where NumPy has been imported before."""
    here = sys.modules[__name__]
    if sys.modules.get("numpy", here) is not here:
        msg = "NumPy is imported already"
        raise RuntimeError(msg)
    sys.modules["numpy"] = here


# The names that are Python's own too.
globals().update(
    abs=absolute, all=all_of, any=any_of, round=to_places, sum=total, float64=PlainFloat, int64=PlainInt,
    int32=PlainInt, bool_=PlainTruth, ndarray=PlainArray,
)  # fmt: skip
