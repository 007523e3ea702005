"""What the page of each kind of exercise says: its title, what there is to do, its conventions, its sections.

An entry for each of `exercises.networks.kinds`, under the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from exercises.common.wording import listed
from exercises.formulas import typeset
from exercises.formulas.quantity import Link, gradient, loss
from exercises.networks.asked_lines import STEP, subjects
from exercises.networks.plan import EVERYTHING, FULL, KindName
from exercises.pages import captions, conventions_of_kinds, warmup_texts
from exercises.pages.conventions import conventions
from exercises.pages.givens import worked
from exercises.problems.problem import Problem
from exercises.problems.questions import paths
from exercises.problems.worked_solution import wrong_lines

Text = Callable[[Problem], str]
Sections = list[tuple[str, list[Any]]]
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


# --- titles, and what there is to do ---


def _plain_title(problem: Problem) -> str:
    return f"A {problem.network.title} network"


def _parts(problem: Problem) -> str:
    """What a selection asks, and what it gives."""
    plan = problem.plan
    if EVERYTHING in plan.ask:
        return ""
    parts = [_PARTS.get(word, "") for word in plan.ask]
    named = listed(parts) if all(parts) else "the lines below"
    before = problem.graph.asked != frozenset(problem.graph.by_quantity) or worked(problem)
    return f"Find {named}" + ("; what comes before is worked out for you." if before else ".")


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
    return f"{text} {_parts(problem)}" if worked(problem) else text


def _descent_title(problem: Problem) -> str:
    return f"{_WORDS[problem.plan.steps].capitalize()} steps of descent"


def _descent_task(problem: Problem) -> str:
    n = _WORDS[problem.plan.steps]
    text = f"Take {n} steps of descent on the same example; each begins with the weights that the one before left."
    return f"{text} {_parts(problem)}" if worked(problem) else text


def _relu_task(problem: Problem) -> str:
    text = "Mind the units that are off: what do they pass on, and what comes back through them?"
    return f"{_parts(problem)} {text}".strip()


def _vanishing_task(problem: Problem) -> str:
    given = "; the forward pass is worked out for you" if worked(problem) else ""
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


# --- what is said of a worked solution, and how what is asked beside it is arranged ---


def _one_line_is_wrong(_: Problem) -> str:
    return (
        "Every line but one follows rightly from the numbers printed above it, so that each can be checked by "
        "itself. Lines after the mistake go on with its number."
    )


def _the_loss_rose(problem: Problem) -> str:
    first = wrong_lines(problem)[0]
    rule = typeset.symbolic(problem.mistake[first], problem.label, typeset.HTML)
    before, after = (problem.printed[q] for q in (loss(), loss().after_update()))
    return (
        f"Somebody worked this problem out and updated by {problem.label(first).html} = {rule}, and likewise "
        f"everywhere. The loss was {typeset.number(before)} and is {typeset.number(after)} in the check run."
    )


def _one_section(before: Sections, lines: Sections) -> Sections:
    """Which line, its value, in words."""
    *solution, (title, (which, words)) = before
    return [*solution, (title, [which, *(part for _, parts in lines for part in parts), words])]


def _right_update(before: Sections, lines: Sections) -> Sections:
    return [*before, *(("The right update", parts) for _, parts in lines)]


def _below(before: Sections, lines: Sections) -> Sections:
    return [*before, *lines]


@dataclass(frozen=True, slots=True)
class KindPage:
    """What the page of a kind of exercise says.

    title:       what a sheet without a title of its own is called.
    task:        the sentence at its top, as HTML.
    conventions: the lines of the box: a title and its text as HTML.
    arranged:    from what stands before the lines, and the lines, by section: both as the page has them.
    together:    whether the last section is never parted by the end of a page.
    solution:    what is said above the lines of a worked solution, as HTML.
    in_matrices: whether numbers stand in matrices.
    """

    title: Text
    task: Text
    conventions: Callable[[Problem], list[tuple[str, str]]] = conventions
    arranged: Callable[[Sections, Sections], Sections] = _below
    together: bool = False
    solution: Text = _one_line_is_wrong
    in_matrices: bool = False


_WARM_UP = KindPage(
    warmup_texts.title, lambda _: "Find every value, the derivative on every edge, and put them together."
)
PAGES: dict[KindName, KindPage] = {
    "full-pass": KindPage(_plain_title, _parts),
    "chain": KindPage(_chain_title, _chain_task),
    "batch": KindPage(_batch_title, _batch_task),
    "descent": KindPage(_descent_title, _descent_task),
    "relu": KindPage(lambda _: "A unit that is off", _relu_task),
    "vanishing": KindPage(lambda _: "The vanishing gradient", _vanishing_task),
    "optimizer": KindPage(_optimizer_title, _optimizer_task),
    "matrix": KindPage(
        lambda p: f"A {p.network.title} network in matrices",
        lambda _: "Work through the pass with vectors and matrices; say first what shape they have.",
        conventions_of_kinds.in_matrices,
        in_matrices=True,
    ),
    "collapse": KindPage(
        lambda _: "Why δ collapses",
        lambda _: "Work through the pass, and show in letters what is left of δ at an output.",
    ),
    "find-the-mistake": KindPage(
        lambda _: "Find the mistake",
        lambda _: "One line of the worked solution is wrong. Name it, and work out what it should be.",
        conventions_of_kinds.beside_a_solution,
        arranged=_one_section,
        together=True,
    ),
    "convention": KindPage(
        lambda _: "A change of convention",
        lambda _: (
            "The solution takes δ with one sign and the rule of the other. Name the first wrong line, "
            "and mend the update."
        ),
        conventions_of_kinds.without_the_rule,
        arranged=_right_update,
        solution=_the_loss_rose,
    ),
    "composite": _WARM_UP,
    "computation-graph": _WARM_UP,
}


def page_of(problem: Problem) -> KindPage:
    """What the page of a problem of this kind says."""
    return PAGES[problem.plan.kind]


def title(problem: Problem) -> str:
    """What a sheet without a title of its own is called."""
    return page_of(problem).title(problem)


def task(problem: Problem) -> str:
    """The sentence at the top of a sheet, as HTML; "" for the plain full pass."""
    return page_of(problem).task(problem) if problem.plan != FULL else ""


def summary(problem: Problem) -> str:
    """What there is to do, for the table on a cover, as HTML: the task, and for a whole pass what that holds."""
    return task(problem) or (
        "Forward pass, loss, deltas, gradients, update, and a check run with the new weights."
    )
