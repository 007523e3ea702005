"""The kinds of exercise, an entry for each: what it needs, which lines it has, what it asks, how it is drawn.

What its page says is in `exercises.pages.kinds_on_pages`, under the same name; how it is made of a drawn full
pass, where it is, in `exercises.problems.recast`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exercises.formulas.quantity import weight
from exercises.networks.activations import KINKED, NAMES
from exercises.networks.added_lines import with_ratios
from exercises.networks.asked_lines import CHAIN, STEP, chained
from exercises.networks.losses import BY_NAME as LOSSES
from exercises.networks.plan import EVERYTHING, FULL, KindName, Plan
from exercises.networks.solution_graph import OTHER_RULE, PLANTED, SolutionKind
from exercises.networks.warmup_function import NO_NETWORK
from exercises.networks.warmup_patterns import COMPOSITES, GRAPHS, Patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.networks.network import BiasMode, Network
    from exercises.networks.steps import StepGraph

Shape = tuple[int, ...]
Shapes = tuple[Shape, Shape, Shape, Shape, Shape]
NO_CHECK = ("no-check-run",)
FORWARD_GIVEN = ("deltas", "gradients", "updates")


# --- what a kind needs of a network and a plan: a sentence for each fault ---


def _nothing(_: Network, __: Plan) -> Iterator[str]:
    yield from ()


def _chain(_: Network, plan: Plan) -> Iterator[str]:
    if not chained(plan):
        yield 'kind: chain needs a weight to follow; expected ask = "chain W13" or the like'


def _examples(_: Network, plan: Plan) -> Iterator[str]:
    if plan.examples < 2:  # noqa: PLR2004 - one is no batch
        yield "kind: batch needs several examples; expected examples = 2 or more"


def _steps(_: Network, plan: Plan) -> Iterator[str]:
    if plan.steps < 2:  # noqa: PLR2004 - one is the full pass
        yield "kind: descent needs several steps; expected steps = 2 or more"


def _kink(network: Network, _: Plan) -> Iterator[str]:
    if not any(name in KINKED for name in network.activations[:-1]):
        yield f"kind: relu needs a hidden layer with {' or '.join(n for n in NAMES if n in KINKED)}"


def _depth(network: Network, plan: Plan) -> Iterator[str]:
    if len(network.layers) < 4:  # noqa: PLR2004 - inputs, two hidden layers, outputs
        yield "kind: vanishing needs two hidden layers or more, such as shape = [1, 1, 1, 1, 1]"
    if max(plan.examples, plan.steps) > 1:
        yield "kind: vanishing looks at a single run; leave out examples and steps"


def _rule(_: Network, plan: Plan) -> Iterator[str]:
    if plan.optimizer == "gradient-descent":
        yield 'kind: optimizer needs a rule; expected optimizer = "momentum", "rmsprop" or "adam"'


def _pair(network: Network, plan: Plan) -> Iterator[str]:
    if LOSSES[network.loss].collapses != network.activations[-1]:
        yield "kind: collapse needs softmax with cross-entropy, or sigmoid with binary-cross-entropy"
    yield from _one_run(network, plan)


def _one_run(_: Network, plan: Plan) -> Iterator[str]:
    if max(plan.examples, plan.steps) > 1 or plan.optimizer != "gradient-descent":
        yield f"kind: {plan.kind} is about a single run; leave out examples, steps and optimizer"


def _solution(network: Network, plan: Plan) -> Iterator[str]:
    yield from _one_run(network, plan)
    if plan.ask != (EVERYTHING,):
        yield f"ask: what {plan.kind} asks is settled; leave ask out"


def _planted(network: Network, plan: Plan) -> Iterator[str]:
    yield from _solution(network, plan)
    if len(plan.planted) < 2:  # noqa: PLR2004 - code and line
        yield 'planted: expected the code of a mistake and the line it was made in, such as ["H03", "delta3"]'


def _function(network: Network, plan: Plan) -> Iterator[str]:
    if plan.function is None and network is not NO_NETWORK:  # else there is one, but it cannot be read
        yield f'function is missing; {plan.kind} needs one, such as "sin(x^2 + 1)"'


# --- what it asks of a network where nothing else is said ---


def _first_chain(network: Network) -> tuple[str, ...]:
    return (f"{CHAIN} {weight(network.inputs[0], network.layers[1][0]).name}",)


def _two_steps(network: Network) -> tuple[str, ...]:
    first = weight(network.inputs[0], network.layers[1][0])
    last = weight(network.layers[-2][0], network.outputs[0])
    return tuple(f"{STEP} {q.name}" for q in dict.fromkeys([first, last]))


@dataclass(frozen=True, slots=True)
class ExerciseKind:
    """What a kind of exercise is, and how it is drawn where nothing else is said.

    name:       as in a problem file and behind `--kind`.
    shapes:     the size of the network on each of the five levels.
    usual:      the level that is drawn where none is asked for.
    hidden, output: the activations.
    loss:       the loss.
    bias:       as in a network; None leaves it to the level.
    places:     decimal places that are asked for; None leaves it to the level.
    plan:       its plan, but for its name, and for what `asks` adds.
    needs:      what it needs of a network and a plan: a sentence for each fault.
    adds:       what it makes of the lines of a plain pass.
    asks:       what it asks of a network; None leaves it to the plan.
    whole_pass: whether it goes through a whole pass, of which a level may give a part worked out.
    avoids:     what of a pass it never asks by itself; everything but the check run instead.
    negative:   whether it needs numbers of either sign, on whatever level.
    fades:      whether its deltas may be as small as any line, because they shrink.
    cancels:    whether δ in letters is asked as short as it gets.
    solution:   the worked solution with a mistake in it that its sheet prints, if it does.
    functions:  for a warm-up, which has no network, the patterns of its functions by level.
    """

    name: KindName
    shapes: Shapes
    usual: int = 3
    hidden: str = "sigmoid"
    output: str = "sigmoid"
    loss: str = "half-squared-error"
    bias: BiasMode | None = None
    places: int | None = None
    plan: Plan = FULL
    needs: Callable[[Network, Plan], Iterator[str]] = _nothing
    adds: Callable[[StepGraph], StepGraph] | None = None
    asks: Callable[[Network], tuple[str, ...]] | None = None
    whole_pass: bool = True
    avoids: tuple[str, ...] = ()
    negative: bool = False
    fades: bool = False
    cancels: bool = False
    solution: SolutionKind | None = None
    functions: Patterns | None = None

    @property
    def usual_plan(self) -> Plan:
        """The plan of an exercise of this kind of which nothing else is said."""
        return replace(self.plan, kind=self.name)

    @property
    def planted(self) -> bool:
        """Whether a mistake of a catalogue is planted in it."""
        return self.solution is not None and self.solution.planted


_SMALL: Shapes = ((1, 1, 1), (2, 2, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1))
_SMALLER: Shapes = ((1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2))
_SOLUTIONS: Shapes = ((1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1))
_NO_NETWORK: Shapes = ((1, 1),) * 5
KINDS: dict[KindName, ExerciseKind] = {
    entry.name: entry
    for entry in (
        ExerciseKind("full-pass", _SMALL),
        ExerciseKind("chain", _SMALL, needs=_chain, asks=_first_chain, whole_pass=False),
        ExerciseKind(
            "batch", _SMALLER, usual=2, bias="no", plan=Plan(ask=NO_CHECK, examples=2), needs=_examples,
            avoids=(EVERYTHING,),
        ),
        ExerciseKind(  # a second step whose forward pass is given would not begin with the student's own weights
            "descent", _SMALLER, usual=2, bias="no", plan=Plan(steps=2), needs=_steps, avoids=FORWARD_GIVEN,
        ),
        ExerciseKind(
            "relu", ((1, 2, 1), (2, 2, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1)), hidden="relu", needs=_kink,
            negative=True,
        ),
        ExerciseKind(
            "vanishing", ((1, 1, 1, 1), (1, 1, 1, 1, 1), (1, 1, 1, 1, 1), (2, 2, 2, 2, 1), (2, 2, 2, 2, 2, 1)),
            places=6, plan=Plan(ask=("deltas",)), needs=_depth, adds=with_ratios, whole_pass=False, fades=True,
        ),
        ExerciseKind(
            "optimizer", _SMALL, places=6, plan=Plan(optimizer="momentum"), needs=_rule, asks=_two_steps,
            whole_pass=False,
        ),
        ExerciseKind(
            "matrix", ((2, 2, 1), (2, 3, 1), (2, 3, 1), (3, 2, 2), (2, 3, 2, 1)), plan=Plan(ask=("matrices",)),
            needs=_one_run, whole_pass=False,
        ),
        ExerciseKind(
            "collapse", ((1, 2), (2, 2), (2, 2, 2), (2, 2, 3), (2, 2, 2, 2)), output="softmax", loss="cross-entropy",
            plan=Plan(ask=NO_CHECK), needs=_pair, whole_pass=False, cancels=True,
        ),
        ExerciseKind("find-the-mistake", _SOLUTIONS, needs=_planted, whole_pass=False, solution=PLANTED),
        ExerciseKind("convention", _SOLUTIONS, needs=_solution, whole_pass=False, solution=OTHER_RULE),
        ExerciseKind("composite", _NO_NETWORK, needs=_function, functions=COMPOSITES),
        ExerciseKind("computation-graph", _NO_NETWORK, needs=_function, functions=GRAPHS, negative=True),
    )
}  # fmt: skip


def kind_of(plan: Plan) -> ExerciseKind:
    """The kind of exercise that a plan is of."""
    return KINDS[plan.kind]
