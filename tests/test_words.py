"""What a student is told: every sentence holds on the page, blames only what it may, and gives nothing away."""

import math
import random
import re
from collections import Counter
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest
from making import SIGNS, carried, drawn, handed_in, made, perfect, shipped, title, typed

from answer_keys.solution import solve
from benchmarks.students import POLICIES, applicable_policies, random_fault, simulate, wide_problem
from exercises import problem_file, typeset
from exercises.formula import ONE, Symbol, leaves, product
from exercises.functions import FUNCTIONS
from exercises.quantity import Kind, Link, activation_slope, parse_name
from grader.diagnose import diagnose
from grader.judge import Note, Verdict
from grader.numbers import Typed
from grader.report import grade
from grader.words import NAMED, SURE, Speaker

GIVES = re.compile(r"(?:[Yy]our own lines give|[Ff]rom your numbers follows) (.+?)(?= here\.|; |\.(?: |$))")
NUMBER = re.compile(r"(?<![\w₀-₉.])(?<!via )[-−]?[0-9]+(?:\.[0-9]+)?(?:[eE][-−]?[0-9]+)?")
BACK_TO = re.compile(r" \(.+\); it costs")  # with the name of the mistake
BLANK = "a line that you did not write down"
POINTS_BACK = re.compile(r"The same as at .+? \(.+\); it costs a mark only once\.")


# --- many sheets ---


class Sheet:
    """A graded sheet with everything that was thought of it."""

    def __init__(self, texts, speaker, record, hinted):
        self.texts, self.speaker, self.record, self.hinted = texts, speaker, record, hinted
        self.problem, self.found, self.read = speaker.problem, speaker.found, speaker.answers
        self.answers = {parse_name(a["quantity"]): a for a in record["answers"]}
        self.verdicts = {q: a["verdict"] for q, a in self.answers.items()}

    @property
    def graph(self):
        """The steps under the convention by which the sheet is read."""
        return self.found.judged.sheets.graph

    def by(self, verdict):
        """The lines with this verdict."""
        return [q for q, found in self.verdicts.items() if found == verdict]

    def written(self, q):
        """A number as it is shown to the student, where he has one."""
        if q in self.problem.values:
            return typeset.number(self.problem.values[q])
        answer = self.read.get(q)
        return answer.text.replace("-", "−") if isinstance(answer, Typed) else None

    def said(self):
        """The sentences of all lines, and which line each belongs to."""
        return [(q, a["feedback"]) for q, a in self.answers.items() if a["feedback"]]


def sheets_of(problem, many):
    """Sheets graded together, diagnosed once for the plain report and for the one with hints."""
    given = [handed_in(texts) for texts in many]
    kept = []

    def diagnosed(sheets):
        kept[:] = kept or diagnose(sheets)
        return kept

    speakers = []

    def speaker(*args, **options):
        speakers.append(Speaker(*args, **options))
        return speakers[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.report.diagnose", diagnosed)
        patch.setattr("grader.report.Speaker", speaker)
        records = [r.content for r in grade(problem, given)]
        hinted = [r.content for r in grade(problem, given, hints=True)]
    return [Sheet(*rest) for rest in zip(many, speakers[: len(many)], records, hinted, strict=True)]


KINDS = [
    ((2, 2, 1), "sigmoid", "half-squared-error", True),
    ((2, 2, 2), "sigmoid", "squared-error", True),
    ((2, 2, 2), "tanh", "half-squared-error", "fixed"),
    ((2, 2, 1), "relu", "half-squared-error", False),
    ((3, 2, 1), "sigmoid", "binary-cross-entropy", True),
    ((2, 2, 2, 1), "tanh", "mean-squared-error", False),
]


@lru_cache
def simulated():
    """Wrong sheets of every sort: mistakes, systematic mistakes, slips; every line given, or some left out."""
    rng = random.Random("words")  # noqa: S311 - nothing here is secret
    out = []
    for number, (shape, activation, loss, bias) in enumerate(KINDS):
        plain = wide_problem(
            rng, shape, activation, bias, loss=loss, delta=("gradient", SIGNS[1])[number % 2]
        )
        names = [n for n in applicable_policies(plain) if not POLICIES[n].is_convention]
        many = []
        for count in range(70):
            policy = names[count % len(names)] if count % 3 else "half-up"
            how = {"systematic": count % 5 == 1, "slip": count % 5 == 2, "carried": count % 2 == 0}
            faults = [random_fault(plain, rng, **how)]
            if count % 7 == 0:
                faults.append(random_fault(plain, rng))
            try:
                sheet = simulate(plain, policy, rng, faults)
            except ValueError:  # two mistakes at one line
                continue
            many.append({parse_name(n): text for n, text in sheet.answers.items()})
        out += sheets_of(typed(plain), many)
    return out


def test_there_are_many_sheets_of_every_sort():
    found = simulated()
    assert len(found) > 300
    assert sum(s.record["first_error"] is not None for s in found) > 250
    every = Counter(phrase for s in found for _, text in s.said() for phrase in PHRASES if phrase in text)
    assert set(every) == set(PHRASES), set(PHRASES) - set(every)


PHRASES = (
    "your own lines give",
    "Your own lines give",
    "rom your numbers follows",
    "it differs from the key because of",
    BLANK,
    "is the number of",
    "digits were cut off",
    "The same as at",
    "does not follow",
)


# --- arithmetic ---


VULGAR = {"½": 1 / 2, "⅓": 1 / 3, "¼": 1 / 4, "⅔": 2 / 3}
WRITTEN = {f.written: f for f in FUNCTIONS}


class Reader:
    """Works out what a sentence shows: an independent reading of printed arithmetic, in floats."""

    TOKEN = re.compile(
        r"\s*(?:([0-9]+(?:\.[0-9]+)?)|([½⅓¼⅔])|([a-zA-Zσφ]+′?|log₁₀|Φ)|([-−+·/()|^])|([⁰¹²³⁴-⁹]+))"
    )

    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text):
            found = self.TOKEN.match(text, at)
            assert found, (text, text[at:])
            self.tokens.append(found[0].strip())
            at = found.end()
        self.at = 0

    @property
    def next(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected=""):
        token = self.next
        assert not expected or token == expected, self.tokens
        self.at += 1
        return token

    def value(self):
        found = self.sum()
        assert not self.next, self.tokens
        return found

    def sum(self):
        found = self.product()
        while self.next in ("+", "−"):
            found = found + self.product() if self.take() == "+" else found - self.product()
        return found

    def product(self):
        if self.next == "−":
            self.take()
            return -self.product()
        found = self.power()
        while self.next and self.next not in ("+", "−", ")", "|"):
            if self.next == "/":
                self.take()
                found /= self.power()
            else:
                if self.next == "·":
                    self.take()
                found *= self.power()
        return found

    def power(self):
        base = self.atom()
        while self.next and self.next in "⁰¹²³⁴⁵⁶⁷⁸⁹":
            base **= int(self.take().translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
        return base

    def atom(self):
        part = self.take()
        if part in VULGAR:
            return VULGAR[part]
        if part in {"(", "|"}:
            found = self.sum()
            self.take({"(": ")", "|": "|"}[part])
            return found if part == "(" else abs(found)
        if part[0].isdigit():
            return float(Fraction(part))
        if self.next == "^":
            part += self.take()
            argument = self.atom()
        else:
            self.take("(")
            argument = self.sum()
            self.take(")")
        return float(WRITTEN[part].array(np, argument))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(0.1)(0.35) + (0.8)(0.9)", 0.755),
        ("−(−0.0407)(0.9)", 0.03663),
        ("½(0.5 − 0.6903)²", 0.5 * 0.1903**2),
        ("0.1689 − (−0.6)", 0.7689),
        ("−0.8 − (0.8)(−0.6398)", -0.28816),
        ("1 − (−0.5)²", 0.75),
        ("(e^0.5) / (e^0.5 + e^(−0.5))", 1 / (1 + math.exp(-1))),
        ("−(0.7)·ln(0.4151)", -0.7 * math.log(0.4151)),
        ("(0.2)tanh(0.3)σ(0)", 0.2 * math.tanh(0.3) / 2),
        ("ReLU′(−3) + |−2| / (4)", 0.5),
    ],
)
def test_the_reader_of_these_tests_reads_arithmetic(text, value):
    assert Reader(text).value() == pytest.approx(value)


def equalities():
    """Every `X = S = V` that is said to follow, with the line and sheet."""
    for sheet in simulated():
        for q, text in sheet.said():
            for found in GIVES.findall(text):
                yield sheet, q, found.split(" = ")


def test_arithmetic_holds_on_the_very_numbers_shown():
    seen = 0
    for _, q, parts in equalities():
        *_, shown, result = ["", *parts]
        if len(parts) < 3:
            continue  # nothing but a number put in
        if result == "no number":
            with np.errstate(all="ignore"):
                assert not math.isfinite(Reader(shown).value()), (q, parts)
            continue
        places = len(result.partition(".")[2])
        assert abs(Reader(shown).value() - Reader(result).value()) <= 0.5 * 10**-places * (1 + 1e-6), (
            q,
            parts,
        )
        seen += 1
    assert seen > 200


def test_no_line_is_said_to_follow_from_nothing():
    for sheet, q, parts in equalities():
        formula = sheet.graph.by_quantity[q].formula
        assert re.fullmatch(r"−?\d+\.\d+|no number", parts[-1]), (q, parts)
        assert len(parts) == 1 or parts[0] == typeset.symbolic(formula, sheet.problem.label)
        assert parts[-1].count(".") == 0 or len(parts[-1].partition(".")[2]) >= sheet.problem.places


def test_the_numbers_put_in_are_those_given_or_typed():
    seen = 0
    for sheet, q, parts in equalities():
        formula = sheet.graph.by_quantity[q].formula
        if len(parts) == 3 and all(sheet.written(p) is not None for p in leaves(formula)):
            assert parts[1] == typeset.substituted(formula, sheet.written), q
            seen += 1
    assert seen > 200


def test_own_lines_are_not_called_so_where_one_of_them_is_blank():
    for sheet, q, text in ((s, q, text) for s in simulated() for q, text in s.said()):
        parents = sheet.problem.graph.by_quantity[q].parents
        if re.search(r"your own lines give", text, re.IGNORECASE):
            assert all(sheet.written(p) is not None for p in parents), (q, text)


def test_the_number_said_to_be_typed_is_the_one_typed():
    for sheet in simulated():
        for q in sheet.by("wrong"):
            text = sheet.answers[q]["feedback"]
            if not POINTS_BACK.match(text):
                assert text.startswith(f"Your {sheet.problem.label(q).text} = {sheet.written(q)}")


# --- form ---


@pytest.mark.parametrize("hints", [False, True])
def test_sentences_end_with_a_full_stop_and_have_one_colon_at_most(hints):
    for sheet in simulated():
        record = sheet.hinted if hints else sheet.record
        for text in [a["feedback"] for a in record["answers"] if a["feedback"]] + record["remarks"]:
            assert text.endswith((".", ".)", "?") if hints else (".", ".)")), text
            assert not re.search(r"\.\.|\?\.|\s\.|  |\{|\}|None|nan|Quantity", text), text
            for sentence in re.split(r"(?<=[.?)]) (?=[A-Z(])", text):
                assert sentence.count(":") <= 1, text


# --- lines that follow ---


def test_a_line_that_follows_names_all_broken_lines_before_it_up_to_three():
    counts = Counter()
    for sheet in simulated():
        if sheet.found.convention is not None:
            continue
        graph = sheet.problem.graph
        broken = [step.quantity for step in graph.steps if sheet.verdicts[step.quantity] == "wrong"]
        for q in sheet.by("follows"):
            before = [sheet.problem.label(p).text for p in broken if p in graph.ancestors[q]]
            because = sheet.answers[q]["feedback"].partition(" because of ")[2].removesuffix(".")
            counts[len(before)] += 1
            blamed = {
                e.causes[0].hypothesis.step.quantity for e in sheet.found.explained.values() if e.causes
            }
            blank = {p for p in blamed if sheet.verdicts[p] == "missing"}
            if not before or blank & graph.ancestors[q]:
                assert because == "a break further up, in a line left blank"
            elif len(before) > NAMED:
                assert because == f"the broken lines before it, the first of them {before[0]}"
            else:
                assert re.split(", | and ", because) == before
    assert {0, 1, 2} <= set(counts)


def test_two_three_and_four_broken_lines_are_told_in_words():
    problem = drawn((2, 2, 1), seed="ancestors")
    exact = solve(problem).values
    names = ["a3", "a4", "y5", "delta5"]
    changes = [
        {parse_name(n): exact[parse_name(n)] + Decimal("0.1373") for n in names[: i + 1]} for i in range(4)
    ]
    said = []
    for sheet in sheets_of(problem, [carried(problem, change)[0] for change in changes]):
        assert [q.name for q in sheet.by("wrong")] == names[: len(said) + 1]
        said.append(sheet.answers[parse_name("W35_new")]["feedback"].partition("because of ")[2])
    assert said == [
        "a₃.",
        "a₃ and a₄.",
        "a₃, a₄ and y₅.",
        "the broken lines before it, the first of them a₃.",
    ]


# --- conventions ---


@pytest.mark.parametrize("shape", [(1, 1), (2, 2, 1), (2, 2, 2), (2, 3)], ids=title)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "linear"])
@pytest.mark.parametrize("sign", SIGNS)
def test_a_half_forgotten_in_the_losses_alone_spoils_no_right_line(shape, activation, sign):
    for seed in range(4):
        problem = made(shape, activation, delta=sign, seed=seed)
        wrong = {
            step.quantity: product([2 * ONE, step.formula])
            for step in problem.graph.steps
            if step.link is Link.LOSS and Link.LOSS not in links_of(problem, step.parents)
        }
        (sheet,) = sheets_of(problem, [carried(problem, wrong)[0]])
        assert sheet.record["convention"] is None
        assert sheet.record["remarks"] == []
        assert set(sheet.by("wrong")) <= set(wrong)
        assert len(sheet.by("wrong")) >= len(wrong) // 2  # a loss near 0 shows nothing
        assert all(
            q.kind is Kind.LOSS for q, v in sheet.verdicts.items() if v not in ("correct", "not-assessed")
        )


def links_of(problem, quantities):
    """The links of those quantities that are lines."""
    return {problem.graph.by_quantity[q].link for q in quantities if q in problem.graph.by_quantity}


@pytest.mark.parametrize("shape", [(1, 1), (2, 2, 1), (2, 2, 2)], ids=title)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@pytest.mark.parametrize("sign", SIGNS)
def test_a_slope_multiplied_in_twice_is_no_slope_later(shape, activation, sign):
    for seed in range(4):
        problem = drawn(shape, activation, delta=sign, seed=f"slope twice {seed}")
        wrong = {
            step.quantity: product([step.formula, Symbol(activation_slope(step.quantity.unit))])
            for step in problem.graph.steps
            if step.link is Link.GRADIENT
        }
        (sheet,) = sheets_of(problem, [carried(problem, wrong)[0]])
        assert sheet.record["convention"] is None
        deltas = [q for q in sheet.verdicts if q.kind is Kind.DELTA]
        assert {sheet.verdicts[q] for q in deltas} == {"correct"}
        assert set(sheet.by("wrong")) <= set(wrong)
        assert sheet.by("wrong")
        assert "wrong" not in {v for q, v in sheet.verdicts.items() if q not in wrong}


# --- blanks ---


def test_a_blank_line_is_blamed_only_when_it_is_more_likely_than_not():
    counts = Counter()
    for sheet in simulated():
        for q in sheet.by("wrong"):
            text = sheet.answers[q]["feedback"]
            explanation = sheet.found.explained[q]
            if POINTS_BACK.match(text):
                continue
            causes = explanation.causes if explanation.copied is None else ()
            at = causes[0].hypothesis.step.quantity if causes else q
            blames = at != q and causes[0].probability >= SURE
            counts[blames, at != q] += 1
            assert (BLANK in text) == blames, text
            if blames:
                assert causes[0].probability >= 0.5
                assert sheet.verdicts[at] == "missing"
                assert f" fits {sheet.problem.label(at).text} = " in text
            elif at != q:
                assert " fits " not in text
    assert counts[True, True] > 10
    assert not counts[True, False]


def test_a_blank_line_less_likely_than_not_is_passed_over_in_silence():
    seen = 0
    for sheet in simulated():
        for q in sheet.by("wrong"):
            if BLANK not in sheet.answers[q]["feedback"]:
                continue
            explanation = sheet.found.explained[q]
            for probability, blamed in ((0.5, True), (0.499, False)):
                cause = replace(explanation.causes[0], probability=probability)
                text = sheet.speaker.line(q, replace(explanation, causes=(cause, *explanation.causes[1:])))
                assert (BLANK in text) == (" fits " in text) == blamed
                assert blamed or "does not follow" in text
            seen += 1
    assert seen > 10


def test_a_blank_line_that_is_said_to_be_wrong_is_an_earlier_one():
    for sheet in simulated():
        for q in sheet.by("wrong"):
            for cause in sheet.found.explained[q].causes:
                at = cause.hypothesis.step.quantity
                assert at == q or at in sheet.problem.graph.ancestors[q]


# --- copies, cut off digits ---


def test_a_number_is_never_copied_from_a_line_that_came_from_it():
    seen = 0
    for sheet in simulated():
        labels = {sheet.problem.label(q).text: q for q in (*sheet.verdicts, *sheet.problem.values)}
        for q in sheet.by("wrong"):
            found = re.search(r" is the number of (.+?); ", sheet.answers[q]["feedback"])
            if found:
                source = labels[found[1]]
                assert q not in sheet.problem.graph.ancestors.get(source, ())
                assert Decimal(sheet.texts[q]) == (
                    sheet.problem.values.get(source, None) or sheet.read[source].value
                )
                seen += 1
    assert seen > 3


def test_a_line_copied_downwards_is_called_copied_at_the_copy_only():
    problem = shipped("huddar-1")
    right = perfect(problem)
    for name, onto in (("a3", "y3"), ("delta5", "dE_dW35"), ("y4", "dE_dy5")):
        texts = {**right, parse_name(onto): right[parse_name(name)]}
        (sheet,) = sheets_of(problem, [texts])
        assert sheet.record["first_error"] == onto
        source = problem.label(parse_name(name)).text
        text = sheet.answers[parse_name(onto)]["feedback"]
        assert f"is the number of {source}" in text or f"is what {source} gives" in text


def test_digits_are_cut_off_only_where_less_was_typed_than_follows():
    many = list(simulated())
    for seed in range(10):
        problem = drawn((2, 2, 2), ("tanh", "sigmoid")[seed % 2], seed=f"cut {seed}")
        many += sheets_of(problem, [carried(problem, rounding=ROUND_DOWN)[0]])
    cut = 0
    for sheet in many:
        for q, answer in sheet.answers.items():
            as_meant = any(sheet.verdicts.get(p) == "wrong" for p in sheet.graph.by_quantity[q].parents)
            if "cut off" in answer["feedback"] and not as_meant:  # see the next test but one
                assert answer["verdict"] == "correct"
                assert abs(float(answer["submitted"])) < abs(answer["expected_from_your_values"]), (q, answer)
                cut += 1
    assert cut > 50


def test_work_that_is_rounded_is_not_called_cut_off():
    for seed in range(20):
        problem = drawn((2, 2, 2), ("tanh", "sigmoid")[seed % 2], seed=f"cut {seed}")
        (sheet,) = sheets_of(problem, [carried(problem)[0]])
        assert not [a for a in sheet.answers.values() if "cut off" in a["feedback"]]


def test_a_slip_that_is_not_carried_on_makes_no_right_line_look_cut_off():
    problem = shipped("huddar-1")
    (sheet,) = sheets_of(problem, [{**perfect(problem), parse_name("y3"): "0.8603"}])
    assert [q.name for q in sheet.by("wrong")] == ["y3"]
    assert not [a["label"] for a in sheet.answers.values() if "cut off" in a["feedback"]]


# --- hints ---


def test_hints_reveal_no_number_that_is_not_typed_or_given():
    for sheet in simulated():
        known = {
            Decimal(n.replace("−", "-"))
            for n in map(sheet.written, (*sheet.problem.values, *sheet.texts))
            if n
        }
        known |= {Decimal(n) for n in (0, 1, 2, sheet.problem.places)}
        for answer in sheet.hinted["answers"]:
            assert answer["expected"] is answer["expected_from_your_values"] is None
            for number in NUMBER.findall(BACK_TO.sub("", answer["feedback"])):
                assert Decimal(number.replace("−", "-")) in known, answer["feedback"]
            assert " = " not in answer["feedback"]


def test_hints_judge_no_differently():
    for sheet in simulated():
        for plain, hinted in zip(sheet.record["answers"], sheet.hinted["answers"], strict=True):
            for key in ("quantity", "verdict", "credit", "out_of", "submitted", "mistakes"):
                assert plain[key] == hinted[key]
            assert bool(plain["feedback"]) == bool(hinted["feedback"])


# --- repeated mistakes ---


def repeated(activation="sigmoid"):
    """Every gradient of a weight worked without the output of the unit below: one misunderstanding."""
    problem = drawn((2, 2, 2), activation, seed="repeated")
    slopes = [s for s in problem.graph.steps if s.link is Link.ACTIVATION_SLOPE]
    wrong = {
        s.quantity: Symbol(next(q for q in leaves(s.formula) if q.kind is Kind.ACTIVATION)) for s in slopes
    }
    return problem, wrong


@pytest.mark.parametrize("hints", [False, True])
def test_a_repeated_mistake_is_explained_once_and_then_pointed_back_to(hints):
    problem, wrong = repeated()
    texts, _ = carried(problem, wrong)
    (record,) = [r.content for r in grade(problem, [handed_in(texts)], hints=hints)]
    broken = [a for a in record["answers"] if a["verdict"] == "wrong"]
    assert {parse_name(a["quantity"]) for a in broken} == set(wrong)
    first, *others = broken
    name = first["mistakes"][0]["name"]
    assert {a["mistakes"][0]["name"] for a in others} == {name}
    assert first["feedback"].startswith("Look at " if hints else "Your ")
    assert "The same as at" not in first["feedback"]
    assert first["credit"] == 0
    for answer in others:
        assert answer["feedback"].startswith(
            f"The same as at {first['label']}{'' if hints else f' ({name})'}; it costs a mark only once."
        )
        assert ("our own lines give" in answer["feedback"]) is not hints
        assert answer["credit"] == answer["out_of"] == 1
    assert record["score"] == record["out_of"] - 1


def test_a_mistake_pointed_back_to_was_named_at_that_line():
    seen = 0
    for sheet in simulated():
        named = {a["label"]: a for a in sheet.answers.values()}
        for answer in sheet.answers.values():
            found = re.match(r"The same as at (.+?) \((.+)\); it costs", answer["feedback"])
            if found:
                first = named[found[1]]
                assert first["mistakes"][0]["name"] == answer["mistakes"][0]["name"] == found[2]
                assert first["credit"] == 0
                assert "The same as at" not in first["feedback"]
                seen += 1
    assert seen > 20


# --- nothing to show ---


def nothing_shown(record):
    """The remark that a person should look, if it was made."""
    return [r for r in record["remarks"] if "lines show nothing" in r]


@pytest.mark.parametrize("shape", [(2, 2, 1), (2, 2, 2), (2, 2, 2, 1)], ids=title)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_one_0_carried_on_costs_one_line_and_what_it_hides_is_not_counted(shape, activation):
    problem = drawn(shape, activation, seed="zero")
    kinds = (Kind.DELTA, Kind.ACTIVATION, Kind.LOSS_SLOPE)
    zeros = [
        s.quantity for s in problem.graph.steps
        if s.quantity.kind in kinds and not s.quantity.updated and not s.quantity.via
    ]  # fmt: skip
    sheets = sheets_of(problem, [carried(problem, {q: Decimal(0)})[0] for q in zeros])
    remarked = 0
    for q, sheet in zip(zeros, sheets, strict=True):
        lines = sheet.answers.values()
        assert sheet.by("wrong") == [q]
        assert sheet.record["score"] == sheet.record["out_of"] - 1
        hidden = [a for a in lines if a["verdict"] == "not-assessed"]
        assert all(a["credit"] == a["out_of"] == 0 for a in hidden)
        trivial = [a for a in hidden if "so this line shows nothing more" in a["feedback"]]
        label = problem.label(q).text
        direct = [a for a in trivial if q in problem.graph.by_quantity[parse_name(a["quantity"])].parents]
        assert all(a["feedback"].startswith(f"{label} stands at 0.0000 on your sheet, so") for a in direct)
        found = nothing_shown(sheet.record)
        assert bool(found) == (5 * len(trivial) > len(lines))
        if found:
            assert found[0].startswith(f"{len(trivial)} of {len(lines)} lines show nothing, ")
            assert found[0].endswith("a person should look at this mark.")
            remarked += 1
    assert remarked < len(zeros)
    assert remarked or shape == (2, 2, 2)  # there no number has a fifth of the lines behind it


def test_what_is_not_counted_and_what_is_counted_without_a_mark():
    for sheet in simulated():
        for q, answer in sheet.answers.items():
            line = sheet.found.judged.lines[q]
            verdict, note = (Verdict(int(x[sheet.found.column])) for x in (line.verdict, line.verdict))
            note = Note(int(line.note[sheet.found.column]))
            assert verdict.word == answer["verdict"]
            match verdict:
                case Verdict.NOT_ASSESSED:
                    assert (answer["credit"], answer["out_of"]) == (0, float(note is Note.TOO_COARSE))
                    assert ("not counted" in answer["feedback"]) == (note is not Note.TOO_COARSE)
                case Verdict.CORRECT | Verdict.FOLLOWS:
                    assert answer["credit"] == answer["out_of"] == 1
                case Verdict.WRONG:
                    assert answer["credit"] == float(bool(POINTS_BACK.match(answer["feedback"])))
                case _:
                    assert (answer["credit"], answer["out_of"]) == (0, 1)


@pytest.mark.parametrize(
    ("name", "text", "verdict"),
    [
        ("a3", None, "correct"),
        ("a3", "see back", "unreadable"),
        ("a3", "", "missing"),
        ("a3", "17.5", "wrong"),
        ("delta3", "one digit", "not-assessed"),
    ],
)
def test_marks_of_a_line_by_what_stands_there(name, text, verdict):
    values = {q.name: v for q, v in drawn((2, 2, 1)).values.items()}
    content = {"marking": {"hidden delta": 2, "weighted sum": 3}, "shape": [2, 2, 1], "values": values}
    problem = problem_file.from_table(content, "x")
    q, right = parse_name(name), perfect(problem)
    if text == "one digit":
        value = Decimal(right[q])
        text = f"{typeset.rounded(value, -value.adjusted()):f}"
    weight = {"a3": 3, "delta3": 2}[name]
    (sheet,) = sheets_of(problem, [{**right, q: right[q] if text is None else text}])
    assert sheet.verdicts[q] == verdict
    assert sheet.answers[q]["out_of"] == weight
    assert sheet.answers[q]["credit"] == (weight if verdict == "correct" else 0)
    assert sheet.record["out_of"] == sum(a["out_of"] for a in sheet.answers.values())
    assert sheet.record["score"] == sheet.record["out_of"] - (0 if verdict == "correct" else weight)
