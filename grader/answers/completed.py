"""The line that a label means, by itself or with what stands around it: the heading above, the unit before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind, bias, gradient, weight
from grader.answers.symbols import Symbols
from grader.answers.worded import ASIDE, KINDS, ROLES_OF, Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.problems.problem import Problem

_Kind = QuantityKind


class Completed:
    """Finds the lines of one problem that labels mean.

    symbol: finds what a spelling of the sheet or of a textbook stands for, given quantities included.
    """

    def __init__(self, problem: Problem, symbol: Callable[[str], Quantity | None]) -> None:
        self.symbols = Symbols(problem, symbol)
        self._net = problem.network
        self._lines = frozenset(problem.graph.by_quantity)

    def meant(self, label: Wording) -> Quantity | None:
        """The line that a label means by itself; None if something is missing, or if there is no such line."""
        q = self._meant(label)
        return q if q in self._lines else None

    def _meant(self, label: Wording) -> Quantity | None:
        roles = label.meant
        if "input" in label.roles:  # of a unit it is the sum
            if not roles <= {"sum"} or not (label.unit or "outer" in label.roles):
                return None
            roles = frozenset({"sum"})
        if label.roles & ASIDE - {"input"}:
            return None
        label = self._of_output(self._of_bias(label))
        roles = label.meant if label.parameter is not None else roles
        if label.parameter is not None:
            return self._of_parameter(label, roles)
        if (
            label.whole is not None
            and label.via == label.whole.via
            and label.unit == label.whole.unit
            and roles == ROLES_OF.get(label.whole.kind, set())
        ):
            return label.whole.after_update() if label.new else label.whole
        kind, unit = self._of_unit(label, roles)
        if kind is None or (kind is not _Kind.LOSS and not unit) or "weight" in label.roles:
            return None
        return Quantity(kind, unit, via=label.via, updated=label.new)

    def _of_unit(self, label: Wording, roles: frozenset[str]) -> tuple[QuantityKind | None, int]:
        """The kind of a unit's quantity and the unit; the output where the output as such is spoken of."""
        kind, unit, outputs = KINDS.get(roles), label.unit, self._net.outputs
        only = outputs[0] if len(outputs) == 1 and not self._is_inside(label) else 0
        if "bias" in label.roles:
            return None, 0
        if not unit and label.layer and len(self._net.layers[label.layer]) == 1:
            unit = self._net.layers[label.layer][0]
        if roles == {"slope"} and "outer" in label.roles:
            kind = _Kind.ACTIVATION_SLOPE  # “slope of the output unit”
        if kind is _Kind.LOSS and unit and unit not in outputs:
            return None, 0
        if kind is _Kind.LOSS:
            return kind, 0 if only else -1 if unit and "total" in label.roles else unit
        alone = kind is _Kind.DELTA and "delta" in self.symbols.letters.places  # beside delta1 and delta2
        if not unit and (kind is _Kind.ACTIVATION or alone or "outer" in label.roles):
            return kind, only
        if kind is None and "out" in roles and (not unit or unit in outputs):
            return KINDS.get(roles - {"out"}), unit or only  # “output delta”
        return kind, unit

    def _of_output(self, label: Wording) -> Wording:
        """A label that speaks of the weights of the output and of the unit where one begins: `W_out_new u3`."""
        last = label.layer == len(self._net.layers) - 1 or bool(label.roles & {"out", "outer"})
        q = weight(label.unit, self._net.outputs[0])
        last = last and len(self._net.outputs) == 1 and label.parameter is None
        if "weight" not in label.roles or not last or q not in self.symbols.pairs.weights:
            return label
        return replace(label, roles=label.roles - {"out", "outer", "weight"}, unit=0, layer=0, parameter=q)

    def _of_bias(self, label: Wording) -> Wording:
        """A label that speaks of the bias of a unit, as that of a parameter: “b of the output”."""
        unit = label.unit or self._only(label)
        if label.parameter is not None or "bias" not in label.roles or not unit:
            return label
        return replace(
            label, parameter=bias(unit), unit=unit, roles=label.roles - {"out", "bias", "place"}, whole=None
        )

    def _only(self, label: Wording) -> int:
        """The one output where a label speaks of the output."""
        told = label.roles & {"out", "outer"} or "b" in self.symbols.letters.places  # b beside b1 and b2
        return self._net.outputs[0] if len(self._net.outputs) == 1 and told else 0

    def _is_inside(self, label: Wording) -> bool:
        """Whether a label speaks of hidden units."""
        return "hidden" in label.roles or 0 < label.layer < len(self._net.layers) - 1

    def complete(self, label: Wording, around: Wording) -> Quantity | None:
        """The line that a label means together with what stands around it: a heading, the head of a table, a unit."""
        if label.roles == {"old"} and around.meant and not around.new and around.parameter is None:
            return self.meant(around)  # “before” below “loss”
        if label.roles & ASIDE - {"input"} or (label.whole is not None and label.whole not in self._lines):
            return None
        outer = "outer" in around.roles or around.roles >= {"out", "delta"}  # below “output delta”
        if outer and not (around.unit or around.parameter or around.layer) and len(self._net.outputs) == 1:
            around = replace(around, unit=self._net.outputs[0])  # “output layer: weighted sum”
        if label.unit or around.unit:
            label = label.of_neuron()
        if label.roles == {"bias"} and not label.unit and around.unit:
            label = replace(label, unit=around.unit)
        label = self._of_bias(label)
        if label.parameter is not None and not (label.meant or label.new):
            return self._complete_parameter(label, around)
        if label.parameter is None and around.parameter is not None and (label.meant or label.new):
            return self.meant(replace(label, parameter=around.parameter, unit=0))
        return self._complete_unit(label, around)

    def _complete_unit(self, label: Wording, around: Wording) -> Quantity | None:
        """What is said of a unit by what stands around it, or the unit of what is said."""
        of_output = around.unit in self._net.outputs and len(self._net.outputs) > 1  # its loss may be its own
        if label.roles == {"place"} and label.unit and not around.meant - {"loss"}:
            label = replace(label, roles=frozenset({"out"}))  # h1 = 0.59
        unit_is_meant = label.meant and "total" not in label.roles and (label.meant != {"loss"} or of_output)
        if unit_is_meant and not label.unit and around.unit:
            label = replace(label, unit=around.unit, via=label.via or around.via, whole=None)
        if not label.meant:
            if not (label.unit or not label.roles - {"answer", "total", "outer"}):
                return None
            label = replace(label, roles=label.roles | around.meant, unit=label.unit or around.unit)
        if label.meant == {"slope"} and label.unit and around.meant & {"out", "sum"}:
            label = replace(label, roles=label.roles | {"out"})
        return self.meant(label)

    def _complete_parameter(self, label: Wording, around: Wording) -> Quantity | None:
        """What is said of a weight by what stands around it: its gradient, or that it is the new one."""
        roles = around.meant & {"gradient", "slope"} or around.meant & {"loss"}
        if bool(roles) == around.new or "loss" in roles:
            return None  # both are spoken of, or neither
        return self.meant(replace(label, roles=label.roles | roles, new=around.new))

    def _of_parameter(self, label: Wording, roles: frozenset[str]) -> Quantity | None:
        q = label.parameter
        if q is None or (label.unit and label.unit != q.unit):
            return None
        if not roles:
            return q.after_update() if label.new else None
        if label.new or not roles <= {"gradient", "slope", "loss"} or roles == {"loss"}:
            return None
        return gradient(q)
