"""The kinds of exercise: what each is drawn with. What its page says is in `exercises.pages.tasks`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises.networks.plan import FULL, KindName, Plan

if TYPE_CHECKING:
    from exercises.networks.network import BiasMode

Shape = tuple[int, ...]
NO_CHECK = ("no-check-run",)


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
    plan:       its plan, but for a chain's weight and the like: see `usual_plan`.
    negative:   whether it needs numbers of either sign, on whatever level.
    whole_pass: whether it goes through a whole pass, of which a level may give a part worked out.
    """

    name: KindName
    shapes: tuple[Shape, Shape, Shape, Shape, Shape]
    usual: int = 3
    hidden: str = "sigmoid"
    output: str = "sigmoid"
    loss: str = "half-squared-error"
    bias: BiasMode | None = None
    places: int | None = None
    plan: Plan = field(default=FULL)
    negative: bool = False
    whole_pass: bool = True


_SMALL: tuple[Shape, Shape, Shape, Shape, Shape] = ((1, 1, 1), (2, 2, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1))


_SOLUTIONS: tuple[Shape, Shape, Shape, Shape, Shape] = (
    (1, 1, 1),
    (2, 1, 1),
    (2, 2, 1),
    (2, 2, 2),
    (2, 2, 2, 1),
)
KINDS: dict[str, ExerciseKind] = {
    entry.name: entry
    for entry in (
        ExerciseKind("full-pass", _SMALL),
        ExerciseKind("chain", _SMALL, whole_pass=False),
        ExerciseKind(
            "batch", ((1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2)), usual=2, bias="no",
            plan=Plan("batch", NO_CHECK, examples=2),
        ),
        ExerciseKind(
            "descent", ((1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2)), usual=2, bias="no",
            plan=Plan("descent", steps=2),
        ),
        ExerciseKind(
            "relu", ((1, 2, 1), (2, 2, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1)), hidden="relu", negative=True,
            plan=Plan("relu"),
        ),
        ExerciseKind(
            "vanishing", ((1, 1, 1, 1), (1, 1, 1, 1, 1), (1, 1, 1, 1, 1), (2, 2, 2, 2, 1), (2, 2, 2, 2, 2, 1)),
            places=6, plan=Plan("vanishing", ("deltas",)), whole_pass=False,
        ),
        ExerciseKind(
            "optimizer", _SMALL, places=6, plan=Plan("optimizer", optimizer="momentum"), whole_pass=False,
        ),
        ExerciseKind(
            "matrix", ((2, 2, 1), (2, 3, 1), (2, 3, 1), (3, 2, 2), (2, 3, 2, 1)),
            plan=Plan("matrix", ("matrices",)), whole_pass=False,
        ),
        ExerciseKind(
            "collapse", ((1, 2), (2, 2), (2, 2, 2), (2, 2, 3), (2, 2, 2, 2)), output="softmax", loss="cross-entropy",
            plan=Plan("collapse", NO_CHECK), whole_pass=False,
        ),
        ExerciseKind("find-the-mistake", _SOLUTIONS, plan=Plan("find-the-mistake"), whole_pass=False),
        ExerciseKind("convention", _SOLUTIONS, plan=Plan("convention"), whole_pass=False),
        ExerciseKind("composite", ((1, 1),) * 5, plan=Plan("composite"), whole_pass=False),
        ExerciseKind("computation-graph", ((1, 1),) * 5, plan=Plan("computation-graph"), whole_pass=False),
    )
}  # fmt: skip
