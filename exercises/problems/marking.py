"""How many marks a line is worth, and how mistakes that go on are charged: the table [marking]."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, cast

from exercises.common.wording import nearest, told
from exercises.formulas.quantity import Link, QuantityKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exercises.networks.steps import Step

Repeated = Literal["once", "each"]
REPEATED: tuple[Repeated, ...] = ("once", "each")
MOST = 1000  # marks for a line
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Marking:
    """A scheme of marks.

    weights:  marks for a line, by what the sheet calls it; what is not named counts 1.
    repeated: whether a mistake of understanding that is repeated costs its first line only, or each.
    follows:  the share of its marks, 0 to 1, for a line that follows from an earlier mistake.
    """

    weights: Mapping[Link, Decimal] = field(default_factory=dict)
    repeated: Repeated = "once"
    follows: Decimal = _ONE

    def weight(self, link: Link) -> Decimal:
        """Marks for a line that the sheet calls so."""
        return self.weights.get(link, _ONE)

    def of(self, step: Step) -> Decimal:
        """Marks for a line."""
        return self.weight(called(step))

    @property
    def told(self) -> str:
        """How mistakes are charged that go on, in a sentence for students."""
        if not self.follows:
            whole = "A mistake costs the line in which it was made, and every line that follows from it."
        elif self.follows == 1:
            whole = "A mistake costs the line in which it was made: whatever follows from it by right steps counts in full."
        else:
            share = f"{(100 * self.follows).normalize():f}\N{NO-BREAK SPACE}%"
            whole = f"A mistake costs the line in which it was made; what follows from it by right steps counts {share}."
        return whole if self.repeated == "once" else f"{whole} If it is made again, it costs that line too."

    def table(self) -> dict[str, Decimal | str]:
        """What is said otherwise than by default, as in a file."""
        found: dict[str, Decimal | str] = {str(link): weight for link, weight in self.weights.items()}
        if self.repeated != "once":
            found["repeated"] = self.repeated
        if self.follows != 1:
            found["follows"] = self.follows
        return found


def called(step: Step) -> Link:
    """What the sheet calls a line: ∂E/∂y of a hidden unit, and each path to it, stand there as loss slopes."""
    hidden_slope = step.link is Link.HIDDEN_DELTA and step.quantity.kind is QuantityKind.LOSS_SLOPE
    return Link.LOSS_SLOPE if hidden_slope else step.link


def read_marking(table: Any, fault: Callable[[str], None]) -> Marking:
    """The scheme of a table [marking]; `fault` is told, in a sentence each, what is wrong with it."""
    if not isinstance(table, dict):
        fault(f"marking: {told(table)} is not a table; expected [marking] and links below it")
        return Marking()
    weights: dict[Link, Decimal] = {}
    for name, value in table.items():
        if name in _RULES:
            continue
        if name not in tuple(Link):
            fault(f"marking.{name} is unknown; {nearest(name, (*Link, *_RULES))}")
        elif not _within(value, MOST):
            fault(f"marking.{name}: {told(value)} is no weight; expected a number from 0 to {MOST}")
        else:
            weights[Link(name)] = Decimal(value)
    repeated, follows = table.get("repeated", "once"), table.get("follows", _ONE)
    if repeated not in REPEATED:
        fault(f'marking.repeated: {told(repeated)} is unknown; expected "once" or "each"')
    if not _within(follows, 1):
        fault(f"marking.follows: {told(follows)} is no share; expected a number from 0 to 1")
        follows = _ONE
    return Marking(weights, cast("Repeated", repeated), Decimal(follows))


_RULES = ("repeated", "follows")


def _within(value: object, most: int) -> bool:
    """Whether a value is a number from 0 to `most`: no truth value, and not `nan`."""
    return (
        isinstance(value, (int, Decimal))
        and not isinstance(value, bool)
        and Decimal(value).is_finite()
        and 0 <= value <= most
    )
