"""The chain rule over a whole network, run through once: one local formula for each quantity.

The steps are built by loops over the layers, so that any layered shape comes out of the same few builders.

Source of the formulas: Rumelhart, Hinton & Williams (1986), "Learning representations by back-propagating
errors", in the hand-calculation notation aⱼ = Σ Wᵢⱼoᵢ + bⱼ, yⱼ = f(aⱼ), δⱼ = ±∂E/∂aⱼ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from exercises.formulas.formula import Formula, Symbol, negative, product, total
from exercises.formulas.quantity import (
    ETA,
    Link,
    Quantity,
    QuantityKind,
    a,
    activation_slope,
    bias,
    delta,
    gradient,
    loss,
    loss_slope,
    t,
    weight,
    x,
    y,
)
from exercises.networks import activations, losses
from exercises.networks.steps import Step, StepGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.networks.network import Network
    from exercises.networks.steps import DeltaSign


@lru_cache(maxsize=32)  # asked for again and again, and never changed
def single_run(network: Network, sign: DeltaSign, *, targets_sum_to_one: bool = True) -> StepGraph:
    """One full pass: forward, loss, backward, update, check run.

    `targets_sum_to_one` tells whether softmax with cross-entropy may collapse to y − t.
    """
    builder = Builder(network, sign, targets_sum_to_one)
    steps = (
        *builder.forward(updated=False),
        *builder.loss(updated=False),
        *builder.output_deltas(),
        *builder.hidden_deltas(),
        *builder.gradients(),
        *builder.updates(),
        *builder.forward(updated=True),
        *builder.loss(updated=True),
    )
    given = (
        *(x(u) for u in network.inputs),
        *network.parameters(),
        *(t(u) for u in network.outputs),
        ETA,
    )
    asked = frozenset(step.quantity for step in steps)
    return StepGraph(network, sign, steps, given, targets_sum_to_one, asked=asked)


@dataclass(frozen=True, slots=True)
class Builder:
    """The steps of one run, section by section."""

    net: Network
    sign: DeltaSign
    targets_sum_to_one: bool

    def signed(self, formula: Formula) -> Formula:
        """Between a delta and the true gradient: the same, or the opposite, by the convention of sign."""
        return formula if self.sign == "gradient" else negative(formula)

    def output_of(self, unit: int, *, updated: bool = False) -> Symbol:
        """What a unit feeds forward: its input or its activation."""
        if unit in self.net.inputs:
            return Symbol(x(unit))
        return Symbol(y(unit).after_update() if updated else y(unit))

    def parameter(self, q: Quantity, *, updated: bool) -> Symbol:
        """A parameter at its time; a fixed bias has no other."""
        stays = q.kind is QuantityKind.BIAS and self.net.bias == "fixed"
        return Symbol(q.after_update() if updated and not stays else q)

    def forward(self, *, updated: bool) -> Iterator[Step]:
        """Weighted sums and activations, layer by layer, unit by unit (softmax: sums first)."""

        def at(q: Quantity) -> Quantity:
            return q.after_update() if updated else q

        for layer in self.net.layers[1:]:
            sums = [Step(at(a(u)), self.weighted_sum(u, updated=updated), Link.WEIGHTED_SUM) for u in layer]
            values = [
                Step(at(y(u)), self.activation(u, [Symbol(at(a(v))) for v in layer]), Link.ACTIVATION)
                for u in layer
            ]
            if self.net.activation_of(layer[0]) == activations.SOFTMAX:
                yield from (*sums, *values)
            else:
                yield from (step for pair in zip(sums, values, strict=True) for step in pair)

    def weighted_sum(self, unit: int, *, updated: bool) -> Formula:
        """A = Σ W·o + b."""
        terms: list[Formula] = [
            product([self.parameter(weight(i, unit), updated=updated), self.output_of(i, updated=updated)])
            for i in self.net.upstream(unit)
        ]
        if self.net.bias != "no":
            terms.append(self.parameter(bias(unit), updated=updated))
        return total(terms)

    def activation(self, unit: int, layer_sums: list[Symbol]) -> Formula:
        """The activation of one unit, given the pre-activations of its layer."""
        layer = self.net.layers[self.net.layer_of(unit)]
        own = layer_sums[layer.index(unit)]
        name = self.net.activation_of(unit)
        if name == activations.SOFTMAX:
            return activations.softmax(own, layer_sums)
        return activations.BY_NAME[name].value(own)

    def loss(self, *, updated: bool) -> Iterator[Step]:
        """Each output's share, where there is more than one, and the total."""
        entry, outputs = losses.BY_NAME[self.net.loss], self.net.outputs
        shares = [
            (loss(k), entry.term(self.output_of(k, updated=updated), Symbol(t(k)), len(outputs)))
            for k in outputs
        ]
        steps = [(loss(), shares[0][1])]
        if len(outputs) > 1:
            steps = [*shares, (loss(), total([Symbol(_at(q, updated=updated)) for q, _ in shares]))]
        for quantity, formula in steps:
            yield Step(_at(quantity, updated=updated), formula, Link.LOSS)

    def output_deltas(self) -> Iterator[Step]:
        """Slope of the loss, slope of the activation, and their product, output by output."""
        entry, outputs = losses.BY_NAME[self.net.loss], self.net.outputs
        slopes = [
            Step(
                loss_slope(k),
                entry.slope(Symbol(y(k)), Symbol(t(k)), len(outputs)),
                Link.LOSS_SLOPE,
            )
            for k in outputs
        ]
        if self.net.is_softmax:
            yield from slopes
            yield from (self.softmax_delta(k) for k in outputs)
            return
        for k, slope in zip(outputs, slopes, strict=True):
            yield slope
            yield self.activation_slope(k)
            yield self.delta(k, Link.OUTPUT_DELTA)

    def softmax_delta(self, unit: int) -> Step:
        """The delta behind a softmax, which has no slope for each unit alone."""
        outputs = self.net.outputs
        ys: list[Formula] = [Symbol(y(k)) for k in outputs]
        slopes: list[Formula] = [Symbol(loss_slope(k)) for k in outputs]
        general = self.signed(activations.softmax_delta(outputs.index(unit), ys, slopes))
        if not (losses.BY_NAME[self.net.loss].collapses == activations.SOFTMAX and self.targets_sum_to_one):
            return Step(delta(unit), general, Link.OUTPUT_DELTA)
        return Step(delta(unit), self.collapsed(unit), Link.OUTPUT_DELTA, (general,))

    def collapsed(self, unit: int) -> Formula:
        """Y − t, or t − y under the other sign."""
        return (
            Symbol(y(unit)) - Symbol(t(unit))
            if self.sign == "gradient"
            else Symbol(t(unit)) - Symbol(y(unit))
        )

    def activation_slope(self, unit: int) -> Step:
        """dy/da of one unit."""
        entry = activations.BY_NAME[self.net.activation_of(unit)]
        formula = entry.slope(Symbol(a(unit)), Symbol(y(unit)))
        return Step(activation_slope(unit), formula, Link.ACTIVATION_SLOPE)

    def delta(self, unit: int, link: Link) -> Step:
        """δ = ±(∂E/∂y)(dy/da)."""
        formula = self.signed(product([Symbol(loss_slope(unit)), Symbol(activation_slope(unit))]))
        collapses = losses.BY_NAME[self.net.loss].collapses
        output = unit in self.net.outputs
        fused = output and collapses is not None and collapses == self.net.activation_of(unit)
        return Step(delta(unit), formula, link, (self.collapsed(unit),) if fused else ())

    def hidden_deltas(self) -> Iterator[Step]:
        """From the last hidden layer back: the paths, their sum, the slope, the delta."""
        for layer in reversed(self.net.layers[1:-1]):
            for j in layer:
                paths = [
                    (k, self.signed(product([Symbol(weight(j, k)), Symbol(delta(k))])))
                    for k in self.net.downstream(j)
                ]
                if len(paths) > 1:
                    for k, term in paths:
                        yield Step(loss_slope(j, via=k), term, Link.HIDDEN_DELTA)
                    summed = total([Symbol(loss_slope(j, via=k)) for k, _ in paths])
                    yield Step(loss_slope(j), summed, Link.HIDDEN_DELTA)
                else:
                    yield Step(loss_slope(j), paths[0][1], Link.HIDDEN_DELTA)
                yield self.activation_slope(j)
                yield self.delta(j, Link.HIDDEN_DELTA)

    def gradients(self) -> Iterator[Step]:
        """∂E/∂W = ±δ·o and ∂E/∂b = ±δ: always the true gradient."""
        for q in self.net.parameters(updated_only=True):
            factors: list[Formula] = [Symbol(delta(q.unit))]
            if q.kind is QuantityKind.WEIGHT:
                factors.append(self.output_of(q.source))
            yield Step(gradient(q), self.signed(product(factors)), Link.GRADIENT)

    def updates(self) -> Iterator[Step]:
        """W_new = W − η·∂E/∂W."""
        for q in self.net.parameters(updated_only=True):
            change = product([Symbol(ETA), Symbol(gradient(q))])
            yield Step(q.after_update(), Symbol(q) - change, Link.UPDATE)


def _at(q: Quantity, *, updated: bool) -> Quantity:
    return q.after_update() if updated else q
