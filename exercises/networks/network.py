"""The shape of a network: which units there are, in which layer, and what they are connected to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from exercises.common.errors import ProblemError
from exercises.formulas.quantity import Quantity, bias, weight
from exercises.networks import activations, losses

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_UNITS = 60  # a page can't hold more, and an answer sheet would be thousands of lines
MAX_LAYERS = 10
BiasMode = Literal["yes", "no", "fixed"]


@dataclass(frozen=True)
class Network:
    """A layered, fully connected network.

    shape:       units in each layer, inputs first; at least two layers.
    activations: one name for each layer after the input.
    loss:        name of the loss.
    bias:        "yes": given and updated; "fixed": given, not updated; "no": none.

    Raises ProblemError with every fault found.
    """

    shape: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    bias: BiasMode

    def __post_init__(self) -> None:
        faults = list(dict.fromkeys(self._faults()))
        if faults:
            raise ProblemError(*faults)

    def _faults(self) -> Iterator[str]:
        shown = "-".join(str(n) if abs(n) < 10**9 else "…" for n in self.shape)  # not thousands of digits
        if not 2 <= len(self.shape) <= MAX_LAYERS:  # noqa: PLR2004 - inputs and outputs
            yield (
                f"shape: {shown or 'nothing'} has {len(self.shape)} layers; "
                f"expected 2 to {MAX_LAYERS}, such as 2-2-1"
            )
            return
        if any(n < 1 for n in self.shape):
            yield f"shape: {shown} has a layer without units; each layer needs at least 1"
            return
        if sum(self.shape) > MAX_UNITS:
            yield f"shape: {shown} has too many units; at most {MAX_UNITS} fit on a sheet"
        if len(self.activations) != len(self.shape) - 1:
            yield (
                f"activation: {len(self.activations)} given for {len(self.shape) - 1} layers after the input; "
                "expected one for each, or a single name for all"
            )
        for number, name in enumerate(self.activations, 1):
            if name not in activations.NAMES:
                yield f"activation: unknown name {name!r}; expected one of {', '.join(activations.NAMES)}"
            elif name == activations.SOFTMAX and number < len(self.shape) - 1:
                yield f"activation: softmax in layer {number}, which is hidden; it is for the output layer only"
            elif name == activations.SOFTMAX and self.shape[-1] == 1:
                yield "activation: softmax over a single output is always 1; expected at least two outputs"
        if self.loss not in losses.NAMES:
            yield f"loss: unknown name {self.loss!r}; expected one of {', '.join(losses.NAMES)}"

    @cached_property
    def layers(self) -> tuple[tuple[int, ...], ...]:
        """The unit numbers of each layer, inputs first."""
        ends = list(accumulate(self.shape))
        return tuple(tuple(range(end - n + 1, end + 1)) for end, n in zip(ends, self.shape, strict=True))

    @property
    def inputs(self) -> tuple[int, ...]:
        """The input units."""
        return self.layers[0]

    @property
    def outputs(self) -> tuple[int, ...]:
        """The output units."""
        return self.layers[-1]

    @property
    def computing(self) -> tuple[int, ...]:
        """Every unit that computes something: all but the inputs, in order."""
        return tuple(u for layer in self.layers[1:] for u in layer)

    @cached_property
    def _layer_of(self) -> dict[int, int]:
        return {unit: number for number, layer in enumerate(self.layers) for unit in layer}

    def layer_of(self, unit: int) -> int:
        """The layer of a unit, 0 for inputs."""
        return self._layer_of[unit]

    def upstream(self, unit: int) -> tuple[int, ...]:
        """The units that feed `unit`."""
        return self.layers[self.layer_of(unit) - 1] if self.layer_of(unit) else ()

    def downstream(self, unit: int) -> tuple[int, ...]:
        """The units that `unit` feeds."""
        number = self.layer_of(unit) + 1
        return self.layers[number] if number < len(self.layers) else ()

    def activation_of(self, unit: int) -> str:
        """The name of a computing unit's activation."""
        return self.activations[self.layer_of(unit) - 1]

    @property
    def is_softmax(self) -> bool:
        """Whether the output layer is a softmax."""
        return self.activations[-1] == activations.SOFTMAX

    def parameters(self, *, updated_only: bool = False) -> Iterator[Quantity]:
        """Weights and biases, by destination; with `updated_only` without biases that stay as they are."""
        for unit in self.computing:
            for source in self.upstream(unit):
                yield weight(source, unit)
            if self.bias == "yes" or (self.bias == "fixed" and not updated_only):
                yield bias(unit)

    @property
    def title(self) -> str:
        """The shape as people write it, such as 2-2-1."""
        return "-".join(str(n) for n in self.shape)
