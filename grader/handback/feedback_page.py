"""The page to hand back: the student's own sheet, each line marked, the broken ones explained."""

from __future__ import annotations

from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from exercises.common.file_names import distinct, slug
from exercises.common.files import make_secret_folder, write
from exercises.common.output import say
from exercises.common.stopping import counted
from exercises.formulas.typeset import MINUS
from exercises.networks.solution_graph import RIGHT_VALUE
from exercises.pages import bands, matrix_labels, row_widths, worksheet_page
from exercises.pages.kinds_on_pages import page_of
from exercises.pages.rendering import render
from exercises.pages.sheet_sections import sections
from exercises.printing.missing_letters import complaint, missing
from exercises.printing.on_screen import on_screen
from exercises.printing.pdf import write_pdf
from exercises.printing.weasy import lacking
from grader.handback.feedback_parts import first_error, label, matrix_sections
from grader.handback.feedback_parts import sections as all_sections
from grader.handback.feedback_size import density
from grader.handback.typesetting import with_indices
from grader.handback.verdict_marks import SAID, SIGNS, SPOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from exercises.networks.steps import Step
    from exercises.pages.row_widths import Paper
    from exercises.pages.sheet_sections import LineGroup, Section
    from exercises.problems.problem import Problem
    from grader.feedback.report_records import Answer, Report
    from grader.handback.feedback_parts import MakeCell, Row

HTML_ONLY = "; meanwhile feedback is HTML only"  # after a sentence that says why
LONGEST = 40  # characters shown of an answer
EXPRESSION = 90  # and of one in symbols
NO_CUTS: Mapping[str, str] = MappingProxyType({})
SHORT = 20  # and of one that shares its row


def feedback_html(
    problem: Problem, report: Report, paper: Paper = "a4", cuts: Mapping[str, str] = NO_CUTS
) -> str:
    """One student's page, all in one text.

    cuts: pictures of lines as they were written, by canonical name, each as an address that holds it.
    """
    answers = report.by_quantity
    said: set[str] = set()  # the same note on lines that follow is printed once

    def cell(answer: Answer) -> dict[str, Any]:
        return _cell(problem, answer, said) | {"cut": cuts.get(answer.quantity, "")}

    matrix = page_of(problem).in_matrices
    own = sections(problem, matrix_labels.left_over(problem) if matrix else None)
    lines: list[tuple[str, list[Row]]] = [(s.title, _rows(s, answers, cell)) for s in own]
    if matrix:
        lines = matrix_sections(problem, answers, lines, cell)
    context = {
        **worksheet_page.header(problem, paper),
        "student": report.student,
        "score": _number(report.score),
        "strict": _strict(report),
        "out_of": _number(report.out_of),
        "first_error": first_error(problem, report.first_error) if report.first_error else "",
        "remarks": report.remarks,
        "sections": all_sections(problem, answers, lines, cell),
        "marks": SIGNS,
        "words": SAID,
        "verdicts": {a.verdict for a in report.answers},
        "width": row_widths.widths(problem)["via"],
    }
    return render("feedback.html", **context, set=density(context, paper))


def feedback_pdf(
    problem: Problem, report: Report, paper: Paper = "a4", cuts: Mapping[str, str] = NO_CUTS
) -> bytes:
    """One student's page as a PDF; `cuts` as for `feedback_html`."""
    return _printed(problem, report, feedback_html(problem, report, paper, cuts))


def _printed(problem: Problem, report: Report, html: str) -> bytes:
    keywords = worksheet_page.keywords(problem)
    return write_pdf(printable(html, report), keywords=keywords, spoken=SPOKEN)


def printable(html: str, report: Report) -> str:
    """A page for print: a name that no font here has is left out for the ID, or for the code that is on the sheet."""
    if not missing(report.student):
        return html
    return html.replace(_whose(report.student), _whose(report.student_id or report.code), 1)


def _strict(report: Report) -> str:
    """The mark by the key alone, where it is another one; an early slip leaves so little of it that it says nothing."""
    told = report.strict_score != report.score and 2 * report.strict_score >= report.out_of
    return _number(report.strict_score) if told else ""


def _whose(name: str) -> str:
    from markupsafe import escape

    return f'<span class="student">{escape(name)}</span>'


def _rows(section: Section, answers: dict[str, Answer], cell: MakeCell) -> list[Row]:
    """The lines of a section: short ones in pairs, as on the worksheet; what needs words on a row of its own."""
    rows: list[list[dict[str, Any]]] = []
    for group in section.groups:
        single = len(group.steps) == 1
        caption = group.caption
        for steps in _by_row(group):
            cells = [cell(answers[step.quantity.name]) for step in steps]
            cells[0]["caption"], caption = caption, ""
            cells[0]["open"] = single and cells[0]["short"]
            if single and rows and rows[-1][-1]["open"] and cells[0]["short"]:
                rows[-1].append(cells[0] | {"open": False})
            elif all(cell["short"] for cell in cells):
                rows.append(cells)
            else:
                rows += [[cell] for cell in cells]
    return list(rows)


def _by_row(group: LineGroup) -> Iterator[list[Step]]:
    """The lines of a group as they stand in two columns."""
    for pair in bands.abreast(group):
        for across in zip_longest(*pair):
            yield [step for step in across if step is not None]


def _cell(problem: Problem, answer: Answer, said: set[str]) -> dict[str, Any]:
    words = answer.feedback if answer.verdict != "missing" else ""
    follows = answer.verdict == "follows"
    note = words if follows and words not in said else ""
    if follows:
        said.add(words)
    submitted = (answer.submitted or "").rpartition("=")[2].strip().replace("-", MINUS)[:LONGEST]
    mended = answer.quantity == RIGHT_VALUE.name  # among questions, whose rows it is like
    if answer.verdict == "unreadable":  # as it was typed: the fault may stand before the last equals sign
        submitted = (answer.submitted or "")[:EXPRESSION]
    return {
        "label": label(problem, answer.quantity),
        "submitted": submitted,
        "verdict": answer.verdict,
        "credit": _number(answer.credit),
        "out_of": _number(answer.out_of),
        "note": with_indices(note),
        "sentences": [] if follows or not words else [with_indices(words)],
        "short": (follows or not words) and len(submitted) <= SHORT and not mended,
        "caption": "",
        "open": False,
        "roomy": mended,
    }


def _number(value: float) -> str:
    return f"{value:g}"


def write_results(
    problem: Problem, reports: list[Report], out: Path, paper: Paper, cuts: Sequence[Mapping[str, str]]
) -> None:
    """A feedback page (PDF and HTML) for each report, and all reports as JSON Lines; without Pango no PDF, as is said.

    cuts: for each report, as for `feedback_html`.
    """
    make_secret_folder(out)
    lacks = lacking()
    told = f"{lacks}{HTML_ONLY}" if lacks else complaint(report.student for report in reports)
    if told:
        say(told)
    names = file_names(problem, reports)
    rest = "the same command writes them from the beginning"
    with counted("writing feedback", len(reports), rest) as done:
        for report, name, own in zip(reports, names, cuts, strict=True):
            html = feedback_html(problem, report, paper, own)
            write(out / f"{name}.html", on_screen(html))
            if not lacks:
                write(out / f"{name}.pdf", _printed(problem, report, html))
            done(1)
    rows = "".join(f"{report.as_line()}\n" for report in reports)
    write(out / f"reports-{problem.code}.jsonl", rows)


def file_names(problem: Problem, reports: list[Report]) -> list[str]:
    """A safe file name for each report, each once: the student's name reduced to letters and digits."""
    return distinct(f"{person_slug(report.student)}-{problem.code}-feedback" for report in reports)


def person_slug(text: str) -> str:
    """A person's name, or id, as a part of a file's name; three of them and a code fit into one."""
    return slug(text, 60, 72, "unnamed")
