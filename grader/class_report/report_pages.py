"""The class report as a page: what templates/class_report.html gets to see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from exercises.common.metrics import TEXT_WIDTH
from exercises.formulas.typeset import MINUS
from exercises.pages.rendering import render, trusted
from exercises.printing.pdf import style, write_pdf
from grader.class_report import tally
from grader.class_report.line_words import LineWords, titles, together
from grader.class_report.network_picture import HATCHING, WIDTHS, NetworkPicture
from grader.class_report.plots import distributions
from grader.class_report.shares import STEPS, shares
from grader.class_report.teaching import advice, lead
from grader.handback.typesetting import with_indices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exercises.pages.row_widths import Paper
    from exercises.problems.problem import Problem
    from grader.class_report.sheet_records import LineRecord, SheetRecord
    from grader.class_report.tally import Threshold

WHAT = "Class report"
KEYWORDS = ("byhand", "class report")
ROWS = 14  # of the table of mistakes
HARDEST = 6
WAYS = (
    ("Carried on from the student’s own numbers", "score"),
    ("By the key alone", "strict"),
)


@dataclass(frozen=True)
class ClassReport:
    """The report of a class, ready to be rendered.

    sheets:   all marked sheets.
    limit:    the smallest group that is spoken of.
    problems: those that are known, by code; they lend their notation.
    title:    what the report is called; empty for the title of the exercise.
    roster:   the ids of everybody in the course; None where that is not known.
    """

    sheets: Sequence[SheetRecord]
    limit: Threshold
    problems: Mapping[str, Problem]
    title: str = ""
    roster: frozenset[str] | None = None

    def html(self, paper: Paper = "a4") -> str:
        """The whole report, all in one text."""
        enough = not self.limit.hides(self.students)
        return render(
            "class_report.html",
            paper=paper,
            style=trusted(style()),
            code="",
            title=self.heading,
            about=self.about,
            least=self.limit.least,
            enough=enough,
            marks=self.marks() if enough else None,
            groups=self.groups() if enough else [],
            teach=self.teach() if enough else None,
            mistakes=self.mistakes() if enough else None,
            legend=_legend(),
        )

    def pdf(self, paper: Paper = "a4") -> bytes:
        """The report as a PDF."""
        return write_pdf(self.html(paper), keywords=KEYWORDS)

    @cached_property
    def students(self) -> int:
        """How many students there are."""
        return tally.students(self.sheets)

    @property
    def heading(self) -> str:
        """The report's title: as asked for, or the exercise's if all sheets share it; never only that it is one."""
        titles = {sheet.problem for sheet in self.sheets if sheet.problem != sheet.code}
        only = titles.pop() if len(titles) == 1 else ""
        number = len({sheet.exercise for sheet in self.sheets if sheet.exercise})
        many = f"{number} exercises" if number > 1 else "Several problems"
        codes = {sheet.code for sheet in self.sheets}
        return (self.title or only or (many if len(codes) > 1 else f"Problem {min(codes)}")).replace("'", "’")

    @property
    def about(self) -> str:
        """What it is made from."""
        codes = {sheet.code for sheet in self.sheets}
        parts = [WHAT, _counted(self.limit.say(self.students), "student")]
        if len(self.sheets) != self.students and not self.limit.hides(len(self.sheets)):
            parts.append(_counted(str(len(self.sheets)), "sheet"))
        if len(codes) > 1 and not self.limit.hides(self.students):
            parts.append(_counted(self.limit.say(len(codes)), "different problem"))
        if self.roster is not None:
            absent = len(self.roster - {sheet.student for sheet in self.sheets})
            whole = "everybody on the roster handed in something that was graded"
            some = f"{self.limit.say(absent)} of the roster handed in nothing that was graded"
            parts.append(some if absent else whole)
        look = tally.students(sheet for sheet in self.sheets if sheet.look)
        if look:
            parts.append(f"a person should look at the marks of {_counted(self.limit.say(look), 'student')}")
        return " · ".join(parts)

    def marks(self) -> dict[str, Any]:
        """The distribution of marks, under both ways of marking."""
        found = [(title, tally.marks(self.sheets, self.limit, attrgetter(name))) for title, name in WAYS]
        known = [(f"{title}: median {m.median:.0f}%", m) for title, m in found if m is not None]
        panels = [(title, m) for title, m in known if m.columns]
        alt = " ".join(
            f"{title}. Students by their marks: "
            + ", ".join(f"{c.low:.0f} to {c.high:.0f} per cent: {c.count}" for c in m.columns)
            + "."
            for title, m in panels
        )
        drawn = distributions(panels, alt) if panels else ""
        said = [
            f"{title}. Not drawn: these marks do not part into columns of at least {self.limit.least} students."
            for title, m in known
            if not m.columns
        ]
        if any(c.high - c.low > 100 / tally.BINS for _, m in panels for c in m.columns):
            said.append(
                f"Neighbouring columns are one where one alone would hold fewer than {self.limit.least} "
                "students; a column’s area is its number of students."
            )
        columns = "tenths" if tally.BINS == 10 else f"{100 // tally.BINS} per cent"  # noqa: PLR2004
        return {"plot": trusted(drawn) if drawn else "", "columns": columns, "said": said}

    @cached_property
    def worked_at(self) -> list[tuple[LineWords, dict[str, Any]]]:
        """The exercises, in each form that enough students worked at, with what is said of each."""
        forms = [
            sheets
            for sheets in tally.by_exercise(self.sheets)
            if not self.limit.hides(tally.students(sheets))
        ]
        worded = [LineWords(sheets, self.problems) for sheets in forms]
        return [
            (
                words,
                {"title": title, "count": tally.students(words.sheets)}
                | self.picture(words, words.sheets)
                | self.lines(words, words.sheets),
            )
            for words, title in zip(worded, titles(worded), strict=True)
        ]

    def groups(self) -> list[dict[str, Any]]:
        """What is said of each exercise; those of which there is nothing to say stand together at the end."""
        told = [one for _, one in self.worked_at if one["picture"] or one["nobody"] or one["hardest"]]
        silent = [(words, one) for words, one in self.worked_at if one not in told]
        if silent:
            spoken = {words.number for words, one in self.worked_at if one in told}
            title = together([("" if w.number in spoken else w.number, one["title"]) for w, one in silent])
            told.append(silent[0][1] | {"title": title})
        return told

    def undrawn(self) -> str:
        """A sentence about the networks that are not drawn, since there would be nothing in the drawing."""
        bare = [
            (words.number, one["title"])
            for words, one in self.worked_at
            if words.notation is not None and one["picture"] is None
        ]
        if not bare:
            return ""
        nets, are, they = ("networks", "are", "them") if len(bare) > 1 else ("network", "is", "it")
        part = f"no part of {they} was broken by {self.limit.least} students or more"
        return f" The {nets} of {together(bare)} {are} not drawn: {part}."

    def lines(self, words: LineWords, sheets: Sequence[SheetRecord]) -> dict[str, Any]:
        """The lines that nobody got, and the hardest of the others; each with how many got it, of how many."""
        told = [(name, *n) for name, n in tally.right_on(sheets).items() if not self.limit.hides(n[1])]
        rest = [one for one in told if not self.limit.hides(one[1]) and not self.limit.hides(one[2] - one[1])]
        rest.sort(key=lambda one: one[1] / one[2])
        return {
            "nobody": [words.label(name) for name, right, _ in told if self.limit.hides(right)],
            "hardest": [(words.label(name), right, of) for name, right, of in rest[:HARDEST]],
        }

    def picture(self, words: LineWords, sheets: Sequence[SheetRecord]) -> dict[str, Any]:
        """The network of one structure, shaded, and whether some edges stand too close for numbers."""
        if words.notation is None:
            return {"picture": None, "crowded": False}
        parts = shares(sheets, self.limit)
        if all(share.percent is None for share in parts.values()):
            return {"picture": None, "crowded": False}
        told = [
            f"{q.name}{'' if way in {'edge', 'loss'} else ', ' + way} {share.percent} per cent"
            for (way, q), share in parts.items()
            if share.percent is not None
        ]
        alt = "Per cent of those who wrote a line down and broke it. " + ("; ".join(told) or "None is shown.")
        figures = NetworkPicture(words.notation, parts).figures(alt)
        drawn = render("class_network.svg", d=figures, scale=min(1.0, TEXT_WIDTH / figures["width"]))
        return {"picture": trusted(drawn), "crowded": figures["crowded"]}

    def teach(self) -> dict[str, Any]:
        """The links by what they cost, and what to do about each."""
        ranked = tally.lost_by_link(self.sheets)
        shown = [one for one in ranked if not self.limit.hides(one.students)]
        rows = []
        for one in shown:
            top = one.top if one.top is not None and not self.limit.hides(one.top[2]) else None
            rows.append(
                {
                    "link": one.link.capitalize(),
                    "marks": f"{one.marks:g}",
                    "blank": "–" if self.limit.hides(one.idle) else f"{one.blank:g}",
                    "students": one.students,
                    "most": f"{top[1]} ({top[2]})" if top else "–",
                    "advice": advice(one.link),
                }
            )
        return {
            "lead": lead(ranked, self.limit) + self.undrawn(),
            "rows": rows,
            "rest": [one.link for one in ranked if one.marks and self.limit.hides(one.students)],
        }

    def mistakes(self) -> dict[str, Any]:
        """The mistakes that enough students made, each with an example that bears no name."""
        made = tally.mistakes(self.sheets)
        shown = [one for one in made if not self.limit.hides(one.students)]
        rest = made[len(shown) :]
        return {
            "rows": [
                {
                    "code": one.code,
                    "name": _capital(one.name),
                    "link": one.link,
                    "students": one.students,
                    "lines": one.lines,
                    "example": with_indices(one.example.feedback or _bare(one.example)),
                }
                for one in shown[:ROWS]
            ],
            "more": shown[ROWS:],
            "rare": len(rest),
            "in_words": None if self.limit.hides(wrote := tally.in_words(self.sheets)) else wrote,
            "unexplained": self.limit.say(tally.unexplained(self.sheets)),
        }


def _bare(line: LineRecord) -> str:
    """A line without a sentence: what was written."""
    return f"{line.label} = {line.submitted.replace('-', MINUS)}"


def _capital(name: str) -> str:
    """A name at the start of a line; a symbol such as η stays as it is."""
    return name[:1].upper() + name[1:] if name[:1].isascii() else name


def _counted(number: str, noun: str) -> str:
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"


def _legend() -> list[dict[str, Any]]:
    """The shades with their ranges, as widths in millimetres and spaces between hatches."""
    bounds = [0, *STEPS]
    ends = [
        *(f"{low}–{high - 1}%" for low, high in zip(bounds, STEPS, strict=False)),
        f"{STEPS[-1]}% and more",
    ]
    ends[0] = f"under {STEPS[0]}%"
    found = []
    for level, text in enumerate(ends, 1):
        count = int((7.0 - 0.3) / HATCHING[level])
        lines = [round((n + 0.5) * 7.0 / count, 2) for n in range(count)]
        found.append({"text": text, "width": WIDTHS[level], "lines": lines})
    return found
