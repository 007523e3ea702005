"""From submissions to reports: one plain record a student, as in `byhand grade --json`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from answer_keys.solution import solve
from exercises.questions import address
from grader.diagnose import Diagnosis, diagnose
from grader.judge import Note, Verdict
from grader.numbers import clean
from grader.sheets import gather, read_sheet
from grader.submission import Names
from grader.symbolic import Symbols
from grader.words import Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.problem import Problem
    from exercises.quantity import Quantity
    from exercises.questions import Question
    from grader.submission import Submission

CERTAIN = 0.5  # a repeated mistake is charged once from this probability on
ASKED = {"chain": "as a product of derivatives", "letters": "in letters", "delta": "in letters"}
_EARNED = (Verdict.CORRECT, Verdict.FOLLOWS)


@dataclass(frozen=True)
class Report:
    """Everything that is said of one submission.

    content: the record of `byhand grade --json`, plain values only.
    """

    submission: Submission
    content: dict[str, Any]


def grade(problem: Problem, submissions: Sequence[Submission], *, hints: bool = False) -> list[Report]:
    """Grade submissions to one problem, in their order."""
    if not submissions:
        return []
    names = Names(problem)
    sheets_read = [read_sheet(s.texts, names.anything) for s in submissions]
    answers = [sheet.answers for sheet in sheets_read]
    n = len(submissions)
    sheets = gather(problem.graph, [problem.values] * n, answers, [problem.places] * n)
    reference = solve(problem).values
    symbols = Symbols(problem, names)
    reports = []
    for submission, read, found in zip(submissions, sheets_read, diagnose(sheets), strict=True):
        speaker = Speaker(problem, found, read.answers, read.working, reference, hints)
        writer = _Writer(problem, found, reference, speaker, submission, symbols)
        reports.append(Report(submission, writer.content()))
    return reports


@dataclass(frozen=True)
class _Writer:
    """Writes one student's record."""

    problem: Problem
    found: Diagnosis
    reference: dict[Quantity, Decimal]
    speaker: Speaker
    submission: Submission
    symbols: Symbols

    def content(self) -> dict[str, Any]:
        lines = [self.answer(step.quantity) for step in self.problem.graph.steps]
        self.charge_once(lines)
        symbolic = [self.in_symbols(question) for question in self.problem.questions]
        wrong = [a["quantity"] for a in (*lines, *symbolic) if a["verdict"] == Verdict.WRONG.word]
        strict = sum(
            a["out_of"]
            for a in lines
            if a["verdict"] == Verdict.CORRECT.word and self.speaker.by_the_key(self.by_name[a["quantity"]])
        )
        return {
            "problem": self.problem.title or self.problem.code,
            "code": self.problem.code,
            "student": self.submission.student,
            "score": _plain(sum(a["credit"] for a in (*lines, *symbolic))),
            "strict_score": _plain(strict + sum(a["credit"] for a in symbolic)),
            "out_of": _plain(sum(a["out_of"] for a in (*lines, *symbolic))),
            "first_error": wrong[0] if wrong else None,
            "convention": None if self.found.convention is None else self.found.convention.code,
            "remarks": self.remarks(),
            "answers": [*lines, *symbolic],
        }

    def in_symbols(self, question: Question) -> dict[str, Any]:
        """The record of an answer in symbols."""
        text = self.submission.texts.get(address(question), "")
        judged = self.symbols.judge(question, text)
        link = self.problem.graph.by_quantity[question.asks_for].link
        weight = float(self.problem.marking.get(link, Decimal(1)))
        hinted = self.speaker.hints and judged.verdict == "wrong"
        named = judged.mistake.mistake if judged.mistake is not None else None
        return {
            "quantity": question.name,
            "label": f"{self.problem.label(question.asks_for).text} {ASKED[question.kind]}",
            "link": str(link),
            "verdict": judged.verdict,
            "submitted": clean(text) or None,
            "expected": None,
            "expected_from_your_values": None,
            "mistakes": [{"code": named.code, "name": named.name, "probability": 1.0}] if named else [],
            "feedback": "Look at this expression again, link by link." if hinted else judged.feedback,
            "credit": weight if judged.verdict == "correct" else 0.0,
            "out_of": weight,
        }

    def charge_once(self, lines: list[dict[str, Any]]) -> None:
        """The same mistake of understanding costs its first line only, on a sheet that is mostly right."""
        assessed = [line for line in lines if line["verdict"] in ("correct", "follows", "wrong")]
        if 2 * sum(line["verdict"] == "wrong" for line in assessed) > len(assessed):
            return
        first: dict[str, tuple[str, str]] = {}
        for line in lines:
            if not line["mistakes"] or line["mistakes"][0]["probability"] < CERTAIN:
                continue
            name = line["mistakes"][0]["name"]
            if name in first:
                line["credit"] = line["out_of"]
                line["feedback"] = self.speaker.again(self.by_name[line["quantity"]], *first[name])
            else:
                explanation = self.found.explained[self.by_name[line["quantity"]]]
                first[name] = (line["label"], self.speaker.names(explanation))

    @property
    def by_name(self) -> dict[str, Quantity]:
        """The quantities by their canonical names."""
        return {s.quantity.name: s.quantity for s in self.problem.graph.steps}

    def remarks(self) -> list[str]:
        """What is said of the sheet as a whole."""
        spoken = [self.found.convention.says] if self.found.convention is not None else []
        lines = [self.found.judged.lines[s.quantity] for s in self.problem.graph.steps]
        column = self.found.column
        trivial = sum(int(line.note[column] == Note.TRIVIAL) for line in lines)
        if 5 * trivial > len(lines):
            spoken.append(
                f"{trivial} of {len(lines)} lines show nothing, because of numbers such as 0 before them, and "
                "are not counted; a person should look at this mark."
            )
        return [*spoken, *self.speaker.habits.remarks.values(), *self.submission.remarks]

    def answer(self, q: Quantity) -> dict[str, Any]:
        step = self.problem.graph.by_quantity[q]
        column = self.found.column
        line = self.found.judged.lines[q]
        verdict, note = Verdict(line.verdict[column]), Note(line.note[column])
        explanation = self.found.explained.get(q)
        hints = self.speaker.hints
        weight = float(self.problem.marking.get(step.link, Decimal(1)))
        neutral = verdict is Verdict.NOT_ASSESSED and note is not Note.TOO_COARSE
        counted = 0.0 if neutral else weight
        earned = verdict in _EARNED
        own = self.speaker.own_value(q)
        causes = explanation.causes if explanation is not None and verdict is Verdict.WRONG else ()
        return {
            "quantity": q.name,
            "label": self.problem.label(q).text,
            "link": str(step.link),
            "verdict": verdict.word,
            "submitted": clean(self.submission.texts.get(q, "")) or None,
            "expected": None if hints else float(self.reference[q]),
            "expected_from_your_values": None if hints or not isfinite(own) else own,
            "mistakes": [
                {
                    "code": cause.hypothesis.mistake.code,
                    "name": cause.hypothesis.mistake.name,
                    "probability": round(cause.probability, 4),
                }
                for cause in causes
            ],
            "feedback": self.speaker.line(q, explanation),
            "credit": counted if earned else 0.0,
            "out_of": counted,
        }


def _plain(number: float) -> float:
    return round(float(number), 6)
