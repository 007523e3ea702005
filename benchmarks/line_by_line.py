"""Is judging while somebody types fair? Every beginning of simulated sheets, line by line, as the practice page sees them.

    python benchmarks/line_by_line.py [--right 500] [--wrong 500] [--kinds 1] [--seed typing]

So many right sheets and sheets with one mistake are simulated, and of every kind of exercise so many right ones are
taken from its key. Each beginning is judged by the call that the page's worker makes, here with NumPy, and the
next one after it, so that whatever is kept from one call to the next is kept here too.

Counted: lines of right work that are called wrong at any moment, and verdicts that are taken back later, each unless the
report calls them provisional. That a line cannot be judged, since rounding loses it or not yet, accuses of nothing and
takes nothing back.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from answer_keys.draw_problems import draw_problems
from answer_keys.options import exercise
from answer_keys.order import order_of
from answer_keys.solution import solve
from benchmarks import diagnosis, students
from exercises.networks.kinds import KINDS
from exercises.problems import problem_writer
from grader.practice import bridge
from grader.services import SERVICES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.problems.problem import Problem

SHAPES, ACTIVATIONS, SIGNS = ((2, 2, 1), (2, 2, 2)), ("sigmoid", "tanh"), ("gradient", "negative-gradient")
RIGHT = ("correct", "follows")
UNJUDGED = "not-assessed"  # so small that rounding on the way may lose it: not counted
COARSE = ("two-places",)  # writes fewer places than the sheet asks, which is wrong where the number is lost


def look(count: int, *, faulty: bool, seed: str = "typing") -> Counter[tuple[str, ...]]:
    """So many sheets: how many beginnings there were, and each accusation and each verdict taken back by its kind."""
    rng, found, sheets = random.Random(f"{seed} {faulty}"), Counter[tuple[str, ...]](), 0
    while sheets < count:
        plain = students.wide_problem(
            rng, SHAPES[sheets % 2], ACTIVATIONS[sheets // 2 % 2], bool(sheets % 3), delta=SIGNS[sheets % 2]
        )
        policy = rng.choice([p for p in students.applicable_policies(plain) if p not in COARSE])
        faults = (students.random_fault(plain, rng, policy=policy),) if faulty else ()
        try:
            sheet = students.simulate(plain, policy, rng, faults)
        except ValueError:
            continue
        sheets += 1
        problem = diagnosis.problem_of(plain)
        found += _beginnings(problem, sheet.answers, policy, accusable=not faulty)
    return found


def look_at_kinds(each: int, seed: str = "typing") -> Counter[tuple[str, ...]]:
    """The same for right sheets of every kind of exercise, with the key's numbers to the places asked."""
    found = Counter[tuple[str, ...]]()
    for kind in KINDS:
        settings = exercise.make_context("exercise", ["--kind", kind]).params
        seeds = [f"{seed} {kind} {n}" for n in range(each)]
        for drawn in draw_problems(order_of(settings), seeds, SERVICES):
            problem, right = drawn.problem, solve(drawn.problem).values
            lines = [step.quantity for step in problem.graph.asked_steps]
            answers = {q.name: f"{problem.precision.rounded(right[q]):f}" for q in lines}
            found += _beginnings(problem, answers, kind, accusable=True)
    return found


def _beginnings(
    problem: Problem, answers: dict[str, str], who: str, *, accusable: bool
) -> Counter[tuple[str, ...]]:
    """accusable: every line that is called wrong counts, since the sheet is right."""
    toml, found = problem_writer.write(problem), Counter[tuple[str, ...]]()
    order = [step.quantity.name for step in problem.graph.steps if step.quantity.name in answers]
    before: dict[str, tuple[str, bool]] = {}
    for end in range(1, len(order) + 1):
        texts = {name: answers[name] for name in order[:end]}
        report = json.loads(bridge.judge(toml, json.dumps(texts), hints=True))
        found["beginnings",] += 1
        for answer in report["answers"]:
            if answer["submitted"] is None:
                continue
            verdict, name = answer["verdict"], answer["quantity"]
            provisional = bool(answer.get("provisional"))
            if accusable and verdict not in (*RIGHT, UNJUDGED) and not provisional:
                found["accused", who, name] += 1
            was, open_then = before.get(name, (verdict, True))
            if {"wrong"} < {was, verdict} <= {"wrong", *RIGHT} and not open_then:
                found["taken back", f"from {was}", who, name] += 1
            before[name] = verdict, provisional
    return found


def told(what: str, found: Counter[tuple[str, ...]]) -> None:
    """Print the counts, and where they come from."""
    kinds = {kind: sum(n for key, n in found.items() if key[0] == kind) for kind in ("accused", "taken back")}
    print(f"{what}, {found['beginnings',]} beginnings:", kinds)
    for key, n in found.most_common(12):
        if key[0] != "beginnings":
            print("   ", n, *key)
    sys.stdout.flush()


def main(words: Sequence[str] | None = None) -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--right", type=int, default=500)
    parser.add_argument("--wrong", type=int, default=500)
    parser.add_argument("--kinds", type=int, default=1)
    parser.add_argument("--seed", default="typing")
    asked = parser.parse_args(words)
    told(f"{asked.kinds} right sheets of every kind", look_at_kinds(asked.kinds, asked.seed))
    told(f"{asked.right} sheets of right work", look(asked.right, faulty=False, seed=asked.seed))
    told(f"{asked.wrong} sheets with one mistake", look(asked.wrong, faulty=True, seed=asked.seed))


if __name__ == "__main__":
    main()
