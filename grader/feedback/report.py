"""From submissions to reports: one plain record a student, as in `byhand grade --json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from answer_keys.solution import solve
from exercises.problems.questions import line_of
from grader.answers.names import Names
from grader.answers.numbers import Unreadable, clean
from grader.answers.read_sheet import ReadSheet, read_sheet
from grader.diagnosis.diagnose import Diagnosis, diagnose
from grader.feedback.right_value import settle_right_value
from grader.feedback.sentences import SentenceWriter
from grader.feedback.with_working import feedback
from grader.judging.batch import gather
from grader.judging.verdict import Note, Verdict
from grader.questions.record import Questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question
    from grader.files.extraction.submission import Submission

CERTAIN = 0.5  # a repeated mistake is charged once from this probability on
_EARNED = (Verdict.CORRECT, Verdict.FOLLOWS)
# A member of an enumeration is slow to look up by its name, and these are wanted for each line of each sheet.
_RIGHT, _NO_NOTE = int(Verdict.CORRECT), int(Note.NONE)
_RIGHT_WORD, _WRONG_WORD = Verdict.CORRECT.word, Verdict.WRONG.word


@dataclass(frozen=True)
class Report:
    """Everything that is said of one submission.

    content: the record of `byhand grade --json`, plain values only.
    unread:  what could not be read, by the name of its line, with its place.
    """

    submission: Submission
    content: dict[str, Any]
    unread: Mapping[str, Unreadable] = field(default_factory=dict)


def grade(problem: Problem, submissions: Sequence[Submission], *, hints: bool = False) -> list[Report]:
    """Grade submissions to one problem, in their order."""
    return grade_together([(problem, submission) for submission in submissions], hints=hints)


def grade_together(work: Sequence[tuple[Problem, Submission]], *, hints: bool = False) -> list[Report]:
    """Grade submissions to several problems, in their order; problems with the same steps are judged at once."""
    known: dict[int, _Reference] = {}
    alike: dict[Any, list[int]] = {}
    for place, (problem, _) in enumerate(work):
        if id(problem) not in known:
            known[id(problem)] = _Reference(problem)
        alike.setdefault(known[id(problem)].kind, []).append(place)
    reports: dict[int, Report] = {}
    for places in alike.values():
        members = [(known[id(work[place][0])], work[place][1]) for place in places]
        reports |= zip(places, _grade_alike(members, hints=hints), strict=True)
    return [reports[place] for place in range(len(work))]


class _Reference:
    """What is made once for each problem: its names, its worked values, the judge of its questions.

    kind: equal for problems that differ in nothing but their numbers.
    """

    def __init__(self, problem: Problem) -> None:
        graph = problem.graph
        self.problem = problem
        self.kind = (graph.steps, graph.given, graph.asked)
        self.names = Names(problem)
        self.values = solve(problem).values
        self.questions = Questions(problem, self.names)
        self.right: dict[Quantity, dict[str, Any]] = {}  # a record of each line that is simply right
        self.others = frozenset(line_of(question) for question in problem.questions)

    def read(self, submission: Submission) -> ReadSheet:
        """The numbers on a sheet."""
        return read_sheet({q: t for q, t in submission.texts.items() if q not in self.others}, self.names)


def _grade_alike(work: Sequence[tuple[_Reference, Submission]], *, hints: bool) -> Iterator[Report]:
    """Grade submissions to problems of one kind."""
    sheets_read = [known.read(submission) for known, submission in work]
    sheets = gather(
        work[0][0].problem.graph,
        [known.problem.values for known, _ in work],
        [sheet.answers for sheet in sheets_read],
        [known.problem.places for known, _ in work],
    )
    for (known, submission), read, found in zip(work, sheets_read, diagnose(sheets), strict=True):
        speaker = SentenceWriter(known.problem, found, read.answers, read.working, known.values, hints)
        writer = _Writer(
            known.problem, found, known.values, speaker, submission, known.questions, known.right
        )
        yield Report(submission, writer.content(), writer.unread)


@dataclass(frozen=True)
class _Writer:
    """Writes one student's record."""

    problem: Problem
    found: Diagnosis
    reference: dict[Quantity, Decimal]
    speaker: SentenceWriter
    submission: Submission
    questions: Questions
    right: dict[Quantity, dict[str, Any]]
    unread: dict[str, Unreadable] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        lines = [self.answer(q) for q in self.reported()]
        self.charge_once(lines)
        for line in lines:
            settle_right_value(self.questions, line, self.submission.texts, self.speaker)
        first = [self.asked(q) for q in self.problem.questions if q.stands_first]
        last = [self.asked(q) for q in self.problem.questions if not q.stands_first]
        symbolic, answers = (*first, *last), [*first, *lines, *last]
        wrong = [a["quantity"] for a in answers if a["verdict"] == _WRONG_WORD]
        agreed = self.found.convention is None
        strict = sum(
            a["out_of"]
            for a in lines
            if a["verdict"] == _RIGHT_WORD
            and (agreed or self.speaker.by_the_key(self.by_name[a["quantity"]]))
        )
        return {
            "problem": self.problem.title or self.problem.code,
            "code": self.problem.code,
            "student": self.submission.student,
            "score": _plain(sum(a["credit"] for a in answers)),
            "strict_score": _plain(strict + sum(a["credit"] for a in symbolic)),
            "out_of": _plain(sum(a["out_of"] for a in answers)),
            "first_error": wrong[0] if wrong else None,
            "convention": None if self.found.convention is None else self.found.convention.code,
            "remarks": self.remarks(),
            "answers": answers,
        }

    def reported(self) -> list[Quantity]:
        """The lines that are asked, and those on the way that were written down all the same."""
        graph, texts = self.problem.graph, self.submission.texts
        return [s.quantity for s in graph.steps if s.quantity in graph.asked or s.quantity in texts]

    def asked(self, question: Question) -> dict[str, Any]:
        """The record of an answer that is no number."""
        record, judged = self.questions.record(question, self.submission.texts, hints=self.speaker.hints)
        if judged.unread is not None:
            self.unread[question.name] = judged.unread
        return record

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
        lines = self.problem.graph.steps
        trivial = int(self.found.judged.trivial[self.found.column])
        if 5 * trivial > len(lines):
            spoken.append(
                f"{trivial} of {len(lines)} lines show nothing, because of numbers such as 0 before them, and "
                "are not counted; a person should look at this mark."
            )
        return [*spoken, *self.speaker.habits.remarks.values(), *self.submission.remarks]

    def answer(self, q: Quantity) -> dict[str, Any]:
        """The record of a line. One that is simply right differs from sheet to sheet in two places only."""
        column, line = self.found.column, self.found.judged.lines[q]
        if line.verdict[column] != _RIGHT or line.note[column] != _NO_NOTE:
            return self.judged(q)
        if q not in self.right:
            self.right[q] = self.judged(q)
        own = self.speaker.own_value(q)
        return {
            **self.right[q],
            "submitted": clean(self.submission.texts.get(q, "")) or None,
            "expected_from_your_values": None if self.speaker.hints or not isfinite(own) else own,
            "mistakes": [],
        }

    def judged(self, q: Quantity) -> dict[str, Any]:
        """The record of a line, whatever was thought of it."""
        step = self.problem.graph.by_quantity[q]
        column = self.found.column
        line = self.found.judged.lines[q]
        verdict, note = Verdict(line.verdict[column]), Note(line.note[column])
        explanation = self.found.explained.get(q)
        hints = self.speaker.hints
        weight = float(self.problem.marking.get(step.link, Decimal(1)))
        neutral = verdict is Verdict.NOT_ASSESSED and note is not Note.TOO_COARSE
        neutral |= q not in self.problem.graph.asked
        counted = 0.0 if neutral else weight
        earned = verdict in _EARNED
        own = self.speaker.own_value(q)
        typed = self.speaker.answers.get(q)
        if isinstance(typed, Unreadable):
            self.unread[q.name] = typed
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
            "feedback": feedback(self.speaker, q, explanation),
            "credit": counted if earned else 0.0,
            "out_of": counted,
        }


def _plain(number: float) -> float:
    return round(float(number), 6)
