"""Warm-ups: functions without a network are read safely, solved as SymPy solves them, printed, read and graded."""

import io
import json
import re
from decimal import Decimal

import pikepdf
import pytest
import sympy as sp
from click.testing import CliRunner

from answer_keys.commands import generate
from answer_keys.draw_problems import draw_problems
from answer_keys.key_page import key_html
from answer_keys.order import order_of
from answer_keys.solution import solve
from byhand import main
from exercises.common.errors import ProblemError
from exercises.drawing.draw_warmup import draw_warmup
from exercises.drawing.seeded_random import SeededRandom
from exercises.formulas import decimals
from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.decimals import Precision
from exercises.formulas.formula import fold
from exercises.formulas.quantity import Quantity, QuantityKind, parse_name
from exercises.networks.warmup_function import FUNCTIONS, read
from exercises.networks.warmup_patterns import COMPOSITES, GRAPHS
from exercises.pages.worksheet_page import worksheet_html, worksheet_pdf
from exercises.problems import problem_file, problem_writer
from grader.answers.names import Names
from grader.feedback.report import grade
from grader.files.extraction.submission import Submission
from grader.mistakes.hypotheses import hypotheses
from grader.mistakes.warmups import MISTAKES

KNOWN = {
    "sin(x^2 + 1)": {"x": "0.7"},
    "cos(3*x - 1)": {"x": "0.7"},
    "exp(-x^2)": {"x": "0.7"},
    "ln(1 + sin(x)^2)": {"x": "0.9"},
    "sqrt(2*x + 1)": {"x": "0.7"},
    "(3*x + 1)^2": {"x": "0.4"},
    "(x - 4)^3 / x": {"x": "1.3"},
    "x*sin(x)": {"x": "0.8"},
    "u = x*w; v = x + w; f = u*v": {"x": "2.3", "w": "-0.6"},
    "u = x^2; v = x*w; f = u*sin(v)": {"x": "0.8", "w": "0.7"},
    "u = x*w + b; y = tanh(u); f = (y - t)^2": {"x": "0.5", "w": "0.4", "b": "0.1", "t": "0.9"},
    "u = x + w; v = u^2; p = u*w; f = v - p": {"x": "1.3", "w": "0.4"},
}
HELP = {"help_option_names": ["-h", "--help"]}  # which the command keeps for later
each_function = pytest.mark.parametrize("function", KNOWN)


def warmup(function, values=None, **keys):
    numbers = "\n".join(f"{letter} = {n}" for letter, n in (values or KNOWN[function]).items())
    rest = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return problem_file.parse(
        f'kind = "composite"\nfunction = "{function}"\n{rest}\n[values]\n{numbers}\n', "w"
    )


def as_sympy(function):
    """The function by SymPy's own parser, which shares no code with ours."""
    names = {**{name: getattr(sp, name, None) for name in FUNCTIONS}, "ln": sp.log}
    names |= {"sigmoid": lambda a: 1 / (1 + sp.exp(-a)), "relu": lambda a: sp.Max(a, 0)}
    known = {}
    for statement in function.split(";"):
        letter, equals, text = statement.partition("=")
        expression = sp.sympify(text if equals else statement, locals={**names, **known}, convert_xor=True)
        known[letter.strip() if equals else "f"] = expression
    return known


def right(problem):
    values = solve(problem).values
    return {q: f"{decimals.rounded(values[q], problem.places):f}" for q in problem.graph.asked}


@each_function
def test_values_and_derivatives_are_sympys(function):
    problem = warmup(function)
    values, nodes = solve(problem).values, as_sympy(function)
    letters = read(function).letters
    at = {sp.Symbol(letter): sp.Rational(n) for letter, n in KNOWN[function].items()}
    for q, value in values.items():
        if q.kind is QuantityKind.NODE and letters[q.unit] in nodes:
            theirs = nodes[letters[q.unit]]
        elif q.kind is QuantityKind.NODE_GRADIENT and q.unit <= len(read(function).inputs) and not q.via:
            theirs = sp.diff(nodes["f"], sp.Symbol(letters[q.unit]))
        else:
            continue
        assert abs(Decimal(str(sp.N(theirs.subs(at), 50))) - value) < Decimal("1e-35"), q.name


@each_function
def test_a_warmup_filled_in_rightly_gets_full_marks(function, tmp_path):
    problem = warmup(function)
    (tmp_path / "problem.toml").write_text(problem_writer.write(problem), encoding="utf-8")
    with pikepdf.open(io.BytesIO(worksheet_pdf(problem))) as pdf:
        answers = {q.name: text for q, text in right(problem).items()}
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        for name, text in answers.items():
            fields[name].V = pikepdf.String(text)
        pdf.save(tmp_path / "right.pdf")
    result = CliRunner().invoke(
        main, ["grade", str(tmp_path / "problem.toml"), str(tmp_path / "right.pdf"), "--json"]
    )
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["score"] == report["out_of"] == len(answers)


@each_function
def test_the_file_gives_the_same_problem_back(function):
    problem = warmup(function)
    again = problem_file.parse(problem_writer.write(problem), "again")
    assert again == problem
    assert again.code == problem.code


@each_function
def test_every_label_reads_back(function):
    problem = warmup(function)
    names = Names(problem)
    for q in problem.graph.asked:
        assert parse_name(q.name) == q
        for written in (q.name, problem.label(q).text, problem.label(q).latex):
            assert names.find(written) == q, written


def instances(problem):
    """Every hypothesis that shows on a problem, with the number that it leads to."""
    values = solve(problem).values
    for step in problem.graph.asked_steps:
        for h in hypotheses(step, problem.graph):
            with exact_context():
                try:
                    wrong = fold(h.formula, DECIMAL, values.__getitem__)
                except ArithmeticError:
                    continue
            if abs(wrong - values[step.quantity]) > Decimal("0.0005"):
                yield h, f"{decimals.rounded(wrong, problem.places):f}"


def test_each_mistake_is_named_and_its_right_twin_is_not():
    seen, missed = {}, []
    for function in KNOWN:
        problem = warmup(function)
        made, twin = list(instances(problem)), right(problem)
        sheets = [
            Submission("A", "a", twin),
            *(Submission("B", "b", {**twin, h.step.quantity: w}) for h, w in made),
        ]
        first, *reports = grade(problem, sheets)
        assert first.first_error is None
        for (h, _), report in zip(made, reports, strict=True):
            name = h.step.quantity.name
            assert report.first_error == name
            answer = next(a for a in report.as_json()["answers"] if a["quantity"] == name)
            assert answer["verdict"] == "wrong"
            named = h.mistake.code in {m["code"] for m in answer["mistakes"]}
            seen.setdefault(h.mistake.code, []).append(named)
            missed += [] if named else [(function, name, h.mistake.code)]
    assert {m.code for m in MISTAKES} <= set(seen)
    assert all(any(found) for found in seen.values())
    assert len(missed) <= 0.02 * sum(map(len, seen.values())), missed


@pytest.mark.parametrize(
    ("function", "told"),
    [
        ("__import__('os').system('true')", "not allowed"),
        ("x.y", "not allowed"),
        ("x^x", "not allowed"),
        ("x^99", "not allowed"),
        ("2**True*x", "not allowed"),
        ("9e999*x", "not allowed"),
        ("((((((x", "cannot be read"),
        ("(" * 90 + "x" + ")" * 90, ""),
        ("3 + 4", "expected a variable"),
        ("u = x; u = u^2; f = u", "no new letter"),
        ("u = x^2; v = x; f = v", "never used"),
        ("u = x*w; f = u + w", "two things"),
        ("x" * 300, "longer than"),
    ],
)
def test_what_is_no_function_is_refused_with_a_sentence(function, told):
    if not told:
        assert read(function).nodes
        return
    with pytest.raises(ProblemError, match=told):
        read(function)


def test_a_networks_keys_do_not_belong_to_a_warmup():
    text = 'kind = "composite"\nshape = [2, 2, 1]\nfunction = "sin(x)"\n[values]\ny = 1\n'
    with pytest.raises(ProblemError) as caught:
        problem_file.parse(text, "p")
    assert any("shape: a warm-up" in fault for fault in caught.value.faults)


def test_missing_and_unknown_letters_are_told_together():
    text = 'kind = "composite"\nfunction = "x*w"\n[values]\nz = 1\n'
    with pytest.raises(ProblemError) as caught:
        problem_file.parse(text, "p")
    assert [f.partition(": ")[2].split(" ")[0] for f in caught.value.faults] == [
        "values.z",
        "values.x",
        "values.w",
    ]


@pytest.mark.parametrize("kind", ["composite", "computation-graph"])
def test_the_same_seed_draws_the_same_and_another_another(kind):
    first, again, other = (
        draw_warmup(kind, SeededRandom(seed), Precision(4)) for seed in ("one", "one", "two")
    )
    assert first == again != other


@pytest.mark.parametrize("kind", ["composite", "computation-graph"])
def test_what_is_drawn_is_legible_and_varied(kind):
    drawn = [draw_warmup(kind, SeededRandom(f"varied/{n}"), Precision(4)) for n in range(60)]
    assert len({p.plan.function.text for p in drawn}) > 10
    for problem in drawn:
        values = solve(problem).values
        assert all(abs(values[s.quantity]) >= Decimal("0.004") for s in problem.graph.steps)
        if kind == "computation-graph":
            assert any(s.quantity.via for s in problem.graph.steps), "a variable is shared"


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(("kind", "patterns"), [("composite", COMPOSITES), ("computation-graph", GRAPHS)])
def test_on_a_level_everybody_has_as_much_to_do(kind, patterns, level):
    drawn = [draw_warmup(kind, SeededRandom(f"alike/{n}"), Precision(4), level=level) for n in range(60)]
    lines = {len(p.graph.asked_steps) for p in drawn}
    assert max(lines) - min(lines) <= 1
    assert (
        len({re.sub(r"(?<!\^)\d", "", p.plan.function.text) for p in drawn})
        > len(set(patterns[level - 1])) / 2
    )
    functions = [len(re.findall(r"[a-z]{2,}", p.plan.function.text)) for p in drawn]
    assert max(functions) - min(functions) == 0, "no more functions to differentiate than others have"


def test_a_warm_up_is_as_hard_as_is_asked():
    def order(*arguments):
        return order_of(
            generate.make_context("generate", ["--kind", "computation-graph", *arguments], **HELP).params
        )

    def lines(*arguments):
        return len(next(draw_problems(order(*arguments), ["one"], None)).problem.graph.asked_steps)

    assert lines("--level", "1") <= lines() == lines("--level", "3") < lines("--level", "5")


@pytest.mark.parametrize("pattern", sorted({pattern for level in GRAPHS for pattern in level}))
def test_each_pattern_can_be_read(pattern):
    assert len(read(pattern.replace("A", "2").replace("B", "3")).inputs) == 2


def test_the_page_is_as_agreed(golden):
    problem = warmup("u = x*w; v = x + w; f = u*v")
    text = worksheet_html(problem) + key_html(solve(problem))
    golden("warmup.html", text[text.index("<body") :])


def test_fields_are_called_what_they_are_where_there_is_no_network():
    with pikepdf.open(io.BytesIO(worksheet_pdf(warmup("u = x*w; v = x + w; f = u*v")))) as pdf:
        told = {str(field.T): str(field.TU) for field in pdf.Root.AcroForm.Fields}
    assert told["u3"] == "u, value"
    assert told["slope3_1"] == "∂u/∂x, local derivative"
    assert told["grad1_via4"] == "∂f/∂x via v, derivative along this path"
    assert told["grad1"] == "∂f/∂x, derivative"
    assert not [words for words in told.values() if re.search(r"activation|delta|gradient", words)]


def test_sin_is_of_radians_and_the_page_says_so():
    html = worksheet_html(warmup("sin(x^2 + 1)"))
    assert "radians" in html
    assert "radians" not in worksheet_html(warmup("exp(-x^2)"))
    assert Quantity(QuantityKind.NODE, 2) in warmup("sin(x^2 + 1)").graph.asked
