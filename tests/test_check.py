"""`byhand check` and the key: what is said to be hidden or alike is so for the grader, and due to what is blamed."""

import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from click.testing import CliRunner
from making import drawn, made, network, perfect, shipped

import byhand
from answer_keys import keyfile, production, published
from answer_keys.drawing_services import remark
from answer_keys.solution import solve
from exercises.drawing.candidates import RandomWords
from exercises.drawing.draw import Order, draw
from exercises.formulas.decimals import rounded
from exercises.formulas.quantity import QuantityKind, parse_name
from exercises.networks.vectorised import NodeNumbers, VectorisedFormulas
from grader.ambiguity.causes import causes
from grader.ambiguity.check import check
from grader.ambiguity.coincidences import coincidences, survey_of
from grader.ambiguity.enclosures import Enclosures
from grader.ambiguity.survey import instance
from grader.answers.numbers import Typed
from grader.diagnosis.explain import Explainer
from grader.judging.batch import gather
from grader.judging.interval import enclose
from grader.judging.judge import judge
from grader.services import SERVICES, make_scorer

# --- what is found is what the grader does ---

PROBLEMS = {
    "huddar-1": lambda: shipped("huddar-1"),
    "softmax": lambda: made((2, 3), "softmax", "cross-entropy", seed=1, one_hot=True),
    "entropy": lambda: made((2, 2, 1), "sigmoid", "binary-cross-entropy", "no", seed=2),
    "relu, other sign": lambda: made((2, 2, 1), ("relu", "sigmoid"), seed=4, delta="negative-gradient"),
    "three places": lambda: made((2, 2, 1), "tanh", bias="fixed", seed=5, places=3),
}


@pytest.fixture(scope="module", params=PROBLEMS, ids=str)
def wrong_sheets(request):
    """A problem, what is said to coincide, and a sheet for each mistake that the grader has judged."""
    problem = PROBLEMS[request.param]()
    survey = survey_of(problem.graph)
    (found,) = coincidences(survey, [problem])
    right = perfect(problem)
    unit = Decimal(1).scaleb(-problem.places)
    given = {q: np.array([float(v)]) for q, v in problem.values.items()}
    typed = {q: np.array([float(text)]) for q, text in right.items()}
    with np.errstate(all="ignore"):
        wrong = Enclosures(survey.tape, given, typed, np.array([float(unit)])).at(survey.roots).mid[:, 0]
    able = np.flatnonzero(np.isfinite(wrong) & ~survey.never_shown & (np.abs(wrong) < 1e9))
    sheets = []
    for place in able:
        sheet = {q: Typed(text, Decimal(text), unit) for q, text in right.items()}
        value = Decimal(repr(float(np.floor(wrong[place] / float(unit) + 0.5)))) * unit
        sheet[survey.known[place].step.quantity] = Typed(f"{value:f}", value, unit)
        sheets.append(sheet)
    n = len(sheets)
    judged = judge(gather(problem.graph, [problem.values] * n, sheets, [problem.precision] * n))
    return problem, found, able, judged


def test_hidden_is_what_the_grader_takes_for_right(wrong_sheets):
    _, found, able, judged = wrong_sheets
    known = found.survey.known
    accepted = {
        place for at, place in enumerate(able.tolist()) if not judged.wrong(known[place].step.quantity)[at]
    }
    assert accepted == set(found.hidden) & set(able.tolist())


def test_alike_is_what_the_grader_would_offer_both_of(wrong_sheets):
    problem, found, able, judged = wrong_sheets
    known, pairs = found.survey.known, found.survey.pairs
    explainer = Explainer(problem.graph)
    fits = {}
    for q, rows in found.survey.rows.items():
        index = np.array(
            [at for at, place in enumerate(able.tolist()) if place in rows and judged.wrong(q)[at]]
        )
        if not index.size:
            continue
        candidates = [{} for _ in range(judged.sheets.size)]
        with np.errstate(all="ignore"):
            explainer.candidates(judged, q, index, candidates, np.zeros(judged.sheets.size, dtype=int))
        for at in index:
            fits[able[at]] = {h.formula for h, _ in candidates[at][q].fits}
    offered = {
        p
        for p, (one, two) in enumerate(pairs.tolist())
        if not found.survey.always_alike[p]
        and one in fits
        and two in fits
        and (known[two].formula in fits[one] or known[one].formula in fits[two])
    }
    assert offered == set(found.alike)


def test_every_mistake_is_offered_for_its_own_number(wrong_sheets):
    problem, found, able, judged = wrong_sheets
    explained = Explainer(problem.graph)
    q = max(found.survey.rows, key=lambda q: len(found.survey.rows[q]))
    index = np.array(
        [at for at, p in enumerate(able.tolist()) if p in found.survey.rows[q] and judged.wrong(q)[at]]
    )
    candidates = [{} for _ in range(judged.sheets.size)]
    with np.errstate(all="ignore"):
        explained.candidates(judged, q, index, candidates, np.zeros(judged.sheets.size, dtype=int))
    for at in index:
        assert found.survey.known[able[at]].formula in {h.formula for h, _ in candidates[at][q].fits}


def test_one_tape_gives_what_each_formula_gives_by_itself():
    problem = made((2, 2, 1), "tanh", seed=8)
    survey = survey_of(problem.graph)
    values = solve(problem).values
    given = {q: np.array([float(values[q])]) for q in problem.graph.given}
    typed = {q: np.array([float(rounded(values[q], 4))]) for q in problem.graph.asked}
    unit = np.array([1e-4])
    machine = Enclosures(survey.tape, given, typed, unit)
    with np.errstate(all="ignore"):
        for h, place in zip(survey.known, survey.roots, strict=True):
            alone = enclose(h.formula, lambda q: machine.at(survey.tape.symbols[q]), unit)
            together = machine.at(place)
            for one, two in ((alone.lo, together.lo), (alone.hi, together.hi)):
                same = np.isclose(one, two, rtol=1e-11, atol=1e-13) | ~(np.abs(one) < 1e12)
                assert same.all(), h.mistake.code
    right = NodeNumbers(VectorisedFormulas(problem.graph), given)
    for step in problem.graph.steps:
        found = right.value[VectorisedFormulas(problem.graph).symbols[step.quantity], 0]
        assert abs(found - float(values[step.quantity])) < 1e-12


# --- what no numbers tell apart ---


def test_the_same_in_other_words_is_found_and_nothing_else():
    survey = survey_of(drawn((2, 2, 1)).graph)
    codes = {tuple(survey.known[i].mistake.code for i in pair) for pair in survey.pairs[survey.always_alike]}
    assert ("U03", "X-U-TWICE") in codes  # W − η·η·g and W − η·g·η
    assert not {"B01", "B10"} & {code for pair in codes for code in pair}  # a and ReLU(a) differ below 0
    assert not survey.never_shown.any()
    linear = survey_of(made((2, 2, 1), ("sigmoid", "linear")).graph)
    never = {linear.known[i].mistake.name for i in np.flatnonzero(linear.never_shown)}
    assert "activation slope forgotten" in never  # it is 1
    (found,) = coincidences(linear, [made((2, 2, 1), ("sigmoid", "linear"))])
    assert not linear.never_shown[list(found.hidden)].any()


# --- what it is due to ---


def changed(name="huddar-1", **numbers):
    """A shipped exercise with some numbers exchanged."""
    problem = shipped(name)
    return replace(
        problem, values={**problem.values, **{parse_name(q): Decimal(v) for q, v in numbers.items()}}
    )


def advice(**numbers):
    return check(changed(**numbers)).advice


def test_an_input_of_0_hides_most_of_its_gradient():
    found = advice(x1="0", eta="0.7")
    (sentence,) = [s for s in found if "gradients of W₁₃ and W₁₄" in s and " hide " in s]
    assert sentence.startswith("With x₁ = 0, ")
    assert not any("x₂ = 0.9, the gradient" in s for s in found)


def test_a_learning_rate_of_1_hides_its_own_omission_everywhere():
    found = advice(eta="1")
    assert any(s.startswith("With η = 1, ") and "“η forgotten”" in s and "cannot show" in s for s in found)
    assert not any("“η forgotten”" in s for s in advice(eta="0.7"))


def test_equal_numbers_are_blamed_together():
    problem = changed("mazur-2-2-2", W13="0.35", W14="0.35", b3="0.15", b4="0.45")
    assert any(s.startswith("With W₁₃ = W₁₄ = 0.35, ") for s in check(problem).advice)


def test_a_target_that_is_hit_hides_what_comes_back():
    problem = changed(eta="0.7")
    hit = changed(eta="0.7", t5=str(rounded(solve(problem).values[parse_name("y5")], 4)))
    found = check(hit).advice
    assert found[0].startswith("With t₅ = 0.6903, ")
    assert "δ₅" in found[0]
    assert len(check(hit).found.hidden) > 100


def test_a_line_that_cannot_show_any_mistake_is_said_to():
    problem = made((2, 2, 1), ("relu", "sigmoid"), seed=4)
    off = {q: Decimal("-0.9") if q.unit == 3 and q.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS) else v
           for q, v in problem.values.items()}  # fmt: skip
    off |= {q: abs(v) for q, v in problem.values.items() if q.kind is QuantityKind.INPUT}
    found = check(replace(problem, values=off))
    mute = {line for line, _ in found.found.survey.ways} - {
        name[0] for name in found.found.survey.ways if name not in found.found.mute
    }
    said = [s for s in found.advice if "cannot show any mistake" in s]
    for line in mute:
        assert any(
            line.name.startswith(("dE_dW", "dE_db", "W", "b")) or problem.label(line).text in s for s in said
        )


def test_too_few_places_are_blamed_where_more_would_help():
    problem = replace(made((2, 2, 1), seed=11), places=1)
    assert any(s.startswith("With 1 decimal place, ") and "; with 3 " in s for s in check(problem).advice)


@pytest.mark.parametrize("name", ["huddar-1", "exercise-2"])
def test_what_is_blamed_on_a_number_shows_with_another(name):
    problem = shipped(name)
    survey = survey_of(problem.graph)
    (found,) = coincidences(survey, [problem])
    for cause in causes(problem, found):
        for q in cause.given:
            shown = [
                set(cause.hidden) - set(coincidences(survey, [one])[0].hidden)
                for one in (changed(name, **{q.name: other}) for other in ORDINARY.get(q.kind, OTHERS))
            ]
            for place in cause.hidden:
                assert sum(place in some for some in shown) >= 2, survey.known[place].mistake.code


ORDINARY = {QuantityKind.TARGET: ("0.23", "0.58", "0.87"), QuantityKind.RATE: ("0.28", "0.44", "0.67")}
OTHERS = ("0.37", "0.78", "-0.56")


def test_a_mistake_that_shows_in_one_way_is_not_said_never_to_show():
    """Two biases of one layer are equal: taking the other of them is hidden, taking the third one is not."""
    found = check(shipped("mazur-2-2-2"))
    about = [s for s in found.advice if "another unit's bias" in s]
    assert about
    assert all("need not show" in s for s in about)


# --- how it is shown ---


@pytest.mark.parametrize("name", [*published.names(), "drawn"])
def test_the_reading_and_the_plain_values_say_the_same(name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    problem = drawn() if name == "drawn" else shipped(name)
    found = check(problem)
    text, plain = found.as_text(), found.as_json()
    assert max(map(len, text.splitlines())) <= 100
    assert f"{plain['mistakes']} mistakes looked at" in text
    flat = " ".join(text.split())
    assert all(" ".join(sentence.split()) in flat for sentence in plain["advice"])
    for h in plain["hidden"]:
        assert h["code"] in text
    for pair in plain["alike"]:
        assert all(h["code"] in text for h in pair)
    assert json.loads(json.dumps(plain)) == plain
    assert len({(h["quantity"], h["name"]) for h in plain["hidden"]}) == len(plain["hidden"])


# --- in the key ---


def run(*args):
    return CliRunner().invoke(byhand.main, [str(a) for a in args], catch_exceptions=False)


def test_generate_records_what_still_coincides_and_check_says_the_same(tmp_path, monkeypatch):
    pages = {}
    monkeypatch.setattr(production, "worksheet_pdf", lambda *_, **__: b"")
    monkeypatch.setattr(
        production, "key_pdf", lambda s, _, note, **__: pages.setdefault(s.problem.code, note).encode()
    )
    assert run("generate", "--count", 3, "--seed", 5, "--out", tmp_path).exit_code == 0
    keys = sorted(tmp_path.glob("*-key.json"))
    assert len(keys) == 3
    for number, path in enumerate(keys, 1):
        kept = json.loads(path.read_text(encoding="utf-8"))
        problem = keyfile.read(path)
        assert problem == draw(Order(network((2, 2, 1))), f"5/{number}", make_scorer)
        looked = check(problem).as_json()
        assert kept["coincide"] == {"hidden": looked["hidden"], "alike": looked["alike"]}
        assert "coincide" not in path.with_name(path.name.replace("-key.json", ".toml")).read_text("utf-8")
        assert pages[problem.code] == remark(kept["coincide"])


def test_keys_without_it_are_read_as_before(tmp_path):
    problem = drawn()
    for coincide in (None, {"hidden": [], "alike": []}):
        path = tmp_path / "key.json"
        path.write_text(keyfile.to_json(solve(problem), "s", coincide), encoding="utf-8")
        assert keyfile.read(path) == problem
        assert ("coincide" in json.loads(path.read_text(encoding="utf-8"))) == (coincide is not None)


@pytest.mark.parametrize(
    ("hidden", "alike", "sentence"),
    [
        (0, 0, "With these numbers no mistake that byhand knows passes for correct work."),
        (1, 0, "With these numbers 1 mistake passes for correct work (byhand check lists them)."),
        (
            3,
            1,
            (
                "With these numbers 3 mistakes pass for correct work; some cannot be told from another (byhand check lists "
                "them)."
            ),
        ),
    ],
)
def test_the_key_page_says_how_many(hidden, alike, sentence):
    pair = [{"quantity": "a3", "name": "x"}, {"quantity": "a3", "name": "y"}]
    assert remark({"hidden": [{}] * hidden, "alike": [pair] * alike}) == sentence


def test_without_the_front_door_the_first_good_numbers_are_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(production, "worksheet_pdf", lambda *_, **__: b"")
    monkeypatch.setattr(production, "key_pdf", lambda *_, **__: b"")
    production.produce(Order(network((1, 1))), "s", 1, tmp_path, "a4", html=False)
    (key,) = tmp_path.glob("*-key.json")
    assert "coincide" not in json.loads(key.read_text(encoding="utf-8"))


def test_very_large_sheets_are_drawn_without_being_looked_at(monkeypatch):
    monkeypatch.setattr("grader.services.LARGEST", 40)
    order = Order(network((2, 2, 1)), places=6)
    problem = draw(order, "large", make_scorer)
    assert problem == draw(order, "large")  # the first good numbers
    assert SERVICES.record([problem]) == [None]
    assert SERVICES.record([]) == []


def test_words_of_one_seed_do_not_depend_on_the_others():
    alone, among = RandomWords.of(["b"], 4, 3), RandomWords.of(["a", "b"], 4, 3)
    for _ in range(3):
        assert alone.below(97).tolist() == among.below(97).tolist()[4:]


def test_instances_are_mistakes_at_lines():
    survey = survey_of(drawn().graph)
    assert set(survey.ways) == {instance(h) for h in survey.known}
    assert sum(map(len, survey.ways.values())) == len(survey.known)
