"""Make the pictures of sheets: a page of every kind of exercise, two for the README, one for docs/paper.md.

All are what the commands beside them write.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from answer_keys.commands import generate  # noqa: E402
from answer_keys.draw_problems import draw_problems  # noqa: E402
from answer_keys.order import order_of  # noqa: E402
from answer_keys.problems import load  # noqa: E402
from byhand import main  # noqa: E402
from exercises.networks.kinds import KINDS  # noqa: E402
from exercises.pages.kinds_on_pages import task, title  # noqa: E402
from exercises.pages.sheet_layout import layout_of  # noqa: E402
from exercises.pages.worksheet_page import worksheet_pdf  # noqa: E402
from exercises.paper.sheet import paper_sheet  # noqa: E402
from exercises.problems.levels import LEVELS  # noqa: E402
from grader.services import SERVICES  # noqa: E402

INTRODUCTION = (
    "Made by `make docs`. Each page is the first of what the command above it writes; `--notation layer`, "
    "`--delta`, `--activation`, `--shape` and the like change it, and `--level` makes it easier or harder."
)
SEED = "7"
SCALE = 1.1  # pixels for each point of the page
SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
README_SCALE = 1.35
A4 = 744, 1052  # pixels of a page for paper
SECOND = 2
GAP = 12  # pixels between two pages
ABOVE_FOOTER = 0.95
GENERATE = f"generate --shape 2-2-1 --seed {SEED}"
GRADE = f"grade huddar-1 {ROOT}/answer_keys/published/huddar-1-sample.txt"
MORE = {"collapse": ["--shape", "2-2-2"]}


def plain(html: str) -> str:
    """A task as Markdown: indices in Unicode, nothing else marked."""
    text = re.sub(r"<sub>(.*?)</sub>", lambda m: m[1].translate(SUB), html)
    return re.sub(r"<[^>]+>", "", text)


def save(pdf: bytes, path: Path, scale: float, *, cut: bool = False, pages: int = 1) -> None:
    """Save the first pages of a PDF as a small picture, with `cut` only as far down as anything but its footer stands."""
    shown = [
        page.render(scale=scale, grayscale=True).to_pil() for page in list(pypdfium2.PdfDocument(pdf))[:pages]
    ]
    image = abreast(shown)
    if cut:
        body = image.crop((0, 0, image.width, int(image.height * ABOVE_FOOTER)))
        image = image.crop(
            (0, 0, image.width, body.point(lambda grey: 255 - grey).getbbox()[3] + int(20 * scale))
        )
    small(image, path)


def abreast(pages: list[Image.Image]) -> Image.Image:
    """Put pages side by side."""
    image = Image.new("L", (sum(one.width + GAP for one in pages) - GAP, pages[0].height), 215)
    for n, one in enumerate(pages):
        image.paste(one, (n * (one.width + GAP), 0))
    return image


def small(image: Image.Image, path: Path) -> None:
    """Save a picture with few greys."""
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    path.write_bytes(out.getvalue())


def readme(docs: Path) -> None:
    """Make the worksheet and the feedback page that `make demo` makes, and show them."""
    with tempfile.TemporaryDirectory() as folder:
        for words in (GENERATE, GRADE):
            main.main([*words.split(), "--out", folder], standalone_mode=False)
        for kind, cut in (("worksheet", False), ("feedback", True)):
            (page,) = Path(folder).glob(f"*-{kind}.pdf")
            save(page.read_bytes(), docs / f"{kind}.png", README_SCALE, cut=cut)


def paper(docs: Path) -> None:
    """Show two pages of a sheet for paper, the second filled in with the sample's numbers in a real hand."""
    from benchmarks import hands  # which needs the libraries for scans

    problem = load("huddar-1")
    sheet = paper_sheet(problem, layout=layout_of(None, paper=True))
    pages = [
        page.render(scale=hands.DPI / 72, grayscale=True).to_pil()
        for page in pypdfium2.PdfDocument(sheet.pdf)
    ]
    (hand, *_), rng = hands.hands(ROOT / "tests" / "handwriting", "proof", 1), np.random.default_rng(7)
    mood = hands.Mood.of(rng)
    for line in (ROOT / "answer_keys/published/huddar-1-sample.txt").read_text(encoding="utf-8").splitlines():
        name, _, number = line.partition(" = ")
        cells = sheet.where["cells"].get(name)
        if cells and cells["page"] == SECOND:
            boxes = [cells["sign"], *cells["whole"], *cells["places"]]
            text = hands.into_cells(number, len(cells["whole"]), len(cells["places"])) or ""
            for box, character in zip(boxes, text, strict=True):
                if character != " ":
                    hands.write_character(pages[1], box, character, hand, hands.PENS["gel"], mood, rng)
    small(abreast([one.resize(A4, Image.Resampling.LANCZOS) for one in pages[:2]]), docs / "paper-sheet.png")


def kinds() -> None:
    """Draw, print and show each kind; the pictures go to docs/exercises/."""
    folder = ROOT / "docs" / "exercises"
    folder.mkdir(exist_ok=True)
    rows = [
        "# Kinds of exercise",
        "",
        INTRODUCTION,
        "",
        "| level | means |",
        "|---|---|",
        *(f"| {number} | {level.says} |" for number, level in LEVELS.items()),
    ]
    for name in KINDS:
        arguments = ["--kind", name, *MORE.get(name, [])]
        options = generate.make_context("generate", list(arguments)).params
        problem = next(draw_problems(order_of(options), [f"{SEED}/1"], SERVICES)).problem
        pages = 2 if problem.kind.solution else 1  # what is asked may stand on the page of the solution
        save(worksheet_pdf(problem), folder / f"{name}.png", SCALE, pages=pages)
        rows += ["", f"## {name}", "", f"**{title(problem)}.** {plain(task(problem))}".strip(), ""]
        rows += ["```console", f"$ byhand generate {' '.join(arguments)} --seed {SEED}", "```", ""]
        what = "both pages" if pages > 1 else "the first page"
        rows += [f"![{what} of a worksheet of this kind](exercises/{name}.png)"]
    (ROOT / "docs" / "exercises.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    kinds()
    readme(ROOT / "docs")
    paper(ROOT / "docs")
