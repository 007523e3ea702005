"""The kinds of exercise: what each is called, what it tells a student to do, what it is drawn with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises import captions
from exercises.fitting import subjects
from exercises.plan import EVERYTHING, FULL, KindName, Plan
from exercises.quantity import Link, gradient
from exercises.questions import paths
from exercises.selection import STEP
from exercises.warmup import page as warmup
from exercises.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.network import BiasMode
    from exercises.problem import Problem

Shape = tuple[int, ...]
NO_CHECK = ("no-check-run",)


@dataclass(frozen=True, slots=True)
class KindEntry:
    """What a kind of exercise is, and how it is drawn where nothing else is said.

    name:       as in a problem file and behind `--kind`.
    title:      what a sheet is called; "" for the plain "A 2-2-1 network".
    task:       the sentence at the top of the sheet, as HTML.
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
    title: Callable[[Problem], str]
    task: Callable[[Problem], str]
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
_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
_PARTS = {
    "forward": "the forward pass",
    "deltas": "the deltas",
    "gradients": "the gradients",
    "updates": "the updates",
    "check-run": "the check run",
    "backward": "everything after the forward pass",
    "no-check-run": "everything but the check run",
}


def _plain_title(problem: Problem) -> str:
    return f"A {problem.network.title} network"


def _parts(problem: Problem) -> str:
    """What a selection asks, and what it gives."""
    plan = problem.plan
    if EVERYTHING in plan.ask:
        return ""
    parts = [_PARTS.get(word, "") for word in plan.ask]
    named = listed(parts) if all(parts) else "the lines below"
    before = problem.graph.asked != frozenset(problem.graph.by_quantity) or _is_given(problem)
    return f"Find {named}" + ("; what comes before is worked out for you." if before else ".")


def _is_given(problem: Problem) -> bool:
    """Whether lines are worked out on the sheet."""
    from exercises.givens import worked

    return bool(worked(problem))


def _chain_title(problem: Problem) -> str:
    return "The chain of one weight" if len(subjects(problem.plan)) == 1 else "The chains of some weights"


def _chain_task(problem: Problem) -> str:
    wanted = listed([problem.label(gradient(q)).html for q in subjects(problem.plan)])
    several = any(len(list(paths(problem.network, q.unit))) > 1 for q in subjects(problem.plan))
    way = "multiply along each path, and add the paths" if several else "multiply along the path"
    return f"Find {wanted} link by link: write down every local derivative, {way}."


def _batch_title(problem: Problem) -> str:
    return f"A batch of {_WORDS[problem.plan.examples]} examples"


def _batch_task(problem: Problem) -> str:
    every = "both" if problem.plan.examples == 2 else f"all {_WORDS[problem.plan.examples]}"  # noqa: PLR2004
    text = f"Work through {every} examples with the same weights"
    if any(step.link is Link.UPDATE for step in problem.graph.asked_steps):
        text += ", take the mean of their gradients, and only then take one step"
    text += "."
    return f"{text} {_parts(problem)}" if _is_given(problem) else text


def _descent_title(problem: Problem) -> str:
    return f"{_WORDS[problem.plan.steps].capitalize()} steps of descent"


def _descent_task(problem: Problem) -> str:
    n = _WORDS[problem.plan.steps]
    text = f"Take {n} steps of descent on the same example; each begins with the weights that the one before left."
    return f"{text} {_parts(problem)}" if _is_given(problem) else text


def _relu_task(problem: Problem) -> str:
    text = "Mind the units that are off: what do they pass on, and what comes back through them?"
    return f"{_parts(problem)} {text}".strip()


def _vanishing_task(problem: Problem) -> str:
    given = "; the forward pass is worked out for you" if _is_given(problem) else ""
    return f"Carry the error back through all layers, and see how much of δ is left in each{given}."


def _optimizer_title(problem: Problem) -> str:
    return captions.STEPS_OF[problem.plan.optimizer]


def _optimizer_task(problem: Problem) -> str:
    stepped = [word.rpartition(" ")[2] for word in problem.plan.ask if word.startswith(STEP)]
    by_name = {q.name: problem.label(q).html for q in problem.network.parameters()}
    named = listed([by_name[name] for name in stepped if name in by_name]) or "every parameter"
    rule = {"momentum": "with momentum", "rmsprop": "of RMSprop", "adam": "of Adam"}.get(
        problem.plan.optimizer, ""
    )
    return f"Take one step {rule} for {named}, from the state below; the gradients are worked out for you."


_WARM_UPS: tuple[KindName, ...] = ("composite", "computation-graph")
KINDS: dict[str, KindEntry] = {
    entry.name: entry
    for entry in (
        KindEntry("full-pass", _plain_title, _parts, _SMALL),
        KindEntry(
            "chain", _chain_title, _chain_task,
            ((1, 1, 1), (2, 2, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1)), whole_pass=False,
        ),
        KindEntry(
            "batch", _batch_title, _batch_task,
            ((1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2)), usual=2, bias="no",
            plan=Plan("batch", NO_CHECK, examples=2),
        ),
        KindEntry(
            "descent", _descent_title, _descent_task,
            ((1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2)), usual=2, bias="no",
            plan=Plan("descent", steps=2),
        ),
        KindEntry(
            "relu", lambda _: "A unit that is off", _relu_task,
            ((1, 2, 1), (2, 2, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1)), hidden="relu", negative=True, plan=Plan("relu"),
        ),
        KindEntry(
            "vanishing", lambda _: "The vanishing gradient", _vanishing_task,
            ((1, 1, 1, 1), (1, 1, 1, 1, 1), (1, 1, 1, 1, 1), (2, 2, 2, 2, 1), (2, 2, 2, 2, 2, 1)),
            places=6, plan=Plan("vanishing", ("deltas",)), whole_pass=False,
        ),
        KindEntry(
            "optimizer", _optimizer_title, _optimizer_task,
            ((1, 1, 1), (2, 2, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1)), places=6,
            plan=Plan("optimizer", optimizer="momentum"), whole_pass=False,
        ),
        KindEntry(
            "matrix", lambda p: f"A {p.network.title} network in matrices",
            lambda _: "Work through the pass with vectors and matrices; say first what shape they have.",
            ((2, 2, 1), (2, 3, 1), (2, 3, 1), (3, 2, 2), (2, 3, 2, 1)),
            plan=Plan("matrix", ("matrices",)), whole_pass=False,
        ),
        KindEntry(
            "collapse", lambda _: "Why δ collapses",
            lambda _: "Work through the pass, and show in letters what is left of δ at an output.",
            ((1, 2), (2, 2), (2, 2, 2), (2, 2, 3), (2, 2, 2, 2)), output="softmax", loss="cross-entropy",
            plan=Plan("collapse", NO_CHECK), whole_pass=False,
        ),
        KindEntry(
            "find-the-mistake", lambda _: "Find the mistake",
            lambda _: "One line of the worked solution is wrong. Name it, and work out what it should be.",
            ((1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1)),
            plan=Plan("find-the-mistake"), whole_pass=False,
        ),
        KindEntry(
            "convention", lambda _: "A change of convention",
            lambda _: "The solution takes δ with one sign and the rule of the other. Name the first wrong line, "
            "and mend the update.",
            ((1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2), (2, 2, 2, 1)),
            plan=Plan("convention"), whole_pass=False,
        ),
        *(
            KindEntry(
                name, warmup.title, lambda _: "Find every value, the derivative on every edge, and put them together.",
                ((1, 1),) * 5, plan=Plan(name), whole_pass=False,
            )
            for name in _WARM_UPS
        ),
    )
}  # fmt: skip


def title(problem: Problem) -> str:
    """What a sheet without a title of its own is called."""
    entry = KINDS.get(problem.plan.kind)
    return entry.title(problem) if entry is not None else _plain_title(problem)


def task(problem: Problem) -> str:
    """The sentence at the top of a sheet, as HTML; "" for the plain full pass."""
    entry = KINDS.get(problem.plan.kind)
    return entry.task(problem) if entry is not None and problem.plan != FULL else ""


def summary(problem: Problem) -> str:
    """What there is to do, for the table on a cover, as HTML: the task, and for a whole pass what that holds."""
    return task(problem) or (
        "Forward pass, loss, deltas, gradients, update, and a check run with the new weights."
    )
