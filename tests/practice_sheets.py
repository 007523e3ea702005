"""Simulated sheets for the practice page: problem files as text, and what stands in the fields."""

import json
import random
import subprocess
import sys
from pathlib import Path

from answer_keys.draw_problems import draw_problems
from answer_keys.options import exercise
from answer_keys.order import order_of
from answer_keys.solution import solve
from benchmarks import diagnosis, students
from exercises.networks.kinds import KINDS
from exercises.problems import problem_writer
from exercises.problems.questions import line_of
from grader.practice import bridge
from grader.services import SERVICES

ROOT = Path(__file__).parent.parent
SHAPES = ((2, 2, 1), (2, 2, 2), (2, 2, 1), (1, 2, 1), (2, 2, 2))
ACTIVATIONS = ("sigmoid", "tanh", "relu", "sigmoid", "leaky-relu")
ODD = ("1/0", "x", "0.3·0.2 + 0.1 = 0.16", "−1,5", "0", "1e60", "-", "½")


def simulated(count, seed="practice"):
    """So many sheets of students who share nothing with the grader: right, of other conventions, with faults and slips."""
    rng = random.Random(seed)  # noqa: S311 - nothing here is secret
    made = []
    while len(made) < count:
        n = len(made)
        delta = ("gradient", "negative-gradient")[n % 2]
        plain = students.wide_problem(
            rng, SHAPES[n % 5], ACTIVATIONS[n % len(ACTIVATIONS)], n % 3 > 0, (4, 3, 5)[n % 3], delta=delta
        )
        policy = rng.choice(students.applicable_policies(plain))
        faults = ()
        if n % 3:
            faults = (students.random_fault(plain, rng, policy=policy, slip=n % 6 == 1),)
        try:
            sheet = students.simulate(plain, policy, rng, faults)
        except ValueError:
            continue
        texts = dict(sheet.answers)
        if n % 7 == 0:
            texts[rng.choice(sorted(texts))] = rng.choice(ODD)
        if n % 11 == 0:
            texts = dict(list(texts.items())[: rng.randint(1, len(texts))])
        made.append((problem_writer.write(diagnosis.problem_of(plain)), texts))
    return made


def of_kind(name, seeds, **options):
    """The right sheet of a drawn problem of a kind with one digit changed, and something for every question."""
    words = [word for option, value in options.items() for word in (f"--{option}", value)]
    settings = exercise.make_context("exercise", ["--kind", name, *words]).params
    for seed, drawn in zip(seeds, draw_problems(order_of(settings), seeds, SERVICES), strict=True):
        problem = drawn.problem
        rng = random.Random(seed)  # noqa: S311 - nothing here is secret
        found = solve(problem).values
        texts = {
            s.quantity.name: f"{found[s.quantity]:.{problem.places}f}" for s in problem.graph.asked_steps
        }
        wrong = rng.choice(sorted(texts))
        texts[wrong] = texts[wrong][:-1] + str((int(texts[wrong][-1]) + 3) % 10)
        texts |= {line_of(q).name: rng.choice(("2x2", "(y5-t5)*y5", "3", "a3")) for q in problem.questions}
        yield problem_writer.write(problem), texts


def every_kind(each=2):
    """Sheets of every kind."""
    return [sheet for name in KINDS for sheet in of_kind(name, [f"{name}/{n}" for n in range(each)])]


def reports(sheets):
    """What is said of each sheet with NumPy, here."""
    return [bridge.judge(toml, json.dumps(texts)) for toml, texts in sheets]


_OTHER = """
import json, sys
from grader.practice import standin
standin.take_place()
from grader.practice import bridge
for toml, texts in json.load(sys.stdin):
    print(bridge.judge(toml, json.dumps(texts)))
assert "numpy.linalg" not in sys.modules
"""


def reports_without_numpy(sheets):
    """The same in another process, where the stand-in has NumPy's place."""
    done = subprocess.run(
        [sys.executable, "-c", _OTHER],
        input=json.dumps(sheets),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()
