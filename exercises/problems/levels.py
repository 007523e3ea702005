"""How hard an exercise is: five levels, and what a kind and a level leave to be chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from exercises.common.errors import ProblemError
from exercises.formulas.quantity import QuantityKind, of_parameter, parse_name
from exercises.networks.asked_lines import STEP
from exercises.networks.build import build, whole
from exercises.networks.kinds import FORWARD_GIVEN, KINDS, NO_CHECK
from exercises.networks.optimizers import BETA, BETA1, BETA2, EPSILON
from exercises.networks.plan import EVERYTHING, Plan
from exercises.networks.plan_faults import misfits
from exercises.problems import plan_file

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from exercises.networks.kinds import ExerciseKind, Shape
    from exercises.networks.network import BiasMode, Network
    from exercises.networks.plan import KindName

LATER = 3  # the number of an Adam step that begins from a state, so that the powers of β show


@dataclass(frozen=True, slots=True)
class Level:
    """How hard an exercise is.

    says:     what it means, in a sentence.
    bias:     whether units have biases.
    positive: whether all inputs and parameters are positive.
    places:   decimal places that are asked for.
    ask:      what is asked of a whole pass; what comes before it is worked out on the sheet.
    """

    says: str
    bias: BiasMode
    positive: bool
    places: int
    ask: tuple[str, ...]


LEVELS: dict[int, Level] = {
    1: Level(
        "One unit in each layer, or hardly more, no biases, positive numbers, three places; the forward pass "
        "is worked out, and there is no check run.",
        "no", positive=True, places=3, ask=FORWARD_GIVEN,
    ),
    2: Level(
        "Two hidden units and an output, no biases, numbers of either sign, four places; the forward pass is "
        "worked out, and there is no check run.",
        "no", positive=False, places=4, ask=FORWARD_GIVEN,
    ),
    3: Level(
        "The same with biases, and the forward pass is asked too.",
        "yes", positive=False, places=4, ask=NO_CHECK,
    ),
    4: Level(
        "Two outputs, so that deltas are sums over paths, with biases, four places; everything is asked.",
        "yes", positive=False, places=4, ask=(EVERYTHING,),
    ),
    5: Level(
        "Two hidden layers with biases, five places; everything is asked.",
        "yes", positive=False, places=5, ask=(EVERYTHING,),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What a kind and a level choose where nothing else is said.

    shape, bias, places, positive: as in `Level`.
    hidden, output: the activations.
    loss:           as in a network.
    """

    shape: Shape
    bias: BiasMode
    places: int
    positive: bool
    hidden: str
    output: str
    loss: str


def settings(kind: KindName = "full-pass", level: int | None = None) -> Settings:
    """The choices of a kind on a level; without one, its usual size with biases and four places."""
    entry = KINDS[kind]
    chosen = LEVELS[level] if level is not None else replace(LEVELS[3], ask=(EVERYTHING,))
    own = entry.bias if level is None else None
    return Settings(
        shape=entry.shapes[(level or entry.usual) - 1],
        bias=own or chosen.bias,
        places=entry.places or chosen.places,
        positive=chosen.positive and not entry.negative,
        hidden=entry.hidden,
        output=entry.output,
        loss=entry.loss,
    )


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is said of a plan; None, or nothing, where it is left to the kind and the level.

    A full pass of several examples is a batch, of several steps a descent, and where only the update by another
    rule is asked, it is an exercise of that.
    """

    kind: KindName = "full-pass"
    level: int | None = None
    ask: tuple[str, ...] = ()
    examples: int | None = None
    steps: int | None = None
    optimizer: str | None = None
    rows: str = "sources"

    @property
    def meant(self) -> KindName:
        """The kind that is meant."""
        if self.kind != "full-pass":
            return self.kind
        stepping = all(word == "updates" or word.startswith(STEP) for word in self.ask)
        if self.optimizer not in (None, "gradient-descent") and stepping:
            return "optimizer"
        return "batch" if self.examples else "descent" if self.steps else self.kind


def plan_of(wish: PlanRequest, network: Network) -> Plan:
    """The plan that a wish comes to for a network."""
    entry = KINDS[wish.meant]
    optimizer = wish.optimizer or entry.plan.optimizer
    return replace(
        entry.plan,
        kind=entry.name,
        ask=wish.ask or _usual_ask(entry, wish.level, network),
        examples=wish.examples or entry.plan.examples,
        steps=wish.steps or entry.plan.steps,
        optimizer=cast("Any", optimizer),
        rows=cast("Any", wish.rows),
        at_step=LATER if optimizer == "adam" and wish.level != 1 else 1,
    )


def _usual_ask(entry: ExerciseKind, level: int | None, network: Network) -> tuple[str, ...]:
    if entry.asks is not None:
        return entry.asks(network)
    if level is None or not entry.whole_pass:
        return entry.plan.ask
    chosen = LEVELS[level].ask
    return NO_CHECK if chosen == entry.avoids else chosen


def check(plan: Plan, network: Network) -> None:
    """Before anything is drawn, raise ProblemError with what is wrong with a plan for a network."""
    found = [*plan_file.faults(plan), *misfits(network, plan)]
    if not found:
        known = frozenset(q.name for q in whole(network, "gradient", plan=plan).known)
        found = list(plan_file.unknown_words(plan, known))
    if not found and not build(network, "gradient", plan=plan).asked:
        found = ["ask: nothing is left to do; expected words such as deltas, or names of lines"]
    if found:
        raise ProblemError(*found)


def constants(plan: Plan, places: int, network: Network) -> dict[Quantity, Decimal]:
    """The usual numbers of an optimizer, which are not drawn; in its first step Adam begins from nothing.

    β₂ = 0.999 shows nothing within six places: from eight on it is as usual, below it is 0.99, or 0.9.
    """
    if plan.optimizer == "gradient-descent":
        return {}
    if plan.optimizer == "momentum":
        return {BETA: Decimal("0.9")}
    small = Decimal("0.001")  # large enough to see where it was put
    if plan.optimizer == "rmsprop":
        return {BETA: Decimal("0.9"), EPSILON: small}
    begins = plan.at_step == 1
    second = "0.999" if places > 7 else "0.9" if begins else "0.99"  # noqa: PLR2004 - see above
    found = {BETA1: Decimal("0.9"), BETA2: Decimal(second), EPSILON: small}
    for q in _stepped(plan, network) if begins else ():
        found |= {
            of_parameter(kind, q): Decimal(0) for kind in (QuantityKind.MOMENT, QuantityKind.SECOND_MOMENT)
        }
    return found


def _stepped(plan: Plan, network: Network) -> list[Quantity]:
    """The parameters whose steps are asked; all of them where no single ones are named."""
    named = [
        parse_name(name) for verb, _, name in (word.rpartition(" ") for word in plan.ask) if verb == STEP
    ]
    return [q for q in named if q is not None] or list(network.parameters(updated_only=True))
