"""How often each part of the network broke: its units on the way forward and back, its weights, its loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.network import Network
from exercises.quantity import Kind, Quantity, parse_name
from grader.class_report.tally import broke

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.class_report.records import Sheet
    from grader.class_report.tally import Threshold

MINIMAL = 2  # layers
STEPS = (5, 10, 20, 40)  # per cent at which the shade deepens
_FORWARD = frozenset({Kind.PRE_ACTIVATION, Kind.ACTIVATION})
_BACKWARD = frozenset({Kind.LOSS_SLOPE, Kind.ACTIVATION_SLOPE, Kind.DELTA})
_PARAMETERS = {
    Kind.WEIGHT: Kind.WEIGHT,
    Kind.WEIGHT_GRADIENT: Kind.WEIGHT,
    Kind.BIAS: Kind.BIAS,
    Kind.BIAS_GRADIENT: Kind.BIAS,
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
    edges = {(q.source, q.unit) for q in found if _PARAMETERS.get(q.kind) is Kind.WEIGHT}
    layer: dict[int, int] = {source: 0 for source, _ in edges} | {unit: 1 for _, unit in edges}
    for source, unit in sorted(edges, key=lambda edge: edge[1]):
        layer[unit] = layer[source] + 1
    shape = tuple(list(layer.values()).count(n) for n in range(max(layer.values(), default=0) + 1))
    if sorted(layer) != list(range(1, len(layer) + 1)) or len(shape) < MINIMAL or not all(shape):
        return None
    biased = any(_PARAMETERS.get(q.kind) is Kind.BIAS for q in found)
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
        return "edge", Quantity(Kind.WEIGHT, q.via, q.unit)
    if q.kind in _FORWARD or q.kind in _BACKWARD:
        return ("forward" if q.kind in _FORWARD else "backward"), Quantity(Kind.ACTIVATION, q.unit)
    return ("loss", Quantity(Kind.LOSS, q.unit)) if q.kind is Kind.LOSS else None


def shares(sheets: Sequence[Sheet], limit: Threshold) -> Mapping[tuple[str, Quantity], Share]:
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
