"""A flattened worksheet: its fields are gone, but what was written in them may still stand there as text.

The worksheet is laid out afresh; its words are found again in the file that was handed in, which gives the
scale and the shift of each page, and so the places of the fields.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, product
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from exercises.common.metrics import A4_HEIGHT, LETTER_HEIGHT
from exercises.pages.row_widths import PAPERS
from exercises.pages.sheet_layout import SheetLayout
from exercises.pages.worksheet_page import worksheet_pdf
from grader.files.extraction.accounted import account, is_answer_like
from grader.files.extraction.source import Answers, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms import pdf_marks
from grader.files.forms import text as plain_text
from grader.files.guarded.cap import allow_sheet
from grader.files.guarded.guard import unpack
from grader.files.labels.identity import CODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.pages.row_widths import Paper
    from exercises.problems.problem import Problem
    from grader.files.extraction.source import Source

    Word = list[Any]  # text, left, bottom, right, top

_SIGN = "Backpropagation"  # in small print on every worksheet
_FEWEST = 8  # words in common before two pages are taken for the same
_CLOSE = 3.0  # points
_SURE = 0.97  # of the words that two pages have in common lie close: it is this layout
# Height by width.
_PROPORTIONS: dict[Paper, float] = {"a4": A4_HEIGHT / 210.0, "letter": LETTER_HEIGHT / 215.9}
_WIDE = 1.5  # of the height of the letters: a gap between two columns
_AS_PRINTED: set[tuple[str, str]] = (
    set()
)  # digests of pages on which nothing more stands, each with the problems' codes
_MOST = 10_000  # of them
_AS_IMAGES = (
    "a worksheet whose form was flattened, and no answer stands in it as text; "
    "hand in the file with its form, or type the answers in a text file"
)


class _Fit(NamedTuple):
    """How a fresh page lies on the one handed in: x ↦ scale·x + right, and so on.

    off: how far words are off; words: how many lie where they should, of so many pairs.
    """

    scale: float
    right: float
    up: float
    off: float
    words: int
    pairs: int

    def rectangle(self, box: list[float]) -> list[float]:
        shift = (self.right, self.up) * 2
        return [self.scale * value + by for value, by in zip(box, shift, strict=True)]


_Fitting = tuple[
    dict[str, "Any"], int, _Fit
]  # a page handed in, the number of the fresh one, how that lies on it


def read(data: bytes, code: str, source: Source, reading: Reading) -> None:
    """Read the answers by their places, or say why not."""
    content = unpack("words", data)
    if isinstance(content, str):
        source.complain(reading, "", content)
        return
    read_pages(content["pages"], code, source, reading)
    said = len(reading.complaints)
    if pdf_marks.told(content["marks"], source, reading) and not reading.submissions:
        del reading.complaints[:said]  # it is not blank, and needs no other words


def pages_of(data: bytes) -> list[dict[str, Any]]:
    """The pages of a PDF with their words; none where it cannot be read."""
    content = unpack("words", data)
    return [] if isinstance(content, str) else list(content["pages"])


def by_code(pages: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The pages of a booklet by the one code that stands on each; a cover bears several."""
    found: dict[str, list[dict[str, Any]]] = {}
    for page in pages:
        codes = {word[0] for word in page["words"] if CODE.fullmatch(word[0])}
        if len(codes) == 1:
            found.setdefault(codes.pop(), []).append(page)
    return found


def read_pages(pages: list[dict[str, Any]], code: str, source: Source, reading: Reading) -> None:
    """Read the answers on some pages by their places, or say why not."""
    code = code or printed_code(pages, source)
    ours = source.problem.code
    if not code:
        if not _as_text(pages, source, reading):
            source.complain(reading, "", "no form fields of a byhand worksheet in this PDF")
        return
    answers, sheet = Answers(source), SourceTable(source, reading)
    if code != ours:
        reading.submissions.append(answers.submission(code=code))
        return
    if read_beside(pages, answers, sheet):
        answers.remarks.append("The form of this PDF was flattened; its answers were read by their places.")
        reading.submissions.append(answers.submission(code=ours))
    else:
        source.complain(reading, "", _AS_IMAGES)
        reading.left_over += answers.left_over


def drawn_on(content: dict[str, Any], data: bytes, sources: Sequence[Source]) -> list[dict[str, Any]]:
    """The pages of a form on which a number is drawn that looks like an answer, as the printed ones are all given.

    content: what the file holds; sources: one for each problem on its pages.
    """
    if not sources:
        return []
    key = content["drawn"], " ".join(source.problem.code for source in sources)
    found = unpack("text", data) if key not in _AS_PRINTED else ""
    lines = () if isinstance(found, str) else found["text"].splitlines()
    if any(all(is_answer_like(line, source) for source in sources) for line in lines):
        return pages_of(data)
    if len(_AS_PRINTED) < _MOST:
        _AS_PRINTED.add(key)
    return []


def read_beside(pages: list[dict[str, Any]], answers: Answers, sheet: SourceTable) -> bool:
    """Read what was put on the pages themselves into the fields that are blank, and leave the rest to a person.

    Gives whether there was any answer.
    """
    best, fresh = _printed(pages, answers.source.problem)
    found = _gather(best, fresh, answers)
    account(_added(pages, best, fresh), answers, sheet)
    return found


def _as_text(pages: list[dict[str, Any]], source: Source, reading: Reading) -> bool:
    """Read a PDF that is none of ours as the text that it holds; whether there was any answer."""
    text = "\n".join(line for page in pages for line in _lines_of(page["words"]))
    found = plain_text.read(text.encode(), source) if text.strip() else Reading()
    for submission in found.submissions:
        remark = "This PDF is no worksheet of byhand; the text in it was read."
        reading.submissions.append(replace(submission, remarks=(*submission.remarks, remark)))
    reading.complaints += found.complaints if found.submissions else []
    reading.left_over += found.left_over
    return bool(found.submissions)


def _lines_of(words: list[Word]) -> Iterator[str]:
    """Words put together to lines from top to bottom; wide gaps are kept."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: -(word[2] + word[4])):
        middle = (word[2] + word[4]) / 2
        if rows and rows[-1][0][2] <= middle <= rows[-1][0][4]:
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word[1])
        line = row[0][0]
        for before, word in pairwise(row):
            wide = word[1] - before[3] > _WIDE * max(word[4] - word[2], 4.0)
            line += ("   " if wide else " ") + word[0]
        yield line


def printed_code(pages: list[dict[str, Any]], source: Source) -> str:
    """The problem code that stands on the pages of a worksheet; empty if they are none."""
    written = [word[0] for page in pages for word in page["words"]]
    codes = [word for word in written if CODE.fullmatch(word)]
    if source.problem.code in codes:
        return source.problem.code
    return codes[0] if codes and _SIGN in written else ""


def _added(
    pages: list[dict[str, Any]], best: list[_Fitting], fresh: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """What stands on the pages and was not printed there, line by line, each with its place."""
    for number, page in enumerate(pages, 1):
        fits = [n for fitting, n, _ in best if fitting is page]
        printed = Counter(word[0] for n in fits for word in fresh["pages"][n]["words"])
        words = []
        for word in page["words"]:
            printed[word[0]] -= 1
            words += [word] if printed[word[0]] < 0 else []
        yield from ((f"page {number}", line) for line in _lines_of(words))


def _gather(best: list[_Fitting], fresh: dict[str, Any], answers: Answers) -> bool:
    """Read the fields of a worksheet of which it is known how it was printed; whether there was any answer."""
    found, form = False, {q for q, text in answers.texts.items() if text.strip()}
    blanks = {
        (n, tuple(box)): _inside(fresh["pages"][n]["words"], box) for n, _, box in fresh.get("fields", [])
    }
    for page, number, fit in best:
        for n, name, box in fresh["fields"]:
            if n == number:
                text = _inside(page["words"], fit.rectangle(box))
                text = "" if text == blanks[n, tuple(box)] else text
                quantity = answers.source.names.find(name)
                if quantity in form or (not text and quantity in answers.texts):
                    continue
                found = found or (bool(text) and quantity is not None)
                answers.here = f"page {number + 1}"
                answers.named(name, text)
    return found


def _printed(pages: list[dict[str, Any]], problem: Problem) -> tuple[list[_Fitting], dict[str, Any]]:
    """The paper and the layout with which the worksheet was printed: how its pages lie, and the fresh ones.

    Laying a sheet out takes long, so none is tried after one that surely is it; the paper of the pages comes first.
    """
    best: list[_Fitting] = []
    fresh: dict[str, Any] = {}
    for roomy, paper in product((False, True), _likely_papers(pages)):
        layout = _layout(problem, paper, roomy=roomy)
        fits = list(_fits(pages, layout["pages"]))
        if fits and (not best or _shared(fits) > _shared(best)):
            best, fresh = fits, layout
        whole = len(best) == len(pages) == len(fresh["pages"]) if best else False
        if whole and _shared(best) > _SURE * sum(fit.pairs for _, _, fit in best):
            break
    return best, fresh


def _likely_papers(pages: list[dict[str, Any]]) -> list[Paper]:
    """The papers, that whose proportions are nearest to those of the first page before the others."""
    width, height = pages[0].get("size", (0, 0)) if pages else (0, 0)

    def off(paper: Paper) -> float:
        return abs(height / width - _PROPORTIONS[paper]) if width else 0.0

    return sorted(PAPERS, key=off)


def _shared(fits: list[_Fitting]) -> int:
    """How many words lie where they should: in another layout some stand elsewhere, or on another page."""
    return sum(fit.words for _, _, fit in fits)


@lru_cache(maxsize=4)
def _laid_out(pdf: bytes) -> dict[str, Any]:
    content = unpack("words", pdf)
    return content if isinstance(content, dict) else {"pages": [], "fields": []}


_PDFS: dict[tuple[str, Paper, bool], bytes] = {}


def _layout(problem: Problem, paper: Paper, *, roomy: bool) -> dict[str, Any]:
    """The words and fields of a fresh worksheet; kept, as a class hands in many of one."""
    key = (problem.code, paper, roomy)
    if key not in _PDFS:
        _PDFS.clear() if len(_PDFS) > 2 * len(PAPERS) else None
        allow_sheet()
        _PDFS[key] = worksheet_pdf(problem, paper, layout=SheetLayout(roomy=roomy))
    return _laid_out(_PDFS[key])


def _fits(pages: list[dict[str, Any]], fresh: list[dict[str, Any]]) -> Iterator[_Fitting]:
    """Each page handed in with the fresh page that it shares most words with."""
    for page in pages:
        places = _single(page["words"])
        pairs = [
            [(at, places[text]) for text, at in _single(other["words"]).items() if text in places]
            for other in fresh
        ]
        number = max(range(len(pairs)), key=lambda n: len(pairs[n]), default=None)
        if number is not None and len(pairs[number]) >= _FEWEST:
            fit = _fit(pairs[number])
            if fit is not None and fit.off < _CLOSE:
                yield page, number, fit


def _single(words: list[Word]) -> dict[str, tuple[float, float]]:
    """The lower left corner of each word that stands only once on a page."""
    counts = Counter(word[0] for word in words)
    return {word[0]: (word[1], word[2]) for word in words if counts[word[0]] == 1 and len(word[0]) > 1}


def _fit(pairs: list[tuple[tuple[float, float], tuple[float, float]]]) -> _Fit | None:
    """Scale and shift, by medians, which a few words that moved cannot spoil."""
    half = len(pairs) // 2
    by_height = sorted(pairs, key=lambda pair: pair[0][1])
    slopes = [
        (high[1][1] - low[1][1]) / (high[0][1] - low[0][1])
        for low, high in zip(by_height[:half], by_height[half:], strict=False)
        if high[0][1] - low[0][1] > 20  # noqa: PLR2004 - points; nearer words say little
    ]
    if not slopes or not 0.3 < median(slopes) < 3:  # noqa: PLR2004 - no printer shrinks or enlarges more
        return None
    scale = median(slopes)
    right = median(there[0] - scale * here[0] for here, there in pairs)
    up = median(there[1] - scale * here[1] for here, there in pairs)
    far = [
        abs(there[0] - scale * here[0] - right) + abs(there[1] - scale * here[1] - up)
        for here, there in pairs
    ]
    return _Fit(scale, right, up, median(far), sum(off < _CLOSE for off in far), len(pairs))


def _inside(words: list[Word], box: list[float]) -> str:
    """The words whose middle lies in a rectangle, from left to right."""
    left, bottom, right, top = min(box[::2]), min(box[1::2]), max(box[::2]), max(box[1::2])
    found = [
        (word[1], word[0])
        for word in words
        if left - 1 <= (word[1] + word[3]) / 2 <= right + 1 and bottom <= (word[2] + word[4]) / 2 <= top
    ]
    return " ".join(text for _, text in sorted(found))
