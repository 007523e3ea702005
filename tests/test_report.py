"""The report: frozen records with one way to JSON and back; hints that give nothing away; numbers of any size."""

import io
import json
import re
from dataclasses import FrozenInstanceError, fields, replace
from functools import lru_cache

import pytest
from click.testing import CliRunner
from course_making import write_course
from hypothesis import given, settings
from hypothesis import strategies as st
from making import carried, drawn, handed_in, made, perfect, shipped
from rich.console import Console

import byhand
from answer_keys.solution import solve
from exercises.formulas import decimals, typeset
from exercises.formulas.quantity import parse_name
from grader.ambiguity.planting import plant
from grader.answers.names import Names
from grader.export import autograder
from grader.feedback.report import grade
from grader.feedback.report_lines import NOBODY, addressed, with_columns
from grader.feedback.report_records import Answer, Report
from grader.handback.feedback_page import feedback_html
from grader.handback.terminal import show
from grader.mistakes import CATALOGUE
from grader.mistakes.hypotheses import hypotheses

CODES = re.compile(rf"\b(?:{'|'.join(one.code for one in CATALOGUE)})\b")
SETTINGS = {"points": 0, "visibility": "visible", "hints": True}


@lru_cache
def broken():
    """Sheets with one mistake each, carried on; some lines left blank on every other one."""
    problem, out = drawn((2, 2, 2), seed="report"), []
    for step in problem.graph.steps:
        for number, one in enumerate(list(hypotheses(step, problem.graph))[:2]):
            texts, _ = carried(problem, {step.quantity: one.formula})
            blank = list(texts)[number::7] if number % 2 else ()
            out.append({q: "" if q in blank else text for q, text in texts.items()})
    return problem, [handed_in(texts, f"Student {n}") for n, texts in enumerate(out)]


@lru_cache
def reports():
    """What is said of them."""
    problem, sheets = broken()
    return grade(problem, sheets)


def outputs(problem, report, *, page=True):
    """One report wherever it is shown."""
    out = io.StringIO()
    show(problem, [report], Console(file=out, width=200, highlight=False))
    told = autograder._shown(problem, report, SETTINGS, [])
    html = feedback_html(problem, report).partition("</head>")[2] if page else ""
    return [report.as_line(), out.getvalue(), html, json.dumps(told, ensure_ascii=False)]


# --- records ---
@pytest.mark.slow
def test_a_report_is_read_back_as_it_was_written():
    for report in reports():
        known = replace(report, student_id="", answers=tuple(replace(a, unread=None) for a in report.answers))
        assert Report.from_json(json.loads(report.as_line())) == known
        assert Report.from_json(report.as_json()).as_line() == report.as_line()
    assert any(answer.mistakes for report in reports() for answer in report.answers)


def test_nothing_of_a_report_can_be_changed_in_place():
    report = reports()[0]
    with pytest.raises(FrozenInstanceError):
        report.score = 1.0
    with pytest.raises(FrozenInstanceError):
        report.answers[0].credit = 1.0
    assert not hasattr(report, "__dict__")
    assert all(isinstance(getattr(report, f.name), (str, float, tuple, type(None))) for f in fields(Report))


def test_other_answers_bring_other_marks():
    report = next(r for r in reports() if r.first_error)
    right = report.with_answers((a.with_verdict("correct").with_full_credit("") for a in report.answers), 3)
    assert (right.first_error, right.first_wrong, right.strict_score) == (None, None, 3)
    assert right.score == right.out_of == report.out_of > report.score
    assert report.first_wrong.verdict == "wrong"  # the old one stays as it is


def test_a_decision_keeps_what_it_overruled():
    answer = next(a for r in reports() for a in r.answers if a.verdict == "wrong")
    decided = answer.with_decision("correct", 1.0, 1.0, remark="said at the board", told="A person decided.")
    again = Answer.from_json(decided.as_json())
    assert again == decided
    assert (again.overruled.verdict, again.overruled.credit) == ("wrong", answer.credit)
    assert "decided" not in answer.as_json()


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_line_is_addressed_without_being_read(student, title):
    report = replace(reports()[0], student=NOBODY, problem=f'"student": "{NOBODY}"{title}')
    line = with_columns(addressed(report.as_line(), student), {"exercise": title})
    assert json.loads(line) == {"exercise": title, **replace(report, student=student).as_json()}


# --- hints ---


def values_of(report):
    """The right numbers of broken lines, as sentences write them."""
    for answer in report.answers:
        if answer.verdict in ("wrong", "missing"):
            yield from (v for v in (answer.expected, answer.expected_from_your_values) if v is not None)


def test_with_hints_no_output_names_a_mistake_or_gives_a_number_away():
    problem, sheets = broken()
    named = told = 0
    part = slice(None, None, 3)  # of the two of a line now the first, now the second
    for report, hinted, sheet in zip(
        reports()[part], grade(problem, sheets[part], hints=True), sheets[part], strict=True
    ):
        names = {one.name for answer in report.answers for one in answer.mistakes}
        written = " ".join([*sheet.texts.values(), *map(str, problem.values.values())])
        right = {f"{abs(v):.{problem.places}f}" for v in values_of(report)}
        secret = {text for text in right if text not in written}
        named, told = named + len(names), told + len(secret)
        for text in outputs(problem, hinted, page=named % 4 == 0):
            assert not [name for name in names if name in text]
            assert not CODES.search(text)
            assert not [number for number in secret if number in text]
        assert [(a.quantity, a.verdict, a.credit) for a in hinted.answers] == [
            (a.quantity, a.verdict, a.credit) for a in report.answers
        ]
    assert named > 20
    assert told > 40


def test_with_hints_an_answer_in_symbols_names_no_mistake():
    problem = drawn((2, 2, 1), seed="symbols", symbolic=True)
    names = Names(problem)
    asked = {names.find(q.name): "-(t5-y5)" for q in problem.questions}
    plain, hinted = (grade(problem, [handed_in(asked)], hints=hints)[0] for hints in (False, True))
    assert any(answer.mistakes for answer in plain.answers)
    assert not any(answer.mistakes for answer in hinted.answers)


def test_with_hints_a_course_names_no_mistake(tmp_path):
    problems, roster = write_course(tmp_path, 1)
    from course_making import problem as own

    one = own(0)
    step = one.graph.by_quantity[parse_name("delta3")]
    texts, _ = carried(one, {step.quantity: next(iter(hypotheses(step, one.graph))).formula})
    sheet = "".join(f"{q.name} = {text}\n" for q, text in texts.items())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(f"id: s0000\ncode: {one.code}\n{sheet}", encoding="utf-8")
    out = tmp_path / "out"
    for hints in ((), ("--hints",)):
        args = ["grade", problems, tmp_path / "in", "--roster", roster, "--out", out, "--feedback", "html"]
        done = CliRunner().invoke(byhand.main, [str(a) for a in (*args, *hints)])
        assert done.exit_code == 0, done.output
        (record,) = map(json.loads, (out / "results.jsonl").read_text(encoding="utf-8").splitlines())
        found = [m["name"] for a in record["answers"] for m in a["mistakes"]]
        if not hints:
            names = found
    assert names
    assert not found
    for path in (p for p in out.rglob("*") if p.suffix in {".jsonl", ".csv", ".html"}):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in names if name in text], path


# --- numbers of any size ---

EXTREME = (
    "1e60", "-1e60", "1e-60", "1e30", "1e308", "-1e308", "1e-400", "1e400", "1e999999999", "1e-999999999", "9" * 38,
    "9" * 41, "9" * 300, "0." + "0" * 37 + "1", "10^60", "10^(-60)", "2^999", "1/1e-60", "1/3e-60", "1e60*1e60",
    "(1e60)^9", "(1e-60)^9", "exp(100000)", "1e60 = 1e60", "0.5*0.3 = 1e60", "1e60*0 = 0.15", "1/0", "1/0 = 0.5",
    "10^10^10", "5×10⁶⁰", "1/" + "9" * 38, "ln(1e-60)", "ln(0)", "1/(1+exp(-1e60))", "1e60/1e60", "-0", "inf", "nan",
)  # fmt: skip


@lru_cache
def several():
    """Problems of several kinds, each with the names of what is asked."""
    plain = drawn((2, 2, 1), seed="extreme")
    problems = [
        plain,
        made((2, 2, 2), "relu"),
        made((2, 2, 1), ("tanh", "linear"), "squared-error", "no"),
        made((2, 2, 2), "softmax", "cross-entropy", one_hot=True),
        shipped("exercise-2"),
        plant(plain, "3"),
        drawn((2, 2, 1), seed="symbols", symbolic=True),
    ]
    return [(p, [*(s.quantity for s in p.graph.asked_steps), *(Names(p).find(q.name) for q in p.questions)])
            for p in problems]  # fmt: skip


@settings(max_examples=settings().max_examples // 3)
@given(st.data())
def test_no_number_stops_the_grader(data):
    """It is wrong, or unreadable with a reason; every other line has its verdict, and every output is made."""
    problem, asked = data.draw(st.sampled_from(several()))
    right = {q: text for q, text in perfect(problem).items() if q in asked}
    changed = data.draw(
        st.dictionaries(st.sampled_from(asked), st.sampled_from(EXTREME), min_size=1, max_size=4)
    )
    blank = data.draw(st.sets(st.sampled_from(asked), max_size=5))
    sheets = [
        handed_in({**right, **dict.fromkeys(blank, ""), **changed}),
        handed_in(changed),
        handed_in(right),
    ]
    for hints in (False, True):
        found = grade(problem, sheets, hints=hints)
        for report in found:
            for text in outputs(problem, report, page=not hints):
                assert "NaN" not in text
                assert "Infinity" not in text
            assert all(answer.feedback for answer in report.unreadable)
        assert {a.verdict for a in found[2].answers if a.submitted} <= {"correct", "not-assessed"}


@pytest.mark.parametrize("text", ["1e60", "-1e60", "1e59", "9" * 40])
def test_a_number_beyond_all_measure_is_wrong(text):
    problem = shipped("huddar-1")
    report = grade(problem, [handed_in(perfect(problem) | {parse_name("y3"): text})])[0]
    assert report.by_quantity["y3"].verdict == "wrong"
    assert report.by_quantity["a3"].verdict == "correct"
    assert "0000000000000000000000" not in report.by_quantity["y3"].feedback.replace(text, "")


def test_a_large_number_is_shown_as_a_power_of_ten():
    large = solve(shipped("huddar-1")).values[parse_name("y3")].scaleb(60)
    assert re.fullmatch(r"\d\.\d{3}·10⁵⁹", typeset.number(large))
    assert typeset.number(-large).startswith("−")
    assert decimals.rounded(large.scaleb(300), 4) == large.scaleb(300)
    assert typeset.number(large.scaleb(-50)).isascii()


def test_a_whole_folder_is_graded_though_one_sheet_holds_such_a_number(tmp_path):
    (tmp_path / "a.txt").write_text("y3 = 1e60\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("a3 = 0.755\n", encoding="utf-8")
    done = CliRunner().invoke(byhand.main, ["grade", "huddar-1", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) == 2
