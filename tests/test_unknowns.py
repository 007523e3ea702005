"""Blank lines that held a number no known mistake leads to: one break costs one mark, and nothing else is touched."""

import random
import re
from decimal import Decimal
from functools import lru_cache

import numpy as np
import pytest
from making import carried, drawn, handed_in, numbered, perfect, typed

from answer_keys.solution import solve
from benchmarks.students import random_fault, simulate, wide_problem
from exercises.formulas.formula import total
from exercises.formulas.quantity import QuantityKind, parse_name
from grader.answers.read_sheet import read_answers
from grader.diagnosis import held_numbers
from grader.diagnosis.diagnose import diagnose
from grader.diagnosis.roots import Ask, Curves, Root, numbers, shared
from grader.feedback.report import grade
from grader.judging.batch import gather
from grader.judging.judge import judge
from grader.judging.verdict import Verdict

NUMBER = re.compile(r"(?<![\w₀-₉.])[-−]?[0-9]+\.[0-9]+")
PARTIAL = ("only-deltas-and-weights", "only-weights", "skipped-lines")


@lru_cache
def problem_of():
    """Two outputs, so that a hidden unit leads to many lines."""
    values = {
        "x1": 0.3, "x2": -0.4, "W13": -1.2, "W23": 1.1, "W14": -0.6, "W24": 0.3, "W35": -0.4, "W45": 0.3,
        "W36": -1.3, "W46": 1.3, "b3": -0.3, "b4": 0.8, "b5": 0.8, "b6": 0.1, "t5": -0.2, "t6": -0.8, "eta": 0.6,
    }  # fmt: skip
    return numbered([2, 2, 2], "tanh", bias=True, **values)


def some(problem, changes, blank=()):
    """A sheet worked with some numbers of its own: only outputs, deltas and new weights were written down."""
    texts, _ = carried(problem, {parse_name(name): wrong for name, wrong in changes.items()})
    outputs = {f"y{unit}" for unit in problem.network.outputs}
    kept = {
        q.name
        for q in texts
        if q.name in outputs or q.kind in (QuantityKind.DELTA, QuantityKind.WEIGHT, QuantityKind.BIAS)
    }
    return {q: text for q, text in texts.items() if q.name in kept.difference(blank)}


def sheets(problem, *many):
    """Sheets as arrays."""
    return gather(
        problem.graph,
        [problem.values] * len(many),
        [read_answers(texts) for texts in many],
        [problem.precision] * len(many),
    )


def explained(problem, texts):
    """What was thought of one sheet."""
    return diagnose(sheets(problem, texts))[0].explained


def held(problem, texts):
    """The numbers that blank lines are taken to have held, by the line that shows it."""
    return {q.name: e.held for q, e in explained(problem, texts).items() if e.held is not None}


def record(problem, texts, **options):
    """The graded sheet: its answers by name."""
    (report,) = grade(problem, [handed_in(texts)], **options)
    return {a["quantity"]: a for a in report.as_json()["answers"]}


def wrong(problem, texts):
    """The lines called wrong."""
    return [name for name, a in record(problem, texts).items() if a["verdict"] == "wrong"]


# --- one number ---


def test_an_output_of_a_hidden_unit_worked_in_a_way_of_ones_own():
    problem = problem_of()
    texts = some(problem, {"y4": Decimal("0.3333")})
    (one,) = held(problem, texts).values()
    assert one.at == parse_name("y4")
    assert abs(one.number - Decimal("0.3333")) < Decimal("0.001")
    answers = record(problem, texts)
    assert [name for name, a in answers.items() if a["verdict"] == "wrong"] == ["y5"]
    for name in ("y6", "delta4", "W45_new", "W46_new"):
        assert answers[name]["verdict"] == "follows"
        assert "y₅" in answers[name]["feedback"]
        assert "rounding" not in answers[name]["feedback"]  # of a number guessed, nobody can tell
    said = answers["y5"]["feedback"]
    assert re.fullmatch(
        r"Your y₅ = [\d.]+ does not follow from your lines; with y₄ = 0\.333\d?, a line that you did not write down, it "
        r"would, and so would y₆, δ₄, W₄₅ⁿᵉʷ and W₄₆ⁿᵉʷ\.(?: It may also have broken at a₄\.)? "
        r"Right is y₄ = tanh\(a₄\) = tanh\(0\.5000\) = 0\.4621\.",
        said,
    ), said


def test_the_sentence_holds_on_the_page():
    """With the number that it names, every line that it names comes out as typed, and only these were wrong."""
    problem = problem_of()
    texts = some(problem, {"y4": Decimal("0.3333")})
    (one,) = held(problem, texts).values()
    again, _ = carried(problem, {one.at: one.number})
    for q in (parse_name("y5"), *one.lines):
        assert abs(Decimal(again[q]) - Decimal(texts[q])) <= Decimal("0.0005")
    before = judge(sheets(problem, texts))
    assert {q for q in before.lines if before.wrong(q)[0]} == {parse_name("y5"), *one.lines}


@pytest.mark.part(2)
@pytest.mark.parametrize("name", ["delta4", "dy4_da4"])
def test_a_delta_or_a_slope_not_written_down(name):
    problem = problem_of()
    right = solve(problem).values[parse_name(name)]
    texts = some(problem, {name: right + Decimal("0.137")}, blank=("delta4",))
    (one,) = held(problem, texts).values()
    assert parse_name(name) in one.among
    assert one.at == parse_name("delta4")
    assert one.sure
    assert wrong(problem, texts) == ["W14_new"]
    assert {q.name for q in one.lines} == {"W24_new", "b4_new"}
    said = record(problem, texts)["W14_new"]["feedback"]
    assert "with δ₄ = " in said
    assert "It may also have broken at " in said


@pytest.mark.slow
def test_two_broken_lines_that_were_not_written_down():
    problem = problem_of()
    right = solve(problem).values[parse_name("delta3")]
    texts = some(problem, {"y4": Decimal("0.3333"), "delta3": right + Decimal("0.2")}, blank=("delta3",))
    assert wrong(problem, texts) == ["y5", "W13_new"]
    found = held(problem, texts)
    assert {name: h.at.name for name, h in found.items()} == {"y5": "y4", "W13_new": "delta3"}


def test_hints_point_to_the_line_and_give_no_number_away():
    problem = problem_of()
    texts = some(problem, {"y4": Decimal("0.3333")})
    hint = record(problem, texts, hints=True)["y5"]["feedback"]
    assert re.fullmatch(
        r"Look at (?:a₄ or )?y₄, which you did not write down; y₅, y₆, δ₄, W₄₅ⁿᵉʷ and W₄₆ⁿᵉʷ build on it\.",
        hint,
    )
    assert not NUMBER.search(hint)


def test_of_many_lines_only_the_first_are_named():
    problem = problem_of()
    right = solve(problem).values[parse_name("delta5")]
    only = {
        q: t
        for q, t in some(problem, {"delta5": right * 3 + 1}).items()
        if q.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS)
    }
    texts = record(problem, only)
    said = next(a["feedback"] for a in texts.values() if a["verdict"] == "wrong")
    assert " and several more lines" in said
    assert sum(a["verdict"] == "wrong" for a in texts.values()) == 1


# --- nothing is made of too little ---


@pytest.mark.slow
def test_two_wrong_lines_that_have_nothing_in_common_stay_two():
    problem = problem_of()
    for n in range(3, 12):
        values = solve(problem).values
        changes = {
            "y5": values[parse_name("y5")] - Decimal(n) * Decimal("0.0173"),
            "delta4": values[parse_name("delta4")] + Decimal(n * n) * Decimal("0.0091"),
        }
        texts = some(problem, changes)
        assert not held(problem, texts)
        assert wrong(problem, texts) == ["y5", "delta4"]


def test_a_single_wrong_line_is_the_line_itself():
    problem = problem_of()
    right = solve(problem).values[parse_name("y5")]
    texts = some(problem, {"y5": right + Decimal("0.0317")})
    assert not held(problem, texts)
    assert wrong(problem, texts) == ["y5"]


def test_a_number_that_would_spoil_a_right_line_is_none():
    """W₄₅ⁿᵉʷ and W₄₆ⁿᵉʷ wrong as by another y₄, but δ₄ and the outputs right: y₄ was right where it counts."""
    problem = problem_of()
    right = some(problem, {})
    other = some(problem, {"y4": Decimal("0.3333")})
    changed = {parse_name(n) for n in ("y5", "y6")}
    texts = {q: other[q] if q in changed else t for q, t in right.items()}
    assert all(h.at != parse_name("y4") for h in held(problem, texts).values())


def test_a_catalogued_mistake_goes_before_a_number():
    problem = problem_of()
    a4 = problem.graph.by_quantity[parse_name("a4")].formula
    texts = some(problem, {"a4": total(a4.terms[:-1])})
    found = explained(problem, texts)
    assert not any(e.held for e in found.values())
    (one,) = (e for e in found.values() if e.causes)
    assert one.at == parse_name("a4")


@pytest.mark.slow
def test_correct_partial_sheets_are_never_looked_at(monkeypatch):
    def search(*_):
        raise AssertionError

    monkeypatch.setattr(held_numbers.HeldNumbers, "search", search)
    rng = random.Random("correct")  # noqa: S311 - nothing here is secret
    for seed in range(6):
        problem = drawn((2, 2, 2), ("sigmoid", "tanh", "relu")[seed % 3], seed=f"unknown {seed}")
        many = [
            {q: t for q, t in sheet.items() if rng.random() < 0.5}
            for sheet in (perfect(problem), carried(problem)[0])
            for _ in range(6)
        ]
        for found in diagnose(sheets(problem, *many)):
            assert not found.explained


@pytest.mark.slow
def test_it_only_ever_clears_lines(monkeypatch):
    """Beside the same grader without it: fewer lines are wrong, the first stays, no right line is touched."""
    rng = random.Random("clears")  # noqa: S311 - nothing here is secret
    seen = 0
    for number in range(3):
        plain = wide_problem(rng, (2, 2, 1 + number % 2), ("tanh", "sigmoid")[number // 2], bias=True)
        problem = typed(plain)
        many = []
        for count in range(24):
            policy = PARTIAL[count % 3]
            fault = random_fault(plain, rng, exotic=count % 4 < 3, slip=count % 4 == 3, policy=policy)
            answers = simulate(plain, policy, rng, [fault]).answers
            many.append({parse_name(name): text for name, text in answers.items()})
        after = diagnose(sheets(problem, *many))
        with monkeypatch.context() as patch:
            patch.setattr(held_numbers.HeldNumbers, "explained", lambda _, __, found: found)
            before = diagnose(sheets(problem, *many))
        for was, now in zip(before, after, strict=True):
            if not any(e.held for e in now.explained.values()):
                continue
            seen += 1
            first = [
                [q for q, line in d.judged.lines.items() if line.verdict[d.column] == Verdict.WRONG]
                for d in (was, now)
            ]
            assert len(first[1]) < len(first[0])
            place = [problem.graph.position[lines[0]] for lines in first]
            assert place[1] <= place[0]  # a mistake that had been read into a blank line may have hidden one
            for q, line in was.judged.lines.items():
                if line.verdict[was.column] == Verdict.CORRECT:
                    assert now.judged.lines[q].verdict[now.column] in (Verdict.CORRECT, Verdict.FOLLOWS)
    assert seen > 4


# --- roots ---


def test_a_root_is_the_number_that_leads_to_what_was_typed():
    problem = problem_of()
    texts = some(problem, {"y4": Decimal("0.3333")})
    asks = [Ask(0, parse_name("y4"), parse_name(name)) for name in ("y5", "y6", "delta4", "W45_new")]
    roots = Curves(sheets(problem, texts), {}).roots(asks)
    assert {r.ask.line.name for r in roots} == {"y5", "y6", "delta4", "W45_new"}
    for name in ("y5", "y6", "delta4", "W45_new"):
        assert min(abs(r.value - 0.3333) for r in roots if r.ask.line.name == name) < 0.01
    of_slope = sorted(r.value for r in roots if r.ask.line.name == "delta4")  # 1 − y² turns at 0
    assert len(of_slope) == 2
    assert abs(sum(of_slope)) < 1e-6


def test_the_number_is_one_that_most_lines_share():
    a, b, c = (Ask(0, parse_name("y4"), parse_name(n)) for n in ("y5", "y6", "delta4"))
    near, beside, far = Root(a, 0.30, 1.0), Root(b, 0.33, 1.0), Root(c, 0.9, 1.0)
    (common,) = shared([(near, 0.02), (beside, 0.02), (far, 0.01)])
    assert {r for r, _ in common} == {near, beside}
    assert shared([(near, 0.01), (far, 0.01)]) == []


@pytest.mark.parametrize(
    ("low", "high", "places", "found"),
    [
        (0.3327, 0.3339, 4, ["0.333", "0.3333"]),
        (0.33331, 0.33334, 4, ["0.3333"]),
        (-0.52, -0.48, 4, ["-0.5", "-0.5000"]),
        (-0.01, 0.02, 4, ["0", "0.00500"]),
        (0.000123, 0.000125, 4, ["0.000124"]),
    ],
)
def test_as_few_digits_as_will_do(low, high, places, found):
    assert [f"{n:f}" for n in numbers(low, high, places)] == found
    assert np.isfinite(float(numbers(low, high, places)[0]))


@pytest.mark.slow
def test_no_assumption_makes_a_line_wrong_that_is_right_on_what_stands_on_the_sheet():
    problem, rng = problem_of(), random.Random("assumed")  # noqa: S311 - nothing here is secret
    exact = solve(problem).values
    names = [s.quantity.name for s in problem.graph.steps if not s.quantity.updated]
    texts = [some(problem, {"y5": exact[parse_name("y5")] - Decimal("0.0346"),
                            "delta4": exact[parse_name("delta4")] + Decimal("0.0364")})]  # fmt: skip
    for _ in range(60):
        chosen = rng.sample(names, 2)
        changes = {n: exact[parse_name(n)] + Decimal(rng.randrange(-900, 900)) / 10_000 for n in chosen}
        texts.append(some(problem, changes))
    judged = judge(sheets(problem, *texts))
    for column, sheet in enumerate(texts):
        before = {q.name for q in judged.lines if judged.wrong(q)[column]}
        assert set(wrong(problem, sheet)) <= before
