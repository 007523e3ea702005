"""Write docs/exercises.md: a page of every kind of exercise, as `byhand generate` makes it from seed 7."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from answer_keys.commands import generate  # noqa: E402
from answer_keys.draw_problems import draw_problems  # noqa: E402
from answer_keys.order import order_of  # noqa: E402
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
MORE = {"collapse": ["--shape", "2-2-2"]}


def plain(html: str) -> str:
    """A task as Markdown: indices in Unicode, nothing else marked."""
    text = re.sub(r"<sub>(.*?)</sub>", lambda m: m[1].translate(SUB), html)
    return re.sub(r"<[^>]+>", "", text)


def main() -> None:
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
        page = pypdfium2.PdfDocument(worksheet_pdf(problem))[0]
        out = io.BytesIO()
        page.render(scale=SCALE, grayscale=True).to_pil().quantize(16).save(out, "PNG", optimize=True)
        (folder / f"{name}.png").write_bytes(out.getvalue())
        rows += ["", f"## {name}", "", f"**{title(problem)}.** {plain(task(problem))}".strip(), ""]
        rows += ["```console", f"$ byhand generate {' '.join(arguments)} --seed {SEED}", "```", ""]
        rows += [f"![the first page of a worksheet of this kind](exercises/{name}.png)"]
    (ROOT / "docs" / "exercises.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
