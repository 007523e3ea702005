"""A symbol with words beside it that say what it is: “net input a3”, “slope dy/da”, “error E”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.answers.names import Names

MOST = 5  # words
_ANY = frozenset({"of", "the", "unit", "value"})
_SAID = {  # what may be said of each kind; “slope y” is something else than y
    QuantityKind.PRE_ACTIVATION: {"net", "input", "sum", "weighted", "pre-activation"},
    QuantityKind.ACTIVATION: {"output", "activation"},
    QuantityKind.ACTIVATION_SLOPE: {"slope", "derivative", "activation", "local"},
    QuantityKind.LOSS_SLOPE: {"slope", "derivative", "loss", "error", "total", "sum"},
    QuantityKind.DELTA: {"delta", "error", "signal"},
    QuantityKind.LOSS: {"loss", "error"},
}


def fits(words: list[str], symbol: str, q: Quantity) -> bool:
    """Whether the words beside a symbol say of its quantity only what it is."""
    return {word.lower() for word in words} - {symbol.lower()} <= _ANY | _SAID.get(q.kind, set())


def described(written: str, names: Names) -> Quantity | None:
    """The line of a symbol behind such words."""
    words = written.split() if len(written) <= 60 else []  # noqa: PLR2004 - characters
    if not 1 < len(words) <= MOST:
        return None
    q = names.find(words[-1], strict=True)
    return q if q is not None and fits(words[:-1], "", q) else None
