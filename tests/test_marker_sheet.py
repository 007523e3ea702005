"""The marker's sheet says of each line what judging accepts, and lists all that is marked, in the sheet's order."""

import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pypdf
import pytest
from click.testing import CliRunner
from making import drawn, shipped, table

from answer_keys.draw_problems import given
from answer_keys.key_page import key_html
from answer_keys.solution import solve
from byhand import main
from exercises.formulas.quantity import Link
from exercises.pages.marks import marks
from exercises.pages.sheet_sections import sections
from exercises.problems import problem_file
from exercises.problems.marking import Marking
from exercises.problems.recast import as_matrices
from grader.answers.numbers import Typed
from grader.judging.batch import gather
from grader.judging.judge import judge
from grader.judging.right_work import ranges
from grader.judging.verdict import Verdict
from grader.services import SERVICES

ROW = re.compile(
    r'<span class="label">((?:(?!<span class="half">).)*?)</span><b>([^<]*)</b><i>([^<]*)</i><span class="to">…</span>'
    r'<i>([^<]*)</i><span class="worth">([^<]*)</span>'
)
PROBLEMS = {
    "huddar-1": lambda: shipped("huddar-1"),
    "mazur": lambda: shipped("mazur-2-2-2"),
    "two places": lambda: problem_file.from_table(table((2, 2, 1), "tanh", places=2, seed=5), "test"),
    "softmax": lambda: drawn((2, 2, 2), "softmax", "cross-entropy"),
    "binary cross-entropy": lambda: drawn((2, 2, 1), loss="binary-cross-entropy", places=6),
    "relu": lambda: drawn((3, 2, 1), "relu"),
}


def marker(problem):
    (found,) = ranges([problem])
    html = key_html(solve(problem), ranges=found)
    return found, html[html.index('<section class="marker') :]


def verdicts(problem, numbers):
    """What is said of a line on sheets that hold one number each, there."""
    unit = Decimal(1).scaleb(-problem.places)
    sheets = [{q: Typed(f"{value:f}", value, unit)} for q, value in numbers]
    judged = judge(
        gather(problem.graph, [problem.values] * len(sheets), sheets, [problem.precision] * len(sheets))
    )
    return [judged.lines[q].verdict[n] for n, (q, _) in enumerate(numbers)]


@pytest.mark.parametrize("name", PROBLEMS)
def test_judging_accepts_the_ends_of_each_range_and_nothing_beyond(name):
    problem = PROBLEMS[name]()
    (found,) = ranges([problem])
    unit = Decimal(1).scaleb(-problem.places)
    ends = [(q, end) for q, (low, high) in found.items() for end in (low, high)]
    beyond = [(q, end) for q, (low, high) in found.items() for end in (low - unit, high + unit)]
    assert Verdict.WRONG not in verdicts(problem, ends)
    said = verdicts(problem, beyond)
    assert Verdict.CORRECT not in said
    assert said.count(Verdict.WRONG) > 0.8 * len(said)  # of a 0 for a product nothing can be said


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_value_is_in_its_range_and_each_line_stands_there_once_in_order(name):
    problem = PROBLEMS[name]()
    found, page = marker(problem)
    rows = [
        re.split("(?=<span class=.half.>)", row) for row in re.findall(r'<div class="pair">(.*?)</div>', page)
    ]
    columns = [row[n] for n in (1, 2) for row in rows if len(row) > n]
    lines = [ROW.search(cell).groups() for cell in columns if "<b>" in cell]
    steps = [step for section in sections(problem) for step in section.steps]
    assert [label for label, *_ in lines] == [problem.label(step.quantity).html for step in steps]
    for step, (_, value, low, high, worth) in zip(steps, lines, strict=True):
        least, number, most = (Decimal(text.replace("−", "-")) for text in (low, value, high))
        assert (least, most) == found[step.quantity]
        assert least <= number <= most
        assert worth == "1"


def test_ranges_of_many_problems_are_those_of_each():
    problems = [drawn((2, 2, 1), seed=f"many/{n}") for n in range(3)]
    assert ranges(problems) == [ranges([problem])[0] for problem in problems]
    assert ranges([]) == []


def test_a_division_by_almost_nothing_has_a_range_that_ends():
    problem = problem_file.from_table(
        table((1, 1), loss="binary-cross-entropy", seed=1)
        | {
            "places": 2,
            "values": {
                k: Decimal(v) for k, v in {"x1": 5, "W12": 2, "b2": 1, "t2": "0.5", "eta": "0.1"}.items()
            },
        },
        "test",
    )
    for low, high in ranges([problem])[0].values():
        assert np.isfinite([float(low), float(high)]).all()


def test_weights_and_questions_are_listed():
    problem = replace(as_matrices(drawn((2, 2, 1))), marking=Marking({Link.GRADIENT: Decimal("2.5")}))
    _, page = marker(problem)
    assert page.count('<span class="worth">2.5</span>') == sum(
        step.link is Link.GRADIENT for step in problem.graph.asked_steps
    ) + sum(
        "∂" in label for label in re.findall(r'class="label long">(.*?)</span><span class="worth">', page)
    )
    assert page.count('class="label long"') == len(problem.questions)
    assert f"Together {marks(problem).normalize():f}" in page


def test_no_sheet_without_anybody_who_knows_ranges():
    assert given(shipped("huddar-1"), None).ranges is None
    assert "Marker" not in key_html(solve(shipped("huddar-1")))
    assert given(shipped("huddar-1"), SERVICES).ranges


def test_generate_prints_it_on_one_page_behind_the_key(tmp_path):
    result = CliRunner().invoke(main, ["generate", "--shape", "2-2-2", "--seed", "3", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    (path,) = tmp_path.glob("*-key.pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
    assert [n for n, text in enumerate(pages) if "Marker’s sheet" in text] == [len(pages) - 1]
    assert "Together 62" in pages[-1]
