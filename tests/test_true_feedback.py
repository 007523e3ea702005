"""What feedback says that right work gives is true of the very numbers that it shows."""

import random
import re

import pytest
from making import drawn, handed_in, perfect
from mpmath import mp
from printed_arithmetic import NotArithmeticError, evaluate

from grader.feedback.report import grade

SAID = re.compile(r"(?:lines|numbers) give ([^;:]*? = [−\d.]+\d)(?=[.,;:)]|$)")


def claims(report):
    """Numbers put in, and what they are said to give."""
    for answer in report.as_json()["answers"]:
        for found in SAID.finditer(answer["feedback"]):
            *parts, result = found[1].split(" = ")
            if parts:
                yield parts[-1], result


@pytest.mark.slow
def test_every_right_line_that_is_told_comes_out_as_it_is_told():
    rng, done = random.Random(12), 0  # noqa: S311 - nothing here is secret
    for n in range(12):
        problem = drawn((2, 2, 1), "tanh" if n % 2 else "sigmoid", seed=f"feedback/{n}")
        texts = perfect(problem, places=3 + n % 3)
        for q in rng.sample(list(texts), 8):
            texts[q] = f"{float(texts[q]) + rng.choice((-1, 1)) * rng.uniform(0.02, 0.3):.{3 + n % 3}f}"
        for q in rng.sample(list(texts), n % 4):
            texts[q] = ""
        (report,) = grade(problem, [handed_in(texts)])
        for numbers, result in claims(report):
            try:
                value = evaluate(numbers)
            except NotArithmeticError:
                continue
            done += 1
            places = len(result.partition(".")[2])
            assert abs(value - mp.mpf(result.replace("−", "-"))) <= mp.mpf(10) ** -places / 2, (
                numbers,
                result,
            )
    assert done > 40
