"""Is judging while somebody types fair? Every beginning of simulated sheets, line by line, as the practice page sees them.

    python benchmarks/line_by_line.py [SHEETS]     right sheets, and as many with one mistake; 500 of each if not said

Counted: lines of right work that are called wrong at any moment, and verdicts that are taken back later, each unless the
report calls them provisional. That a line cannot be judged, since rounding loses it or not yet, accuses of nothing and
takes nothing back.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import diagnosis, students
from grader.feedback.report import grade
from grader.files.extraction.submission import Submission

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
        found += _beginnings(plain, sheet.answers, policy, faulty=faulty)
    return found


def _beginnings(
    plain: dict, answers: dict[str, str], policy: str, *, faulty: bool
) -> Counter[tuple[str, ...]]:
    problem, found = diagnosis.problem_of(plain), Counter[tuple[str, ...]]()
    order = [step.quantity for step in problem.graph.steps if step.quantity.name in answers]
    typed = [{q: answers[q.name] for q in order[: n + 1]} for n in range(len(order))]
    before: dict[str, tuple[str, bool]] = {}
    for report in grade(problem, [Submission("you", "you", texts) for texts in typed], hints=True):
        found["beginnings",] += 1
        for answer in report.answers:
            if answer.submitted is None:
                continue
            right, name = answer.verdict in RIGHT, answer.quantity
            if not faulty and not right and answer.verdict != UNJUDGED and not answer.provisional:
                found["accused", policy, name] += 1
            was, open_then = before.get(name, (answer.verdict, True))
            if {"wrong"} < {was, answer.verdict} <= {"wrong", *RIGHT} and not open_then:
                found["taken back", f"from {was}", policy, name] += 1
            before[name] = answer.verdict, answer.provisional
    return found


def main() -> None:
    """Print the counts."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for faulty in (False, True):
        found = look(count, faulty=faulty)
        kinds = {
            kind: sum(n for key, n in found.items() if key[0] == kind) for kind in ("accused", "taken back")
        }
        print(
            f"{count} sheets {'with one mistake' if faulty else 'of right work'}, {found['beginnings',]} beginnings:",
            kinds,
        )
        for key, n in found.most_common(12):
            if key[0] != "beginnings":
                print("   ", n, *key)


if __name__ == "__main__":
    main()
