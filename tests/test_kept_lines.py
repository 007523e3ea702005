"""A sheet that is alone is judged with what is known already, and the outcome is that of judging all of it."""

import json
import re
from pathlib import Path

import numpy as np
import practice_sheets
import pytest

from answer_keys import published
from exercises.problems import problem_file
from grader.answers.names import Names
from grader.answers.read_sheet import read_sheet
from grader.judging import judge as judging
from grader.judging import kept
from grader.judging.batch import gather
from grader.judging.verdict import Verdict
from grader.practice import bridge

ARRAYS = ("verdict", "note", "blank", "by_key", "anew", "key", "exact", "place", "unit", "idle")
SAMPLE = (Path(published.__file__).parent / "huddar-1-sample.txt").read_text(encoding="utf-8")
TEXTS = dict(re.findall(r"^(\w+) = (\S+)$", SAMPLE, re.MULTILINE))
TOML = published.text("huddar-1")
FIRST_WRONG = list(TEXTS).index("delta3")


@pytest.fixture(autouse=True)
def _nothing_known():
    bridge.forget()
    yield
    bridge.forget()


@pytest.fixture
def worked(monkeypatch):
    """Which lines are judged and not known, in order."""
    found, plain = [], judging._Judge.judged
    monkeypatch.setattr(
        judging._Judge, "judged", lambda self, step: found.append(step.quantity.name) or plain(self, step)
    )
    return found


def batch(toml, texts, copies):
    problem = problem_file.parse(toml, "")
    named = {problem.graph.by_name[name]: text for name, text in texts.items()}
    answers = read_sheet(named, Names(problem)).answers
    return gather(problem.graph, [problem.values] * copies, [answers] * copies, [problem.precision] * copies)


def beginnings(texts, every=1):
    items = list(texts.items())
    return [dict(items[:end]) for end in range(0, len(items) + 1, every)]


@pytest.mark.parametrize("n", range(4))
def test_a_sheet_alone_is_judged_as_among_others(n):
    """Two copies are judged whole; one alone by what is known, and its last blank lines when somebody asks."""
    toml, texts = practice_sheets.simulated(4, "kept")[n]
    for typed in beginnings(texts, 5):
        alone, among = judging.judge(batch(toml, typed, 1)), judging.judge(batch(toml, typed, 2))
        assert list(alone.lines) == list(among.lines)
        for q, line in among.lines.items():
            own = alone.lines[q]
            for name in ARRAYS:
                np.testing.assert_array_equal(getattr(own, name), getattr(line, name)[:1], f"{q} {name}")
            for name in ("own", "box"):
                ends = [(one.lo[0], one.hi[0]) for one in (getattr(own, name), getattr(line, name))]
                np.testing.assert_array_equal(*ends, f"{q} {name}")


def test_reports_are_the_same_with_what_is_known_and_without():
    sheets = [
        (toml, typed)
        for toml, texts in practice_sheets.simulated(2, "known")
        for typed in beginnings(texts, 12)
    ]
    known = practice_sheets.reports(sheets)
    assert kept._KNOWN
    for sheet, report in zip(sheets, known, strict=True):
        bridge.forget()
        assert practice_sheets.reports([sheet]) == [report]


def test_of_a_right_line_more_only_that_line_is_judged(worked):
    for typed in beginnings(dict(list(TEXTS.items())[:FIRST_WRONG])):
        worked.clear()
        report = json.loads(bridge.judge(TOML, json.dumps(typed), hints=True))
        assert worked == list(typed)[-1:]
        assert all(answer["verdict"] in {"correct", "missing"} for answer in report["answers"])


def test_after_a_wrong_line_the_next_is_judged_once_by_each_convention(worked):
    typed = dict(list(TEXTS.items())[: FIRST_WRONG + 1])
    bridge.judge(TOML, json.dumps(typed), hints=True)
    worked.clear()
    bridge.judge(TOML, json.dumps(TEXTS | {"dE_dW13": ""}), hints=True)
    everything = len(worked)
    worked.clear()
    bridge.judge(TOML, json.dumps(TEXTS), hints=True)
    assert 0 < len(worked) < everything / 2


def test_a_convention_is_ruled_out_by_the_first_right_line_that_it_puts_wrong():
    sheets = batch(TOML, TEXTS, 1)
    lines = judging.judge(sheets).lines
    wrong = [q for q, line in lines.items() if line.verdict[0] == Verdict.WRONG]
    assert [q.name for q in wrong] == ["delta3"]
    assert judging.is_spoiled(sheets, lines)
    assert not judging.is_spoiled(sheets, set(lines) - set(wrong))


def test_no_more_lines_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 10)
    practice_sheets.reports([(TOML, typed) for typed in beginnings(TEXTS, 5)])
    assert len(kept._KNOWN) <= kept.MOST
