"""What each kind of exercise is called on a page, and what it tells a student to do."""

from __future__ import annotations

from collections.abc import Callable

from exercises.common.wording import listed
from exercises.formulas.quantity import Link, gradient
from exercises.networks.asked_lines import STEP
from exercises.networks.plan import EVERYTHING, FULL, KindName
from exercises.networks.plan_faults import subjects
from exercises.pages import captions, warmup_texts
from exercises.problems.problem import Problem
from exercises.problems.questions import paths

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
    from exercises.pages.givens import worked

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


Text = Callable[[Problem], str]
_WARM_UP = "Find every value, the derivative on every edge, and put them together."

# What a sheet of each kind is called, and the sentence at its top, as HTML.
TEXTS: dict[KindName, tuple[Text, Text]] = {
    "full-pass": (_plain_title, _parts),
    "chain": (_chain_title, _chain_task),
    "batch": (_batch_title, _batch_task),
    "descent": (_descent_title, _descent_task),
    "relu": (lambda _: "A unit that is off", _relu_task),
    "vanishing": (lambda _: "The vanishing gradient", _vanishing_task),
    "optimizer": (_optimizer_title, _optimizer_task),
    "matrix": (
        lambda p: f"A {p.network.title} network in matrices",
        lambda _: "Work through the pass with vectors and matrices; say first what shape they have.",
    ),
    "collapse": (
        lambda _: "Why δ collapses",
        lambda _: "Work through the pass, and show in letters what is left of δ at an output.",
    ),
    "find-the-mistake": (
        lambda _: "Find the mistake",
        lambda _: "One line of the worked solution is wrong. Name it, and work out what it should be.",
    ),
    "convention": (
        lambda _: "A change of convention",
        lambda _: (
            "The solution takes δ with one sign and the rule of the other. Name the first wrong line, "
            "and mend the update."
        ),
    ),
    "composite": (warmup_texts.title, lambda _: _WARM_UP),
    "computation-graph": (warmup_texts.title, lambda _: _WARM_UP),
}


def title(problem: Problem) -> str:
    """What a sheet without a title of its own is called."""
    return TEXTS[problem.plan.kind][0](problem)


def task(problem: Problem) -> str:
    """The sentence at the top of a sheet, as HTML; "" for the plain full pass."""
    return TEXTS[problem.plan.kind][1](problem) if problem.plan != FULL else ""


def summary(problem: Problem) -> str:
    """What there is to do, for the table on a cover, as HTML: the task, and for a whole pass what that holds."""
    return task(problem) or (
        "Forward pass, loss, deltas, gradients, update, and a check run with the new weights."
    )
