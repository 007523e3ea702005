"""The kinds of exercise beside the full pass: their numbers, pages, drawings, mistakes, and how they are asked for."""

import io
import json
import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pytest
from click.testing import CliRunner
from making import carried, handed_in, made, network, perfect

from answer_keys.key_page import key_html
from answer_keys.solution import solve
from byhand import main
from exercises.common.errors import ProblemError
from exercises.common.slots import unmarked
from exercises.figures.chain_figure import draw_chains
from exercises.figures.diagram import draw as draw_network
from exercises.formulas.quantity import Link, QuantityKind, parse_name
from exercises.networks.kinds import KINDS
from exercises.networks.plan import KIND_NAMES, OPTIMIZERS, Plan
from exercises.pages import worksheet_page
from exercises.pages.givens import given, worked
from exercises.pages.kinds_on_pages import PAGES, task, title
from exercises.pages.sheet_sections import sections
from exercises.problems import problem_file, problem_writer
from exercises.problems.levels import LEVELS, PlanRequest, check, constants, plan_of, settings
from exercises.problems.recast import RECAST
from grader.feedback.report import grade
from grader.mistakes import BY_CODE
from grader.mistakes import examples as showing
from grader.mistakes.example_exercises import exercises
from grader.mistakes.hypotheses import hypotheses

EXAMPLES = exercises()
MINE = ("full-pass", "chain", "batch", "descent", "relu", "vanishing", "optimizer")
OWN = sorted(code for code, entry in BY_CODE.items() if entry.exercise)
each = pytest.mark.parametrize("name", EXAMPLES)


# --- numbers, against numpy that shares nothing with the project ---


def sigma(a):
    return 1 / (1 + np.exp(-a))


def backprop(layers, x, t):
    """Gradients of ½Σ(t − y)² for weight matrices (destination, source) of sigmoid layers without biases."""
    outs = [np.asarray(x, float)]
    for w in layers:
        outs.append(sigma(w @ outs[-1]))
    error = outs[-1] - np.asarray(t, float)
    found = []
    for w, before, after in zip(reversed(layers), reversed(outs[:-1]), reversed(outs[1:]), strict=True):
        own = error * after * (1 - after)
        found.insert(0, (own, np.outer(own, before)))
        error = w.T @ own
    return [g for _, g in found], [d for d, _ in found], 0.5 * float(np.sum((outs[-1] - np.asarray(t)) ** 2))


def matrices(problem, values, suffix=""):
    """Weight matrices read off named values."""
    net = problem.network
    return [
        np.array([[float(values[f"W{i}{j}{suffix}"]) for i in a] for j in b])
        for a, b in zip(net.layers, net.layers[1:], strict=False)
    ]


def flat(problem, arrays):
    """Arrays of shape (destination, source) by the names of their weights."""
    net = problem.network
    return {
        f"W{i}{j}": array[n, m]
        for array, a, b in zip(arrays, net.layers, net.layers[1:], strict=False)
        for n, j in enumerate(b)
        for m, i in enumerate(a)
    }


def named(problem):
    return {q.name: float(v) for q, v in solve(problem).values.items()}


def of_batch(examples):
    base = made((2, 2, 2), bias="no").values
    values = {q.name: v for q, v in base.items() if q.kind not in (QuantityKind.INPUT, QuantityKind.TARGET)}
    for n in range(1, examples + 1):
        other = made((2, 2, 2), bias="no", seed=n).values
        values |= {
            f"{q.name}_ex{n}": v
            for q, v in other.items()
            if q.kind in (QuantityKind.INPUT, QuantityKind.TARGET)
        }
    table = {"shape": [2, 2, 2], "bias": False, "kind": "batch", "examples": examples, "values": values}
    return problem_file.from_table(table, "batch")


@pytest.mark.parametrize("examples", [2, 3])
def test_a_batch_averages_the_gradients_of_its_examples_and_takes_one_step(examples):
    problem = of_batch(examples)
    values = named(problem)
    layers = matrices(problem, values)
    runs = [
        backprop(layers, [values[f"x{u}_ex{n}"] for u in (1, 2)], [values[f"t{u}_ex{n}"] for u in (5, 6)])
        for n in range(1, examples + 1)
    ]
    means = flat(problem, [np.mean([run[0][k] for run in runs], axis=0) for k in (0, 1)])
    for name, mean in means.items():
        assert values[f"dE_d{name}"] == pytest.approx(mean, rel=1e-12)
        assert values[f"{name}_new"] == pytest.approx(values[name] - values["eta"] * mean, rel=1e-12)
    assert values["E"] == pytest.approx(np.mean([run[2] for run in runs]), rel=1e-12)
    moved = matrices(problem, values, "_new")
    after = [
        backprop(moved, [values[f"x{u}_ex{n}"] for u in (1, 2)], [values[f"t{u}_ex{n}"] for u in (5, 6)])[2]
        for n in range(1, examples + 1)
    ]
    assert values["E_new"] == pytest.approx(np.mean(after), rel=1e-12)


@pytest.mark.parametrize("steps", [2, 3])
def test_each_step_of_descent_goes_on_from_the_one_before(steps):
    table = {**_plain((2, 2, 1)), "kind": "descent", "steps": steps}
    problem = problem_file.from_table(table, "descent")
    values = named(problem)
    layers = matrices(problem, values)
    for n in range(1, steps + 1):
        gradients, deltas, loss = backprop(layers, [values["x1"], values["x2"]], [values["t5"]])
        assert values[f"E_step{n}"] == pytest.approx(loss, rel=1e-12)
        assert values[f"delta5_step{n}"] == pytest.approx(deltas[-1][0], rel=1e-12)
        layers = [w - values["eta"] * g for w, g in zip(layers, gradients, strict=True)]
        for name, weight in flat(problem, layers).items():
            assert values[f"{name}_new_step{n}"] == pytest.approx(weight, rel=1e-12)
    assert values[f"E_new_step{steps}"] == pytest.approx(
        backprop(layers, [values["x1"], values["x2"]], [values["t5"]])[2]
    )


def _plain(shape, **rest):
    problem = made(shape, bias="no", **rest)
    values = {q.name: v for q, v in problem.values.items()}
    return {"shape": list(shape), "bias": False, "values": values}


def _stepped(optimizer, at_step=1, **state):
    table = _plain((2, 2, 1))
    table["values"] |= {name: Decimal(str(v)) for name, v in state.items()}
    table |= {
        "kind": "optimizer",
        "optimizer": optimizer,
        "at_step": at_step,
        "ask": "step W13",
        "places": 10,
    }
    return problem_file.from_table(table, optimizer)


def test_momentum_is_as_written_by_hand():
    problem = _stepped("momentum", m_W13=0.03, beta=0.9)
    values = named(problem)
    m = 0.9 * 0.03 + values["dE_dW13"]
    assert values["m_W13_new"] == pytest.approx(m, rel=1e-12)
    assert values["W13_new"] == pytest.approx(values["W13"] - values["eta"] * m, rel=1e-12)


def test_rmsprop_is_as_written_by_hand():
    values = named(_stepped("rmsprop", v_W13=0.003, beta=0.9, epsilon=0.001))
    v = 0.9 * 0.003 + 0.1 * values["dE_dW13"] ** 2
    assert values["v_W13_new"] == pytest.approx(v, rel=1e-12)
    step = values["eta"] * values["dE_dW13"] / (np.sqrt(v) + 0.001)
    assert values["W13_new"] == pytest.approx(values["W13"] - step, rel=1e-12)


@pytest.mark.parametrize(("k", "m", "v"), [(1, 0.0, 0.0), (4, -0.02, 0.001)])
def test_adam_is_as_written_by_hand(k, m, v):
    values = named(_stepped("adam", k, m_W13=m, v_W13=v, beta1=0.9, beta2=0.999, epsilon=0.001))
    g = values["dE_dW13"]
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    hats = m / (1 - 0.9**k), v / (1 - 0.999**k)
    assert [values[n] for n in ("m_W13_new", "v_W13_new")] == pytest.approx([m, v], rel=1e-9)
    assert [values[n] for n in ("mhat_W13", "vhat_W13")] == pytest.approx(hats, rel=1e-9)
    step = values["eta"] * hats[0] / (np.sqrt(hats[1]) + 0.001)
    assert values["W13_new"] == pytest.approx(values["W13"] - step, rel=1e-9)


@pytest.mark.parametrize(
    ("shape", "weights"),
    [((2, 2, 1), ("W13", "W45")), ((2, 2, 2), ("W13", "W36")), ((2, 2, 2, 2), ("W24", "W35", "W67"))],
)
def test_the_product_of_a_chain_is_the_gradient(shape, weights):
    table = _plain(shape) | {"kind": "chain", "ask": [f"chain {w}" for w in weights], "places": 12}
    problem = problem_file.from_table(table, "chain")
    values = named(problem)
    whole = {q.name: float(v) for q, v in problem.values.items()}
    outputs = problem.network.outputs
    gradients, _, _ = backprop(
        matrices(problem, whole), [whole["x1"], whole["x2"]], [whole[f"t{k}"] for k in outputs]
    )
    for name in weights:
        assert values[f"dE_d{name}"] == pytest.approx(flat(problem, gradients)[name], abs=1e-10)


def test_the_ratios_of_a_deep_net_are_those_of_its_deltas():
    problem = problem_file.from_table({**_plain((1, 1, 1, 1, 1)), "kind": "vanishing"}, "vanishing")
    values = named(problem)
    _, deltas, _ = backprop(matrices(problem, values), [values["x1"]], [values["t5"]])
    d = dict(zip((2, 3, 4, 5), (float(x[0]) for x in deltas), strict=True))
    for near, far in ((4, 5), (3, 4), (2, 3), (2, 5)):
        assert values[f"ratio{near}_{far}"] == pytest.approx(d[near] / d[far], rel=1e-12)


# --- pages ---


@lru_cache
def printed(name):
    """The worksheet of an example exercise as a PDF, and the page starts that were foreseen for it."""
    chosen, real = [], worksheet_page.paginate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            worksheet_page, "paginate", lambda *a, **kw: chosen.append(real(*a, **kw)) or chosen[-1]
        )
        data = worksheet_page.worksheet_pdf(EXAMPLES[name])
    return data, chosen[0]


@pytest.mark.part(4)
@each
def test_a_sheet_filled_in_rightly_gets_full_marks(name, tmp_path):
    problem, answers = EXAMPLES[name], {q.name: text for q, text in perfect(EXAMPLES[name]).items()}
    (tmp_path / "problem.toml").write_text(problem_writer.write(problem), encoding="utf-8")
    with pikepdf.open(io.BytesIO(printed(name)[0])) as pdf:
        fields = {str(f.T): f for f in pdf.Root.AcroForm.Fields}
        assert set(fields) - {"student", "student_id", "date"} == {q.name for q in problem.graph.asked}
        for own, field in fields.items():
            field.V = pikepdf.String(answers.get(own, "Ada"))
        pdf.save(tmp_path / "filled.pdf")
    result = CliRunner().invoke(
        main, ["grade", str(tmp_path / "problem.toml"), str(tmp_path / "filled.pdf"), "--json"]
    )
    found = json.loads(result.stdout)
    assert found["score"] == found["out_of"] == len(problem.graph.asked)
    assert {a["verdict"] for a in found["answers"]} == {"correct"}


@each
def test_pages_end_where_they_were_meant_to(name):
    data, pages = printed(name)
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == len(pages.starts) + 1
    most = {"batch": 4, "descent": 4, "vanishing": 2}
    assert len(pages.starts) + 1 <= most.get(name, 1)


@each
def test_the_text_of_a_sheet(name, golden):
    """Sheet and key in words, in both notations; the difference is read when it changes."""
    texts = []
    for notation in ("unit", "layer"):
        text = problem_writer.write(EXAMPLES[name]).replace('notation = "unit"', f'notation = "{notation}"')
        problem = problem_file.parse(text, name)
        texts += [_words(worksheet_page.worksheet_html(problem)), _words(key_html(solve(problem)))]
    golden(f"kind-{name}.txt", "\n\n".join(texts))


def _words(html):
    body = re.sub(r"<(title|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    body = re.sub(r'<text [^>]*style="(normal|italic)">(.*?)</text>\n?', "", body)
    body = re.sub(r"</(p|div|h1|h2|h3|section)>|<div[^>]*>", "\n", body)
    plain = re.sub(r"<[^>]+>", "", body.replace("<sup", "^<sup").replace("<sub", "_<sub"))
    return "\n".join(" ".join(line.split()) for line in plain.splitlines() if line.strip())


@each
def test_every_asked_line_stands_on_the_sheet_once_and_no_other(name):
    problem = EXAMPLES[name]
    lines = [step.quantity for section in sections(problem) for step in section.steps]
    assert len(lines) == len(set(lines))
    assert set(lines) == problem.graph.asked


def text_of_box(problem):
    return dict(worksheet_page.boxed(problem))


def test_the_box_says_only_what_is_needed():
    chain, step, deep = EXAMPLES["chain"], EXAMPLES["adam"], EXAMPLES["vanishing"]
    assert set(text_of_box(chain)) == {"All units", "Loss", "Names", "Rounding"}
    assert set(text_of_box(step)) == {"Moments", "In step 3", "Update", "Names", "Rounding"}
    assert set(text_of_box(deep)) == {"All units", "Loss", "Delta", "Names", "Rounding"}
    assert "new" not in text_of_box(chain)["Names"]
    forward = problem_file.from_table({**_plain((2, 2, 1)), "ask": "forward"}, "forward")
    assert "slope" not in text_of_box(forward)["All units"]
    assert set(text_of_box(forward)) == {"All units", "Loss", "Names", "Rounding"}


def test_the_box_says_what_the_number_of_a_run_means():
    assert "[1] in" in text_of_box(EXAMPLES["batch"])["Names"]
    assert "means example 1" in text_of_box(EXAMPLES["batch"])["Names"]
    assert "means step 1" in text_of_box(EXAMPLES["descent"])["Names"]
    assert "the mean" in text_of_box(EXAMPLES["batch"])["Loss"]
    assert "[" not in text_of_box(EXAMPLES["chain"])["Names"]


@pytest.mark.parametrize(
    ("ask", "asked", "given_lines"),
    [
        ("forward", {Link.WEIGHTED_SUM, Link.ACTIVATION, Link.LOSS}, set()),
        (
            "deltas",
            {Link.LOSS_SLOPE, Link.ACTIVATION_SLOPE, Link.OUTPUT_DELTA, Link.HIDDEN_DELTA},
            {"y3", "y4", "y5"},
        ),
        ("gradients", {Link.GRADIENT}, {"y3", "y4", "delta3", "delta4", "delta5"}),
        ("updates", {Link.UPDATE}, {"dE_dW13", "dE_dW23", "dE_dW14", "dE_dW24", "dE_dW35", "dE_dW45"}),
    ],
)
def test_what_comes_before_the_asked_part_is_worked_out_on_the_sheet(ask, asked, given_lines):
    problem = problem_file.from_table({**_plain((2, 2, 1)), "ask": ask}, ask)
    assert {step.link for step in problem.graph.asked_steps} == asked
    shown = {
        e.label
        for line in worked(problem)
        for stack in line
        for one in stack
        for row in one.rows
        for e in row
    }
    assert shown == {problem.label(parse_name(name)).html for name in given_lines}
    html = worksheet_page.worksheet_html(problem)
    assert ("Worked out for you" in html) == bool(given_lines)
    assert task(problem) in html
    assert task(problem).startswith("Find the ")


def test_the_given_values_of_a_batch_are_a_table_by_example():
    (table, *_), *_ = given(EXAMPLES["batch"])
    assert table[0].title == "Inputs and targets"
    assert [[unmarked(e.label) for e in row] for row in table[0].rows[1:]] == [
        ["[1]", "0.65", "−0.35", "0.15"],
        ["[2]", "−0.8", "0.55", "0.85"],
    ]


def test_the_learning_rate_is_given_only_where_there_is_an_update():
    def shown(name):
        return "Learning rate" in worksheet_page.worksheet_html(EXAMPLES[name])

    assert not shown("chain")
    assert not shown("vanishing")
    assert shown("descent")


# --- drawings ---


def test_a_chain_stands_out_in_the_network_and_everything_else_steps_back():
    drawing = draw_network(EXAMPLES["chain"])
    assert [c.weight for c in drawing.circles] == ["plain", "light", "bold", "light", "bold"]
    assert {s.weight for s in drawing.strokes} == {"plain", "bold", "light"}
    assert "Brought out by thick lines: W₁₃, W₃₅." in drawing.alt
    assert {c.weight for c in draw_network(EXAMPLES["batch"]).circles} == {"plain"}


@pytest.mark.parametrize("notation", ["unit", "layer"])
@pytest.mark.parametrize(
    ("shape", "weight"),
    [((1, 1), "W12"), ((2, 2, 1), "W13"), ((2, 2, 2), "W13"), ((2, 3, 3), "W13"), ((2, 2, 2, 2), "W13")],
)
def test_nothing_touches_anything_in_the_drawing_of_a_chain(shape, weight, notation):
    table = _plain(shape) | {"kind": "chain", "ask": f"chain {weight}", "notation": notation}
    (drawing,) = draw_chains(problem_file.from_table(table, "chain"))
    labels = [t.box for t in drawing.texts if not t.inside]
    assert not [1 for i, a in enumerate(labels) for b in labels[:i] if a.meets(b)]
    for circle in drawing.circles:
        for box in labels:
            apart = max(box.left - circle.x, circle.x - box.right, box.top - circle.y, circle.y - box.bottom)
            assert apart > circle.radius * 0.7
    assert all(t.box.left >= 0 and t.box.right <= drawing.width for t in drawing.texts)
    assert all(t.box.top >= 0 and t.box.bottom <= drawing.height + 0.01 for t in drawing.texts)
    layers = len(shape) - 1
    assert drawing.alt.count(" to ") == len(labels) >= 2 * layers + 1


# --- mistakes ---


@lru_cache
def known(problem, q):
    return hypotheses(problem.graph.by_quantity[q], problem.graph)


@lru_cache
def graded():
    """For each entry that needs an exercise of its own: an example, and the record of a sheet with it."""
    chosen = {}
    with pytest.MonkeyPatch.context() as patch:
        cache = {}
        patch.setattr(
            showing,
            "hypotheses",
            lambda step, graph: (
                cache.setdefault(id(step), hypotheses(step, graph))
                if id(step) not in cache
                else cache[id(step)]
            ),
        )
        for code in OWN:
            for example in showing.examples(BY_CODE[code]):
                if abs(example.wrong - example.right) > 30 * Decimal(1).scaleb(-example.problem.places):
                    chosen[code] = example
                    break
    found = {}
    for problem in EXAMPLES.values():
        mine = {code: example for code, example in chosen.items() if example.problem is problem}
        sheets = [
            handed_in(carried(problem, {e.hypothesis.step.quantity: e.hypothesis.formula})[0])
            for e in mine.values()
        ]
        for (code, example), report in zip(mine.items(), grade(problem, sheets), strict=True):
            found[code] = example, report.as_json()
    return found


@pytest.mark.part(3)
@pytest.mark.parametrize("code", OWN)
def test_a_mistake_of_these_kinds_is_found_at_its_line_and_named_first(code):
    example, record = graded()[code]
    q = example.hypothesis.step.quantity
    assert record["first_error"] == q.name
    assert [a["quantity"] for a in record["answers"] if a["verdict"] == "wrong"] == [q.name]
    answer = next(a for a in record["answers"] if a["quantity"] == q.name)
    codes = [m["code"] for m in answer["mistakes"]]
    if code in LOOK_ALIKE:
        assert code in codes or LOOK_ALIKE[code] in answer["feedback"]
    else:
        assert codes[0] == code


# With these numbers something else is as likely, and says as much.
LOOK_ALIKE = {"M30": "a digit"}


@pytest.mark.parametrize("code", OWN)
def test_a_mistake_is_no_mistake_where_it_gives_the_right_number(code):
    """The right twin: the same sheets, worked rightly, are accused of nothing."""
    problem = graded()[code][0].problem
    record = _right(problem.code)
    assert record["first_error"] is None
    assert not [m for a in record["answers"] for m in a["mistakes"]]


@lru_cache
def _right(code):
    problem = next(p for p in EXAMPLES.values() if p.code == code)
    return grade(problem, [handed_in(carried(problem)[0])])[0].as_json()


def test_entries_for_runs_look_across_them_and_others_do_not():
    for code in OWN:
        entry = BY_CODE[code]
        assert entry.exercise in EXAMPLES
        assert not entry.across_runs or entry.exercise in ("batch", "descent")


def test_these_mistakes_are_never_suspected_in_a_plain_full_pass():
    graph = made((2, 2, 2)).graph
    found = {h.mistake.code for step in graph.steps for h in hypotheses(step, graph)}
    assert not found & set(OWN)


def test_explain_shows_a_mistake_on_the_exercise_that_it_needs():
    shown = CliRunner().invoke(main, ["explain", "m24"]).stdout
    assert "root forgotten" in shown
    assert "√(v₁₃ⁿᵉʷ) + ε" in shown


# --- what can be asked of what ---


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": "chain"}, "needs a weight to follow"),
        ({"ask": "chain W99"}, "names no weight of this network"),
        ({"ask": "chain b3", "bias": True}, "names no weight of this network"),
        ({"ask": "chain W13", "steps": 2}, "belongs to one run"),
        ({"kind": "batch"}, "needs several examples"),
        ({"kind": "descent"}, "needs several steps"),
        ({"kind": "relu"}, "needs a hidden layer with relu"),
        ({"kind": "vanishing"}, "needs two hidden layers"),
        ({"kind": "optimizer"}, "needs a rule"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(more, sentence):
    with pytest.raises(ProblemError, match=sentence):
        problem_file.from_table({**_plain((2, 2, 1)), **more}, "refused")


def test_a_chain_through_a_softmax_is_refused_with_the_reason():
    table = {
        **_plain((2, 2, 2)),
        "activation": ["sigmoid", "softmax"],
        "loss": "cross-entropy",
        "ask": "chain W13",
    }
    with pytest.raises(ProblemError, match="behind a softmax no output has a slope of its own"):
        problem_file.from_table(table, "refused")


@pytest.mark.parametrize("level", [None, *LEVELS])
@pytest.mark.parametrize("kind", MINE)
def test_every_kind_can_be_set_on_every_level(kind, level):
    chosen = settings(kind, level)
    names = (chosen.hidden,) * (len(chosen.shape) - 2) + (chosen.output,)
    net = network(chosen.shape, names, bias=chosen.bias)
    for optimizer in OPTIMIZERS[1:] if kind == "optimizer" else (None,):
        plan = plan_of(PlanRequest(kind, level, optimizer=optimizer), net)
        check(plan, net)
        assert plan.kind == kind
        assert {q.name for q in constants(plan, chosen.places, net)} >= (
            {"beta"} if optimizer in ("momentum", "rmsprop") else {"beta1", "beta2"} if optimizer else set()
        )


def test_levels_grow_and_say_so():
    assert list(LEVELS) == [1, 2, 3, 4, 5]
    sizes = [sum(settings("full-pass", level).shape) for level in LEVELS]
    assert sizes == sorted(sizes)
    assert all(level.says.endswith(".") for level in LEVELS.values())
    assert settings() == settings("full-pass")
    assert (settings().shape, settings().bias, settings().places) == ((2, 2, 1), "yes", 4)


def test_each_kind_has_its_entries_in_both_tables():
    assert set(KINDS) == set(PAGES) == set(KIND_NAMES)
    assert set(RECAST) < set(KINDS)
    assert all(kind.name == name for name, kind in KINDS.items())


def generated(tmp_path, *options):
    result = CliRunner().invoke(main, ["generate", "--seed", "kinds", "--out", str(tmp_path), *options])
    assert result.exit_code == 0, result.output
    (path,) = tmp_path.glob("*.toml")
    return problem_file.read(path)


@pytest.fixture
def _unprinted(monkeypatch):
    for name in ("worksheet_pdf", "key_pdf"):
        monkeypatch.setattr(f"answer_keys.production.{name}", lambda *_, **__: b"%PDF-")


@pytest.mark.usefixtures("_unprinted")
@pytest.mark.parametrize(
    ("options", "plan", "shape"),
    [
        (["--kind", "chain", "--level", "4"], Plan("chain", ("chain W13",)), (2, 2, 2)),
        (["--examples", "2", "--shape", "2-2-1"], Plan("batch", ("no-check-run",), examples=2), (2, 2, 1)),
        (["--kind", "descent", "--steps", "3", "--ask", "deltas", "--ask", "updates"],
         Plan("descent", ("deltas", "updates"), steps=3), (2, 1, 1)),
        (["--kind", "optimizer", "--optimizer", "adam"],
         Plan("optimizer", ("step W13", "step W35"), optimizer="adam", at_step=3), (2, 2, 1)),
        (["--level", "2"], Plan(ask=("deltas", "gradients", "updates")), (2, 2, 1)),
    ],
)  # fmt: skip
def test_kinds_are_drawn_from_the_command_line(options, plan, shape, tmp_path):
    problem = generated(tmp_path, *options)
    assert problem.plan == plan
    assert problem.network.shape == shape


@pytest.mark.usefixtures("_unprinted")
def test_options_override_a_level(tmp_path):
    problem = generated(tmp_path, "--level", "1", "--places", "6", "--bias", "--shape", "1-2-1")
    assert (problem.places, problem.network.bias, problem.network.shape) == (6, "yes", (1, 2, 1))


@pytest.mark.usefixtures("_unprinted")
def test_the_easiest_level_has_positive_numbers(tmp_path):
    problem = generated(tmp_path, "--level", "1")
    assert (
        min(v for q, v in problem.values.items() if q.kind in (QuantityKind.INPUT, QuantityKind.WEIGHT)) > 0
    )


@pytest.mark.usefixtures("_unprinted")
def test_a_unit_that_is_off_is_drawn_where_it_shows(tmp_path):
    problem = generated(tmp_path, "--kind", "relu")
    values = named(problem)
    off = [u for u in (3, 4) if values[f"a{u}"] < 0]
    assert len(off) == 1
    assert values[f"delta{off[0]}"] == 0
    assert abs(values[f"dE_dy{off[0]}"]) > 0.002


def test_an_ask_in_vain_is_told_before_anything_is_drawn():
    result = CliRunner().invoke(main, ["generate", "--ask", "detlas"])
    assert result.exit_code == 2
    assert "did you mean deltas?" in result.stderr


def test_symbols_are_asked_of_a_single_run_only():
    result = CliRunner().invoke(main, ["generate", "--examples", "2", "--symbolic"])
    assert result.exit_code == 2
    assert "--symbolic asks about a single run" in result.stderr
    table = {**_plain((2, 2, 1)), "kind": "descent", "steps": 2, "questions": {"chain": ["W13"]}}
    with pytest.raises(ProblemError, match="asked of a single run"):
        problem_file.from_table(table, "refused")


@each
def test_a_sheet_has_a_title_and_says_what_to_do(name):
    problem = EXAMPLES[name]
    assert title(problem) != f"A {problem.network.title} network"
    assert task(problem).endswith(".")
    assert title(made((2, 2, 1))) == "A 2-2-1 network"
    assert task(made((2, 2, 1))) == ""


def test_files_of_these_kinds_go_round(tmp_path):
    for name, problem in EXAMPLES.items():
        text = problem_writer.write(problem)
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        assert problem_file.read(Path(tmp_path / f"{name}.toml")) == problem
