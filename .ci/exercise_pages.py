"""Make the pages with pictures: docs/exercises.md, a page of every kind of exercise, and the two pictures of the README.

All are what the commands beside them write.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from answer_keys.commands import generate  # noqa: E402
from answer_keys.draw_problems import draw_problems  # noqa: E402
from answer_keys.order import order_of  # noqa: E402
from byhand import main  # noqa: E402
from exercises.networks.kinds import KINDS  # noqa: E402
from exercises.pages.kinds_on_pages import task, title  # noqa: E402
from exercises.pages.worksheet_page import worksheet_pdf  # noqa: E402
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
ABOVE_FOOTER = 0.95
GENERATE = f"generate --shape 2-2-1 --seed {SEED}"
GRADE = f"grade huddar-1 {ROOT}/answer_keys/published/huddar-1-sample.txt"
MORE = {"collapse": ["--shape", "2-2-2"]}


def plain(html: str) -> str:
    """A task as Markdown: indices in Unicode, nothing else marked."""
    text = re.sub(r"<sub>(.*?)</sub>", lambda m: m[1].translate(SUB), html)
    return re.sub(r"<[^>]+>", "", text)


def save(pdf: bytes, path: Path, scale: float, *, cut: bool = False) -> None:
    """Save the first page of a PDF as a small picture, with `cut` only as far down as anything but its footer stands."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=scale, grayscale=True).to_pil()
    if cut:
        body = image.crop((0, 0, image.width, int(image.height * ABOVE_FOOTER)))
        image = image.crop(
            (0, 0, image.width, body.point(lambda grey: 255 - grey).getbbox()[3] + int(20 * scale))
        )
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
        save(worksheet_pdf(problem), folder / f"{name}.png", SCALE)
        rows += ["", f"## {name}", "", f"**{title(problem)}.** {plain(task(problem))}".strip(), ""]
        rows += ["```console", f"$ byhand generate {' '.join(arguments)} --seed {SEED}", "```", ""]
        rows += [f"![the first page of a worksheet of this kind](exercises/{name}.png)"]
    (ROOT / "docs" / "exercises.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    kinds()
    readme(ROOT / "docs")
