"""Mistakes in one step of momentum, RMSprop or Adam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.formulas.formula import Apply, Formula, Power, Quotient, Symbol, as_formula, product
from exercises.formulas.functions import SQRT
from exercises.formulas.quantity import (
    ETA,
    Link,
    Quantity,
    QuantityKind,
    gradient,
    of_parameter,
    parameter_of,
)
from exercises.networks.optimizers import BETA, BETA1, BETA2, EPSILON
from grader.mistakes.base import COMMON, RARE, Entries, Mistake, StepPlace, WrongFormula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.mistakes.base import Changes

UPDATE = Link.UPDATE
_FIRST, _SECOND = (QuantityKind.MOMENT,), (QuantityKind.SECOND_MOMENT,)
_MOMENTS = (QuantityKind.MOMENT, QuantityKind.SECOND_MOMENT)
_HATS = (QuantityKind.MOMENT_HAT, QuantityKind.SECOND_MOMENT_HAT)
_VALUES = (QuantityKind.WEIGHT, QuantityKind.BIAS)
_MOMENTUM, _RMSPROP, _ADAM = ("momentum",), ("rmsprop",), ("adam",)
_SQUARED, _EVERY = ("rmsprop", "adam"), ("momentum", "rmsprop", "adam")


@dataclass(frozen=True, slots=True)
class StepParts:
    """What a line of an optimizer's step is made from.

    place:     the line.
    parameter: whose step it is.
    """

    place: StepPlace
    parameter: Quantity

    @property
    def adam(self) -> bool:
        """Whether the rule is Adam's."""
        return self.place.graph.plan.optimizer == "adam"

    @property
    def step(self) -> int:
        """The number of the step."""
        return self.place.graph.plan.at_step

    def of(self, kind: QuantityKind, *, new: bool = False) -> Symbol:
        """A quantity of the parameter: its value, a moment."""
        q = of_parameter(kind, self.parameter)
        return Symbol(q.after_update() if new else q)

    @property
    def is_first(self) -> bool:
        """Whether the line is one of the first moment."""
        return self.place.q.kind in (QuantityKind.MOMENT, QuantityKind.MOMENT_HAT)

    @property
    def moment(self) -> QuantityKind:
        """The moment that the line is about."""
        return QuantityKind.MOMENT if self.is_first else QuantityKind.SECOND_MOMENT

    @property
    def old(self) -> Symbol:
        """The moment before this step."""
        return self.of(self.moment)

    @property
    def new(self) -> Symbol:
        """The moment after this step."""
        return self.of(self.moment, new=True)

    @property
    def value(self) -> Symbol:
        """The parameter before this step."""
        return Symbol(self.parameter)

    @property
    def g(self) -> Symbol:
        """The gradient."""
        return Symbol(gradient(self.parameter))

    @property
    def power(self) -> Formula:
        """What is averaged: the gradient, or its square."""
        return self.g if self.is_first else self.g**2

    @property
    def beta(self) -> Symbol:
        """The moment's own decay."""
        return Symbol((BETA1 if self.is_first else BETA2) if self.adam else BETA)

    @property
    def other(self) -> Symbol:
        """The decay of the other moment."""
        return Symbol((BETA2 if self.is_first else BETA1) if self.adam else BETA)

    @property
    def over(self) -> Symbol:
        """What the step divides."""
        return self.of(QuantityKind.MOMENT_HAT) if self.adam else self.g

    @property
    def under(self) -> Symbol:
        """Under whose root it is divided."""
        return (
            self.of(QuantityKind.SECOND_MOMENT_HAT)
            if self.adam
            else self.of(QuantityKind.SECOND_MOMENT, new=True)
        )

    @property
    def by(self) -> Formula:
        """What η is multiplied by."""
        if self.place.graph.plan.optimizer == "momentum":
            return self.of(QuantityKind.MOMENT, new=True)
        return Quotient(self.over, root(self.under) + Symbol(EPSILON))

    def moved(self, by: Formula) -> Formula:
        """The value less η times something."""
        return self.value - product([Symbol(ETA), by])

    def divided(self, over: Formula, under: Formula) -> Formula:
        """The value less η times a quotient with a root."""
        return self.moved(Quotient(over, root(under) + Symbol(EPSILON)))

    def to_the(self, base: Formula, power: int) -> Formula:
        """A power, the first included."""
        return base if power == 1 else Power(base, power)

    def words(self) -> dict[str, Quantity | Formula | str]:
        """What the sentences speak of."""
        return {
            "gradient": self.g,
            "power": self.power,
            "old": self.old,
            "state": self.new,
            "beta": self.beta,
            "other": self.other,
            "value": self.value,
            "epsilon": EPSILON,
            "over": self.over,
            "under": self.under,
            "velocity": self.of(QuantityKind.MOMENT, new=True),
            "before": self.of(QuantityKind.MOMENT),
            "mean": self.of(QuantityKind.SECOND_MOMENT, new=True),
            "step": str(self.step),
        }


def root(formula: Formula) -> Formula:
    """A square root."""
    return Apply(SQRT, formula)


def _at(
    kinds: tuple[QuantityKind, ...], rules: tuple[str, ...], wrong: Callable[[StepParts], Iterable[Formula]]
) -> Changes:
    """Wrong formulas for the lines of some kinds, under some rules."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if place.q.kind not in kinds or place.graph.plan.optimizer not in rules:
            return
        if place.q.kind not in _HATS and not place.q.updated:
            return
        parts = StepParts(place, parameter_of(place.q).before_update())
        for formula in wrong(parts):
            yield WrongFormula(formula, parts.words())

    return changes


def _average(p: StepParts, old: Formula, new: Formula) -> Formula:
    return product([p.beta, old]) + product([1 - p.beta, new])


MISTAKES = Entries()


MISTAKES += [
    Mistake(
        "M01", "old state forgotten", UPDATE,
        _at(_MOMENTS, _EVERY, lambda p: [p.power, product([1 - p.beta, p.power])]),
        "{old} is missing: what earlier steps have left goes on.",
        "What does this step take over from the steps before?",
        source="In its first step the mean of squares is set to g² itself (github.com/zc911/MatrixSlow/issues/28)",
        weight=COMMON, exercise="momentum",
    ),
    Mistake(
        "M02", "1 − β at the gradient", UPDATE,
        _at(_FIRST, _MOMENTUM, lambda p: [_average(p, p.old, p.g)]),
        "{gradient} was multiplied by 1 − {beta}; the velocity of this sheet takes it whole.",
        "Which form of momentum does the box state?",
        source="A reader misses the factor 1 − β of damped momentum (github.com/fastai/fastbook/issues/174)",
        weight=COMMON, exercise="momentum",
    ),
    Mistake(
        "M03", "gradient subtracted from the velocity", UPDATE,
        _at(_FIRST, _MOMENTUM, lambda p: [product([p.beta, p.old]) - p.g, p.g - product([p.beta, p.old])]),
        "old velocity and gradient have opposite signs; here both are added, and the step subtracts.",
        "In which line is the sign of descent?",
        source="v = γv − αg with θ + v, taken for a wrong sign (github.com/IDSIA/brainstorm/issues/96)",
        weight=COMMON, exercise="momentum",
    ),
    Mistake(
        "M04", "η inside the velocity", UPDATE,
        _at(
            _FIRST, _MOMENTUM,
            lambda p: [
                product([p.beta, p.old]) + product([Symbol(ETA), p.g]),
                product([p.beta, p.old]) - product([Symbol(ETA), p.g]),
                product([Symbol(ETA), product([p.beta, p.old]) + p.g]),
            ],
        ),
        "the learning rate was multiplied in here; on this sheet it belongs to the last line.",
        "Where does the box put η?",
        source=(
            "velocity = past_velocity * momentum + learning_rate * gradient "
            "(github.com/fchollet/deep-learning-with-python-notebooks/issues/19)"
        ),
        weight=COMMON, exercise="momentum",
    ),
    Mistake(
        "M05", "β left out", UPDATE,
        _at(_MOMENTS, _EVERY, lambda p: [p.old + p.power, p.old + product([1 - p.beta, p.power])]),
        "{old} was taken whole; only the part {beta} of it is kept.",
        "How much of the old state is kept?",
        exercise="momentum",
    ),
    Mistake(
        "M06", "β at the gradient", UPDATE,
        _at(_FIRST, _MOMENTUM, lambda p: [p.old + product([p.beta, p.g]), product([p.beta, p.old + p.g])]),
        "{beta} was multiplied into the gradient; it belongs to the old velocity alone.",
        "To which of the two does β belong?",
        exercise="momentum",
    ),
    Mistake(
        "M07", "gradient forgotten", UPDATE,
        _at(_MOMENTS, _EVERY, lambda p: [product([p.beta, p.old])]),
        "only the old part is there; the gradient of this step is missing.",
        "What does this step add?",
        exercise="momentum",
    ),
    Mistake(
        "M08", "gradient in place of the velocity", UPDATE,
        _at(_VALUES, _MOMENTUM, lambda p: [p.moved(p.g)]),
        "the step was taken with {gradient}, as without momentum; it is taken with {velocity}.",
        "What is the velocity for?",
        weight=2 * COMMON, exercise="momentum",
    ),
    Mistake(
        "M09", "old velocity in the step", UPDATE,
        _at(_VALUES, _MOMENTUM, lambda p: [p.moved(p.of(QuantityKind.MOMENT))]),
        "the step was taken with the old {before}; it is taken with {velocity}.",
        "Which comes first, the velocity or the step?",
        weight=COMMON, exercise="momentum",
    ),
    Mistake(
        "M10", "velocity and gradient both", UPDATE,
        _at(_VALUES, _MOMENTUM, lambda p: [p.moved(p.of(QuantityKind.MOMENT, new=True) + p.g)]),
        "{gradient} was subtracted beside {velocity}, which has it in it already.",
        "What is already inside the velocity?",
        exercise="momentum",
    ),
    Mistake(
        "M11", "a look ahead", UPDATE,
        _at(_VALUES, _MOMENTUM, lambda p: [p.moved(product([Symbol(BETA), p.of(QuantityKind.MOMENT, new=True)]) + p.g)]),
        "this is the step of Nesterov's momentum; the sheet asks for plain momentum, with {velocity} alone.",
        "Which form of momentum does the box state?",
        source=(
            "w + momentum * velocity − learning_rate * gradient, given as momentum "
            "(github.com/fchollet/deep-learning-with-python-notebooks/issues/289)"
        ),
        exercise="momentum",
    ),
    Mistake(
        "M12", "step uphill", UPDATE,
        _at(_VALUES, _EVERY, lambda p: [p.value + product([Symbol(ETA), p.by])]),
        "the step was added to {value}; descent subtracts it.",
        "Against the slope or with it?",
        weight=2 * COMMON, exercise="momentum",
    ),
    Mistake(
        "M13", "η forgotten", UPDATE,
        _at(_VALUES, _EVERY, lambda p: [p.value - p.by]),
        "the step was taken without the learning rate.",
        "How long is the step?",
        weight=COMMON, exercise="momentum",
    ),
    Mistake(
        "M14", "old value left out", UPDATE,
        _at(_VALUES, _EVERY, lambda p: [product([Symbol(ETA), p.by]), -product([Symbol(ETA), p.by])]),
        "this is the step alone; {value} is missing.",
        "From where does the step start?",
        weight=COMMON, exercise="momentum",
    ),
    Mistake(
        "M20", "gradient not squared", UPDATE,
        _at(_SECOND, _SQUARED, lambda p: [_average(p, p.old, p.g)]),
        "{gradient} was averaged itself; here its square is.",
        "Can a mean of squares become negative?",
        source=(
            "running_avg without gradient ** 2, in answers for interviews "
            "(github.com/Devinterview-io/gradient-descent-interview-questions/issues/1)"
        ),
        weight=2 * COMMON, exercise="rmsprop",
    ),
    Mistake(
        "M21", "β and 1 − β exchanged", UPDATE,
        _at(_MOMENTS, _EVERY, lambda p: [product([1 - p.beta, p.old]) + product([p.beta, p.power])]),
        "{beta} and 1 − {beta} are exchanged: most of the old state is kept, and little of the new is added.",
        "Which of the two counts for more, the old state or this one gradient?",
        source="beta1 and beta2 are 1 − beta1 and 1 − beta2 (github.com/mila-iqia/blocks/issues/1159)",
        weight=2 * COMMON, exercise="rmsprop",
    ),
    Mistake(
        "M22", "1 − β left out", UPDATE,
        _at(_MOMENTS, _SQUARED, lambda p: [product([p.beta, p.old]) + p.power]),
        "{power} was added whole; only the part 1 − {beta} of it is.",
        "Do the two weights of a mean add up to 1?",
        source="Adam without the factors 1 − β₁ and 1 − β₂ (github.com/PennyLaneAI/pennylane/issues/1928)",
        weight=COMMON, exercise="rmsprop",
    ),
    Mistake(
        "M23", "square taken over too much", UPDATE,
        _at(
            _SECOND, _SQUARED,
            lambda p: [product([p.beta, p.old]) + product([1 - p.beta, p.g]) ** 2, _average(p, p.old, p.g) ** 2],
        ),
        "more than {gradient} was squared.",
        "What exactly carries the square?",
        exercise="rmsprop",
    ),
    Mistake(
        "M24", "root forgotten", UPDATE,
        _at(_VALUES, _SQUARED, lambda p: [p.moved(Quotient(p.over, p.under + Symbol(EPSILON)))]),
        "the step was divided by {under} itself; it is divided by its square root.",
        "In which unit is a mean of squares, in which the gradient?",
        source="RMSprop in lecture notes, with x² where √x belongs (github.com/hiromis/notes/issues/52)",
        weight=2 * COMMON, exercise="rmsprop",
    ),
    Mistake(
        "M25", "ε inside the root", UPDATE,
        _at(_VALUES, _SQUARED, lambda p: [p.moved(Quotient(p.over, root(p.under + Symbol(EPSILON))))]),
        "{epsilon} was added before the root was taken; on this sheet it is added after it.",
        "What stands under the root in the box?",
        source="sqrt(a + epsilon) where papers have sqrt(a) + epsilon (github.com/keras-team/keras/issues/435)",
        weight=COMMON, exercise="rmsprop",
    ),
    Mistake(
        "M26", "old mean of squares in the step", UPDATE,
        _at(_VALUES, _RMSPROP, lambda p: [p.divided(p.over, p.of(QuantityKind.SECOND_MOMENT))]),
        "the old mean of squares was used; the step divides by that of this step, {mean}.",
        "Which comes first, the mean or the step?",
        weight=COMMON, exercise="rmsprop",
    ),
    Mistake(
        "M27", "not divided", UPDATE,
        _at(_VALUES, _SQUARED, lambda p: [p.moved(p.over)]),
        "the step was taken with {over} alone; it is divided by the root of {under}.",
        "What makes the steps of all parameters about equally long?",
        weight=COMMON, exercise="rmsprop",
    ),
    Mistake(
        "M28", "multiplied by the root", UPDATE,
        _at(_VALUES, _SQUARED, lambda p: [p.moved(product([p.over, root(p.under) + Symbol(EPSILON)]))]),
        "{over} was multiplied by the root; it is divided by it.",
        "Should a parameter with large gradients take a longer or a shorter step?",
        exercise="rmsprop",
    ),
    Mistake(
        "M29", "ε left out", UPDATE,
        _at(_VALUES, _SQUARED, lambda p: [p.moved(Quotient(p.over, root(p.under)))]),
        "{epsilon} is missing below.",
        "Is everything there that the box has below?",
        exercise="rmsprop",
    ),
    Mistake(
        "M30", "ε added to the quotient", UPDATE,
        _at(_VALUES, _SQUARED, lambda p: [p.moved(Quotient(p.over, root(p.under)) + Symbol(EPSILON))]),
        "{epsilon} was added after the division; it stands below.",
        "How far does the line of the fraction reach?",
        exercise="rmsprop", weight=COMMON,
    ),
    Mistake(
        "M31", "gradient squared in the step", UPDATE,
        _at(_VALUES, _RMSPROP, lambda p: [p.divided(p.g**2, p.under)]),
        "{gradient} was squared in the step too; only its mean below is one of squares.",
        "Which way does the step go, if the gradient is squared?",
        weight=RARE, exercise="rmsprop",
    ),
]  # fmt: skip


def _other_decay(p: StepParts) -> list[Formula]:
    return [
        product([p.other, p.old]) + product([1 - p.other, p.power]),
        product([p.other, p.old]) + product([1 - p.beta, p.power]),
        product([p.beta, p.old]) + product([1 - p.other, p.power]),
    ]


MISTAKES += [
    Mistake(
        "M40", "the other moment's β", UPDATE, _at(_MOMENTS, _ADAM, _other_decay),
        "{other} is that of the other moment; this one decays with {beta}.",
        "Which β goes with which moment?",
        source="A decay formula with l1 as l2 and vice versa (github.com/OverLordGoldDragon/keras-adamw/issues/39)",
        weight=2 * COMMON, exercise="adam",
    ),
]  # fmt: skip


MISTAKES += [
    Mistake(
        "M41", "square in the first moment", UPDATE,
        _at(_FIRST, _ADAM, lambda p: [_average(p, p.old, p.g**2)]),
        "{gradient} was squared; that is for the second moment.",
        "Which moment is a mean of squares?",
        weight=RARE, exercise="adam",
    ),
    Mistake(
        "M50", "correction forgotten", UPDATE, _at(_HATS, _ADAM, lambda p: [p.new]),
        "this is {state} as it was; it still has to be divided.",
        "What does the hat stand for?",
        source="Two steps of Adam are missing, the bias-corrected moments (github.com/BVLC/caffe/issues/4224)",
        weight=2 * COMMON, exercise="adam",
    ),
]  # fmt: skip


def _wrong_powers(p: StepParts) -> list[Formula]:
    powers = sorted({p.step - 1, p.step + 1, 1, 2} - {p.step, 0})
    return [Quotient(p.new, 1 - p.to_the(p.beta, k)) for k in powers]


MISTAKES += [
    Mistake(
        "M51", "wrong power in the correction", UPDATE, _at(_HATS, _ADAM, _wrong_powers),
        "{beta} was raised to another power; this is step {step}.",
        "Which step is this?",
        source="The correction is not raised to t (github.com/eriklindernoren/ML-From-Scratch/issues/35)",
        weight=2 * COMMON, exercise="adam",
    ),
]  # fmt: skip


def _bracket_raised(p: StepParts) -> list[Formula]:
    return [Quotient(p.new, p.to_the(1 - p.beta, p.step))] if p.step > 1 else []


MISTAKES += [
    Mistake(
        "M52", "the bracket raised", UPDATE, _at(_HATS, _ADAM, _bracket_raised),
        "the whole bracket was raised to the power {step}; only {beta} is.",
        "What exactly carries the exponent?",
        source="(1 − β)ᵗ and 1 − βᵗ, exchanged (github.com/PennyLaneAI/pennylane/issues/1928)",
        weight=COMMON, exercise="adam",
    ),
]  # fmt: skip


def _times_step(p: StepParts) -> list[Formula]:
    return [Quotient(p.new, 1 - product([as_formula(p.step), p.beta]))] if p.step > 1 else []


MISTAKES += [
    Mistake(
        "M53", "power taken as a multiple", UPDATE, _at(_HATS, _ADAM, _times_step),
        "{beta} was multiplied by {step}; it is raised to the power {step}.",
        "What does the small raised figure mean?",
        weight=RARE, exercise="adam",
    ),
]  # fmt: skip


MISTAKES += [
    Mistake(
        "M54", "multiplied by the correction", UPDATE,
        _at(_HATS, _ADAM, lambda p: [product([p.new, 1 - p.to_the(p.beta, p.step)])]),
        "{state} was multiplied; it is divided.",
        "Is a moment that began at 0 too small or too large?",
        source="convnetjs multiplies where the paper divides (github.com/karpathy/convnetjs/pull/70)",
        weight=COMMON, exercise="adam",
    ),
    Mistake(
        "M55", "the other moment's β in the correction", UPDATE,
        _at(_HATS, _ADAM, lambda p: [Quotient(p.new, 1 - p.to_the(p.other, p.step))]),
        "{other} is that of the other moment; this one is corrected with {beta}.",
        "Which β goes with which moment?",
        weight=COMMON, exercise="adam",
    ),
    Mistake(
        "M56", "the 1 of the correction lost", UPDATE,
        _at(_HATS, _ADAM, lambda p: [Quotient(p.new, p.to_the(p.beta, p.step))]),
        "{state} was divided by the power of {beta} itself; it is divided by 1 less that power.",
        "By what does the box divide?",
        exercise="adam",
    ),
    Mistake(
        "M57", "old moment corrected", UPDATE,
        _at(_HATS, _ADAM, lambda p: [Quotient(p.old, 1 - p.to_the(p.beta, p.step))]),
        "the old {old} was divided; it is {state}, with this step's gradient in it.",
        "Which moment wears the hat?",
        exercise="adam",
    ),
    Mistake(
        "M60", "first moment not corrected", UPDATE,
        _at(_VALUES, _ADAM, lambda p: [p.divided(p.of(QuantityKind.MOMENT, new=True), p.under)]),
        "{velocity} stands above, without its correction; it is {over}.",
        "Do both moments wear their hats?",
        weight=COMMON, exercise="adam",
    ),
    Mistake(
        "M61", "second moment not corrected", UPDATE,
        _at(_VALUES, _ADAM, lambda p: [p.divided(p.over, p.of(QuantityKind.SECOND_MOMENT, new=True))]),
        "{mean} stands below, without its correction; it is {under}.",
        "Do both moments wear their hats?",
        weight=COMMON, exercise="adam",
    ),
    Mistake(
        "M62", "neither moment corrected", UPDATE,
        _at(
            _VALUES, _ADAM,
            lambda p: [p.divided(p.of(QuantityKind.MOMENT, new=True), p.of(QuantityKind.SECOND_MOMENT, new=True))],
        ),
        "the step was taken with {velocity} and {mean}; it is taken with {over} and {under}.",
        "Do both moments wear their hats?",
        source="Adam without bias correction (github.com/oxiglade/mlx-rs/issues/301)",
        weight=COMMON, exercise="adam",
    ),
    Mistake(
        "M63", "first moment under the root", UPDATE,
        _at(_VALUES, _ADAM, lambda p: [p.divided(p.over, p.over), p.divided(p.under, p.over)]),
        "{over} stands under the root, where {under} belongs.",
        "Which moment is a mean of squares?",
        exercise="adam",
    ),
    Mistake(
        "M64", "gradient in place of the first moment", UPDATE,
        _at(_VALUES, _ADAM, lambda p: [p.divided(p.g, p.under)]),
        "the step was taken with {gradient}; it is taken with its mean, {over}.",
        "What is the first moment for?",
        weight=COMMON, exercise="adam",
    ),
]  # fmt: skip
