"""Folders of results from before there was a database: what must not be lost is taken over, the rest is done again.

Such a folder holds `read-*.z` and `judged-*.z`, which another program wrote and nobody can use any more; `pages`, the
same; `feedback.jsonl`, which tells the pages that are ours; and `unfinished`, what a stopped run was about to write.
"""

from __future__ import annotations

import json
import zlib
from pathlib import PurePath
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from grader.course.work.sealed import DAMAGE, digest

if TYPE_CHECKING:
    from pathlib import Path

NOTE, JOURNAL, PAGES = "unfinished", "feedback.jsonl", "pages"


def unfinished(folder: Path) -> tuple[Any, bytes] | None:
    """The state and the answers of a note, squeezed, if there is one; nothing in them if it is damaged."""
    path = folder / NOTE
    if not path.is_file():
        return None
    told, _, content = path.read_bytes().partition(b"\n")
    head, _, answers = content.partition(b"\n")
    whole = told == digest(content).encode()
    return (json.loads(head), zlib.compress(answers)) if whole else (None, zlib.compress(b""))


def pages(folder: Path) -> dict[str, str]:
    """Each page that was written, and the key of what it shows. A line that is not ours counts for nothing."""
    known: dict[str, str] = {}
    path = folder / JOURNAL
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else ()
    for line in lines:
        try:
            name, made_from = json.loads(line)
        except DAMAGE:
            continue
        if isinstance(name, str) and isinstance(made_from, str) and name == PurePath(name).name:
            known[name] = made_from
    return known


def clear(folder: Path) -> None:
    """Delete all of it, for whoever has taken over what counts. Raises OSError if that fails."""
    batches = [path for kind in ("read", "judged") for path in folder.glob(f"{kind}-*.z") if path.is_file()]
    known = [path for path in (folder / NOTE, folder / JOURNAL) if path.is_file()]
    if batches or known:
        rmtree(folder / PAGES, ignore_errors=True)
    for path in (*batches, *known):
        path.unlink()
