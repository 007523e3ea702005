"""Printing a problem that somebody wrote, or that ships with byhand, as it is: nothing is drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from answer_keys import keyfile
from answer_keys.draw_problems import given
from answer_keys.problems import load, sort
from answer_keys.production import write_all
from exercises.common.files import make_secret_folder
from exercises.pages.sheet_layout import COMPACT

if TYPE_CHECKING:
    from answer_keys.drawing_services import DrawingServices
    from exercises.pages.answer_template import TemplateForm
    from exercises.pages.row_widths import Paper
    from exercises.pages.sheet_layout import SheetLayout
    from exercises.paper.sheet import Purpose

_CODE = re.compile(r"-?[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


def print_given(  # noqa: PLR0913 - what `byhand generate` was told
    named: str,
    out: Path,
    paper: Paper,
    purpose: Purpose,
    *,
    title: str,
    services: DrawingServices | None,
    html: bool,
    templates: tuple[TemplateForm, ...] = (),
    layout: SheetLayout = COMPACT,
) -> str:
    """Write the worksheet, the key and the problem file of the problem that `named` means; how their names begin.

    title:    what the sheet is called; if empty, what the problem says.
    services: what says which mistakes the numbers hide; without it nobody looks.

    The file that `named` means is never written over, wherever it lies. Raises ByhandError where it is no problem
    or a file cannot be written.
    """
    from exercises.printing.press.press import for_one

    problem = load(named)
    if title:
        problem = replace(problem, title=title)
    seed = keyfile.seed(Path(named)) if sort(named) == "key" else None
    make_secret_folder(out)
    stem = f"{_beginning(named)}-{problem.code}"
    with for_one():
        write_all(
            given(problem, services),
            out,
            stem,
            paper,
            purpose,
            seed=seed,
            html=html,
            templates=templates,
            layout=layout,
            spared=Path(named),
        )
    return stem


def _beginning(named: str) -> str:
    """A file's name without what `byhand generate` puts behind it; a code in it may be that of other numbers."""
    bare = _CODE.sub("", Path(named).stem.removesuffix("-key")).strip("-")
    return bare or "problem"
