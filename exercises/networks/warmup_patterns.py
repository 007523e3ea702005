"""The functions of warm-ups that are drawn: patterns with whole numbers for A and B, by level from 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Patterns = tuple[tuple[str, ...], ...]  # by level, from 1
_SHORT = ("A*x + B", "A*x - B", "x^2 + B", "A*x^2 - B", "B - x^2")
_SINGLE = ("sin({})", "cos({})", "exp({})", "ln({})", "sqrt({})", "tanh({})", "sigmoid({})")


def _nested(outer: Iterable[str], inner: Iterable[str]) -> tuple[str, ...]:
    return tuple(f.format(g) for f in outer for g in inner)


# Students of one course get different ones of the same
# level: on each the functions are of one sort, and every pattern makes as many lines.
COMPOSITES = (
    _nested(("({})^2", "({})^3"), _SHORT[:3]),
    _nested(("({})^2", "({})^3"), _SHORT),
    _nested(_SINGLE, _SHORT),
    _nested(_SINGLE, ("sin(x) + B", "cos(x) + B", "exp(x) - B")),
    _nested(
        ("sin({})", "cos({})"), _nested(("sqrt({})", "exp({})", "ln({})"), ("A*x + B", "x^2 + B", "B - x^2"))
    ),
)
_ONE_SHARED = (  # x is on two paths, w on one
    "u = x*w; v = x^2; f = u*v^2",
    "u = x*w; v = x^2; f = u^2*v",
    "u = x*w + B; v = x^2; f = u*v",
    "u = x*w - B; v = x^3; f = u*v",
    "u = x*w; v = x^2 + B; f = u*v",
    "u = x*w; v = A*x - B; f = u*v",
)
_WITH_A_FUNCTION = (  # the same, and one function more
    "u = x*w + B; v = sin(x); f = u*v",
    "u = x*w - B; v = cos(x); f = u*v",
    "u = x*w; v = exp(x); f = u*v",
    "u = x*w + B; v = tanh(x); f = u*v",
    "u = x^2; v = x*w; f = u*sin(v)",
    "u = x^2; v = x*w; f = u*cos(v)",
    "u = x^2 + B; v = x*w; f = u*tanh(v)",
    "u = x*w; v = x^2; f = exp(u - v)",
)
_BOTH_SHARED = (  # x and w are on two paths each
    "u = x + A*w; v = x*w; f = u*sin(v)",
    "u = A*x - w; v = x*w; f = u*cos(v)",
    "u = x + A*w; v = x*w; f = u*tanh(v)",
    "u = A*x + w; v = x*w; f = u*exp(v)",
    "u = x*w; v = x - A*w; f = u*sin(v)",
    "u = x*w; v = A*x + w; f = u*tanh(v)",
)
_FOUR_NODES = (  # the same through one node more
    "u = x*w; v = tanh(u); p = x - w; f = p*v",
    "u = x*w; v = sin(u); p = x + A*w; f = p*v",
    "u = x*w; v = cos(u); p = A*x - w; f = p*v",
    "u = x*w; v = exp(u); p = x + w; f = p*v",
    "u = x + w; v = tanh(u); p = x*w; f = p*v",
    "u = x - w; v = sin(u); p = x*w; f = p*v",
)
GRAPHS = (_ONE_SHARED, _ONE_SHARED, _WITH_A_FUNCTION, _BOTH_SHARED, _FOUR_NODES)
