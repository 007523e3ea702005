"""From submissions to reports, one for each student."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from answer_keys.solution import solve
from exercises.problems.questions import line_of
from grader.answers.names import Names
from grader.answers.numbers import Unreadable, clean
from grader.answers.read_sheet import ReadSheet, read_sheet
from grader.answers.unsure import for_people
from grader.diagnosis.diagnose import Diagnosis, diagnose
from grader.feedback import common_rules
from grader.feedback.earning import UNGROUNDED, Earning, is_counted
from grader.feedback.question_answers import question_answer
from grader.feedback.report_records import Answer, NamedMistake, Report
from grader.feedback.right_value import with_right_value
from grader.feedback.sentences import SentenceWriter
from grader.feedback.with_working import feedback
from grader.judging.batch import gather
from grader.judging.verdict import Note, Verdict
from grader.questions.judge_question import Questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question
    from grader.diagnosis.explanation import Explanation
    from grader.files.extraction.submission import Submission

MOST_ALIKE = 100_000  # answers that are kept because others may have written the same
CERTAIN = 0.5  # a repeated mistake is charged once from this probability on
# A member of an enumeration is slow to look up by its name, and these are wanted for each line of each sheet.
_RIGHT, _NO_NOTE = int(Verdict.CORRECT), int(Note.NONE)
_RIGHT_WORD = Verdict.CORRECT.word


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
        # What is said of each line that is simply right, and of the same with other numbers on it.
        self.right: dict[Quantity, Answer] = {}
        self.alike: dict[tuple[Quantity, str, float], Answer] = {}
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
        [known.problem.precision for known, _ in work],
    )
    for (known, submission), read, found in zip(work, sheets_read, diagnose(sheets), strict=True):
        speaker = SentenceWriter(known.problem, found, read.answers, read.working, known.values, hints)
        yield _Writer(known, found, speaker, submission).report()


@dataclass(frozen=True)
class _Writer:
    """Writes one student's report."""

    known: _Reference
    found: Diagnosis
    speaker: SentenceWriter
    submission: Submission

    @property
    def problem(self) -> Problem:
        """The problem that the sheet is about."""
        return self.known.problem

    def report(self) -> Report:
        texts = self.submission.texts
        ungrounded = self.earning.is_ungrounded()
        judged = [self.answer(q) for q in self.reported()]
        judged = [self.unpaid(a) for a in judged] if ungrounded else self.charged_once(judged)
        lines = [with_right_value(self.known.questions, line, texts, self.speaker) for line in judged]
        first = [self.asked(q) for q in self.problem.questions if q.stands_first]
        last = [self.asked(q) for q in self.problem.questions if not q.stands_first]
        answers, symbolic = [*first, *lines, *last], [*first, *last]
        if self.speaker.hints:
            answers = [answer.without_mistakes() for answer in answers]
        agreed = self.found.convention is None
        strict = sum(
            a.out_of
            for a in lines
            if a.verdict == _RIGHT_WORD
            and (agreed or self.speaker.by_the_key(self.problem.graph.by_name[a.quantity]))
        )
        return Report(
            problem=self.problem.title or self.problem.code,
            code=self.problem.code,
            student=self.submission.student,
            student_id=self.submission.student_id,
            convention=None if self.found.convention is None else self.found.convention.code,
            remarks=tuple(self.remarks()),
            flags=self.flags(ungrounded=ungrounded),
            read=tuple(self.submission.reads.items()),
            left_over=self.submission.not_read,
        ).with_answers(answers, strict + sum(a.credit for a in symbolic))

    def unpaid(self, line: Answer) -> Answer:
        """A line of a sheet that goes on with other numbers than the problem's."""
        fits = line.verdict in ("correct", "follows")
        by_key = fits and self.earning.is_by_key(self.problem.graph.by_name[line.quantity])
        return line.without_credit(UNGROUNDED) if fits and not by_key else line

    def flags(self, *, ungrounded: bool) -> tuple[str, ...]:
        """`look` where a person should look at the mark."""
        found = self.earning.flags(ungrounded=ungrounded)
        return found if found or not self.submission.doubt else ("look",)

    @property
    def earning(self) -> Earning:
        """What lines earn beyond their own verdict."""
        return Earning(self.found)

    def reported(self) -> list[Quantity]:
        """The lines that are asked, and those on the way that were written down all the same."""
        graph, texts = self.problem.graph, self.submission.texts
        return [s.quantity for s in graph.steps if s.quantity in graph.asked or s.quantity in texts]

    def asked(self, question: Question) -> Answer:
        """What is said of an answer that is no number."""
        return question_answer(
            self.known.questions, question, self.submission.texts, hints=self.speaker.hints
        )

    def charged_once(self, lines: list[Answer]) -> list[Answer]:
        """The same mistake of understanding costs its first line only.

        It does so on a sheet that is mostly right, and wherever one mistake explains line after line together.
        """
        if not any(line.verdict == "wrong" for line in lines):
            return lines
        assessed = [line for line in lines if line.verdict in ("correct", "follows", "wrong")]
        together = {q.name for q, e in self.found.explained.items() if e.is_repeated or e.rule}
        apart = sum(a.verdict == "wrong" and a.quantity not in together for a in assessed)
        if self.problem.marking.repeated == "each" or 2 * apart > len(assessed):
            return lines
        first: dict[object, tuple[str, str]] = {}
        out = []
        for line in lines:
            out.append(line)
            q = self.problem.graph.by_name[line.quantity]
            kind, name = self.kind_of(line, q)
            if kind is None:
                continue
            idle = self.earning.is_idle(q)  # no work, so no mark, whatever it is
            if kind in first:
                told = self.speaker.again(q, *first[kind], free=not idle).text
                out[-1] = line.with_feedback(told) if idle else line.with_full_credit(told)
            elif not idle:
                first[kind] = (line.label, name)
        return out

    def kind_of(self, line: Answer, q: Quantity) -> tuple[object, str]:
        """What went wrong on a line, for comparing with others, and its name; None where nobody can be sure."""
        explanation = self.found.explained.get(q)
        if line.verdict != "wrong" or explanation is None:
            return None, ""
        if explanation.rule is not None:
            return explanation.rule, common_rules.NAMES[explanation.rule.kind]
        certain = explanation.is_repeated or (line.mistakes and line.mistakes[0].probability >= CERTAIN)
        return (line.mistakes[0].name, self.speaker.likeness.names(explanation)) if certain else (None, "")

    def remarks(self) -> list[str]:
        """What is said of the sheet as a whole."""
        reading = self.found.reading
        alone = [self.problem.label(q).text for q in self.found.judged.lines if q in reading.alone]
        spoken = [reading.convention.says(alone)] if reading.convention is not None else []
        lines = self.problem.graph.steps
        trivial = self.earning.trivial()
        if 5 * trivial > len(lines):
            spoken.append(
                f"{trivial} of {len(lines)} lines show nothing, because of numbers such as 0 before them, and "
                "earn no mark; a person should look at it."
            )
        return [*spoken, *self.speaker.habits.remarks.values(), *self.submission.remarks]

    def answer(self, q: Quantity) -> Answer:
        """What is said of a line. One that is simply right differs from sheet to sheet in two places only."""
        column, line = self.found.column, self.found.judged.lines[q]
        usual = line.verdict[column] == _RIGHT and line.note[column] == _NO_NOTE
        if not usual or q in self.found.reading.unsettled or q in self.speaker.working:
            return self.judged(q)
        number = self.speaker.own_value(q)
        key = (q, self.submission.texts.get(q, ""), number)
        found = self.known.alike.get(key)
        if found is None:
            if q not in self.known.right:
                self.known.right[q] = self.judged(q)
            found = self.known.right[q].with_numbers(self.submitted(q), self.told(number))
            if len(self.known.alike) < MOST_ALIKE:
                self.known.alike[key] = found
        return found

    def submitted(self, q: Quantity) -> str | None:
        """What was written on a line."""
        return clean(for_people(self.submission.texts.get(q, ""))) or None

    def own(self, q: Quantity) -> float | None:
        """What the student's own lines give, where that may be told."""
        return None if self.speaker.hints else self.told(self.speaker.own_value(q))

    def told(self, own: float) -> float | None:
        """The same, where it was worked out."""
        return None if self.speaker.hints or not isfinite(own) else own

    def judged(self, q: Quantity) -> Answer:
        """What is said of a line, whatever was thought of it."""
        step = self.problem.graph.by_quantity[q]
        column, line = self.found.column, self.found.judged.lines[q]
        verdict = Verdict(line.verdict[column])
        explanation = self.found.explained.get(q)
        neutral = not is_counted(verdict, Note(line.note[column])) or q not in self.problem.graph.asked
        marking = self.problem.marking
        weight = 0.0 if neutral else float(marking.of(step))
        share = {Verdict.CORRECT: 1.0, Verdict.FOLLOWS: float(marking.follows)}.get(verdict, 0.0)
        typed = self.speaker.answers.get(q)
        said, stands = feedback(self.speaker, q, explanation)
        return Answer(
            quantity=q.name,
            label=self.problem.label(q).text,
            link=str(step.link),
            verdict=verdict.word,
            submitted=self.submitted(q),
            expected=None if self.speaker.hints else float(self.known.values[q]),
            expected_from_your_values=self.own(q),
            mistakes=_mistakes(explanation) if verdict is Verdict.WRONG and stands else (),
            feedback=said.text,
            credit=weight * share,
            out_of=weight,
            provisional=q in self.found.reading.unsettled,
            unread=typed if isinstance(typed, Unreadable) else None,
        )


def _mistakes(explanation: Explanation | None) -> tuple[NamedMistake, ...]:
    """What explains a line, likeliest first."""
    return tuple(
        NamedMistake(
            cause.hypothesis.mistake.code, cause.hypothesis.mistake.name, round(cause.probability, 4)
        )
        for cause in (explanation.causes if explanation is not None else ())
    )
