"""How often each part of the network broke: its units on the way forward and back, its weights, its loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind, parse_name
from exercises.networks.network import Network
from grader.class_report.tally import broke

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.class_report.sheet_records import SheetRecord
    from grader.class_report.tally import Threshold

MINIMAL = 2  # layers
STEPS = (5, 10, 20, 40)  # per cent at which the shade deepens
_FORWARD = frozenset({QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION})
_BACKWARD = frozenset({QuantityKind.LOSS_SLOPE, QuantityKind.ACTIVATION_SLOPE, QuantityKind.DELTA})
_PARAMETERS = {
    QuantityKind.WEIGHT: QuantityKind.WEIGHT,
    QuantityKind.WEIGHT_GRADIENT: QuantityKind.WEIGHT,
    QuantityKind.BIAS: QuantityKind.BIAS,
    QuantityKind.BIAS_GRADIENT: QuantityKind.BIAS,
}


@dataclass(frozen=True, slots=True)
class Share:
    """Of those who wrote a part down, how many per cent broke it; None where they are too few to tell."""

    percent: int | None

    @property
    def level(self) -> int:
        """How deep it is shaded: 0 for none, 1 to 5."""
        return 0 if self.percent is None else 1 + sum(self.percent >= step for step in STEPS)

    @property
    def text(self) -> str:
        """For print; empty where nothing is told."""
        return "" if self.percent is None else f"{self.percent}%"


def inferred(names: Iterable[str]) -> Network | None:
    """The network whose lines these are, told from its weights; None if they form no layered one.

    Activations and loss cannot be told from names, and play no part in a drawing.
    """
    found = [q for q in map(parse_name, names) if q is not None]
    edges = {(q.source, q.unit) for q in found if _PARAMETERS.get(q.kind) is QuantityKind.WEIGHT}
    layer: dict[int, int] = {source: 0 for source, _ in edges} | {unit: 1 for _, unit in edges}
    for source, unit in sorted(edges, key=lambda edge: edge[1]):
        layer[unit] = layer[source] + 1
    shape = tuple(list(layer.values()).count(n) for n in range(max(layer.values(), default=0) + 1))
    if sorted(layer) != list(range(1, len(layer) + 1)) or len(shape) < MINIMAL or not all(shape):
        return None
    biased = any(_PARAMETERS.get(q.kind) is QuantityKind.BIAS for q in found)
    network = Network(shape, ("linear",) * (len(shape) - 1), "half-squared-error", "yes" if biased else "no")
    wanted = {(i, j) for a, b in zip(network.layers, network.layers[1:], strict=False) for i in a for j in b}
    return network if edges == wanted else None


def part_of(q: Quantity) -> tuple[str, Quantity] | None:
    """The part of the drawing that a line belongs to, and the way; None for the check run, which has none."""
    if (kind := _PARAMETERS.get(q.kind)) is not None:
        return "edge", Quantity(kind, q.unit, q.source)
    if q.updated:
        return None
    if q.via:  # the way back along one path
        return "edge", Quantity(QuantityKind.WEIGHT, q.via, q.unit)
    if q.kind in _FORWARD or q.kind in _BACKWARD:
        return ("forward" if q.kind in _FORWARD else "backward"), Quantity(QuantityKind.ACTIVATION, q.unit)
    return ("loss", Quantity(QuantityKind.LOSS, q.unit)) if q.kind is QuantityKind.LOSS else None


def shares(sheets: Sequence[SheetRecord], limit: Threshold) -> Mapping[tuple[str, Quantity], Share]:
    """The share of each part of the drawing."""
    parts: dict[str, tuple[str, Quantity]] = {}
    for name in sheets[0].structure:
        quantity = parse_name(name)
        part = part_of(quantity) if quantity is not None else None
        if part is not None:
            parts[name] = part
    return {
        part: Share(None if limit.hides(wrong) else round(100 * wrong / judged))
        for part, (wrong, judged) in broke(sheets, parts).items()
    }
