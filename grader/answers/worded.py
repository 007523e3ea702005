"""What is said of a number: its role, its unit or parameter, whether it is the new one; whole, or a part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from exercises.formulas.quantity import Quantity, QuantityKind

_Kind = QuantityKind
PARAMETERS = (_Kind.WEIGHT, _Kind.BIAS)
KINDS = {
    frozenset({"sum"}): _Kind.PRE_ACTIVATION,
    frozenset({"out"}): _Kind.ACTIVATION,
    frozenset({"loss"}): _Kind.LOSS,
    frozenset({"delta"}): _Kind.DELTA,
    frozenset({"delta", "loss"}): _Kind.DELTA,
    frozenset({"slope", "loss"}): _Kind.LOSS_SLOPE,
    frozenset({"slope", "loss", "sum"}): _Kind.LOSS_SLOPE,  # of its paths
    frozenset({"gradient", "loss"}): _Kind.LOSS_SLOPE,
    frozenset({"slope", "out"}): _Kind.ACTIVATION_SLOPE,
    frozenset({"slope", "sum"}): _Kind.ACTIVATION_SLOPE,
}
ROLES_OF = {
    _Kind.PRE_ACTIVATION: {"sum"},
    _Kind.ACTIVATION: {"out"},
    _Kind.LOSS: {"loss"},
    _Kind.DELTA: {"delta"},
    _Kind.LOSS_SLOPE: {"slope", "loss"},
    _Kind.ACTIVATION_SLOPE: {"slope", "out"},
    _Kind.WEIGHT_GRADIENT: {"gradient"},
    _Kind.BIAS_GRADIENT: {"gradient"},
}
ASIDE = frozenset({"old", "change", "given", "input"})
OF_STEP = frozenset({"gradient", "slope", "delta"})  # what an update does not change
MEANT = frozenset({"sum", "out", "loss", "delta", "slope", "gradient"})


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of a number.

    roles:     what it is, and what else the words say of it.
    unit:      the unit; `layer` alone where it is a vector over one.
    parameter: the weight or bias.
    via:       the unit downstream through which a path runs.
    new:       whether it is the value after the update.
    whole:     a quantity whose label or name this is.
    """

    roles: frozenset[str] = frozenset()
    unit: int = 0
    layer: int = 0
    parameter: Quantity | None = None
    via: int = 0
    new: bool = False
    whole: Quantity | None = None

    def __and__(self, other: Wording) -> Wording | None:
        """Both together; None where they contradict each other."""
        if (
            (self.unit and other.unit and self.unit != other.unit)
            or (self.parameter and other.parameter and self.parameter != other.parameter)
            or (self.whole and other.whole)
        ):
            return None
        return Wording(
            self.roles | other.roles,
            self.unit or other.unit,
            self.layer or other.layer,
            self.parameter or other.parameter,
            self.via or other.via,
            self.new or other.new,
            self.whole or other.whole,
        )

    def within(self, around: Wording) -> Wording:
        """The same with what it lacks from what stands around it, which gives way where both cannot hold."""
        outer = around
        if self.new and not self.meant:
            outer = replace(outer, roles=outer.roles - OF_STEP)  # new weights below “gradients”
        if self.meant & OF_STEP:
            outer = replace(outer, new=False)
        both = (self & outer) or self
        if self.meant and both.meant != self.meant and both.meant not in KINDS:
            return replace(both, roles=both.roles - (both.meant - self.meant))
        return both

    def of_neuron(self) -> Wording:
        """The same where an “input” is a neuron's own, which is its sum."""
        return replace(self, roles=self.roles - {"input"} | {"sum"}) if "input" in self.roles else self

    @property
    def meant(self) -> frozenset[str]:
        """The roles that tell what kind of quantity it is."""
        return self.roles & MEANT


NOTHING = Wording()


def of_quantity(q: Quantity) -> Wording:
    """A quantity as a label."""
    if q.kind in PARAMETERS:
        return Wording(parameter=q.before_update(), new=q.updated)
    return Wording(
        frozenset(ROLES_OF.get(q.kind, ())), q.unit, via=q.via, new=q.updated, whole=q.before_update()
    )
