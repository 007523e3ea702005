"""Finding a problem: a problem file, an answer key, or the name of a shipped exercise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from answer_keys import keyfile, published
from exercises.common import toml_text
from exercises.common.errors import FileError
from exercises.common.wording import nearest
from exercises.problems import problem_file

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

MAX_PATH = 250  # longer names no file system takes
# The keys of a problem set that no problem has; a file with none of either is neither.
KEYS_OF_SETS = ("course", "date", "instructions", "seed", "paper", "for", "layout", "scratch", "exercise")
_START = 1_000  # bytes that tell a PDF, or JSON, from TOML
EXPECTED = "expected a problem file (.toml), an answer key (.json) or a shipped name such as huddar-1"

Sort = Literal["shipped", "key", "problem", "set"]


def load(named: str) -> Problem:
    """The problem that `named` means. Raises FileError or ProblemError with one sentence for each fault."""
    match sort(named):
        case "shipped":
            return problem_file.parse(published.text(named), named)
        case "key":
            return keyfile.read(Path(named))
        case "set":
            raise FileError(
                f"{named}: a problem set, not a problem; `byhand generate {named} --out FOLDER` draws its problems, "
                "and FOLDER is what to grade by"
            )
    return problem_file.read(Path(named))


def paper_of(named: str) -> dict[str, Any] | None:
    """Where everything lies on the sheet for paper of what `named` means; None unless it is a key that says so."""
    return keyfile.paper(Path(named)) if sort(named) == "key" else None


def sort(named: str) -> Sort:
    """What `named` means, told by what the file holds. Raises FileError where it is neither problem nor set."""
    path = Path(named[:MAX_PATH])
    there = len(named) <= MAX_PATH and path.exists()
    if not there and named in published.names():
        return "shipped"
    if not there:
        raise FileError(_not_there(named))
    if path.is_dir():
        raise FileError(f"{named}: a folder; {EXPECTED}")
    try:
        with path.open("rb") as file:
            start = file.read(_START).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise FileError(f"{named}: cannot be read ({error.strerror}); {EXPECTED}") from None
    if start.startswith(b"%PDF-"):
        raise FileError(
            f"{named}: a PDF; {EXPECTED} (byhand generate writes both files beside each worksheet)"
        )
    if path.suffix.lower() == ".json" or start.startswith(b"{"):
        return "key"
    return _sort_of_toml(path)


def _not_there(named: str) -> str:
    shipped = published.names()
    close = nearest(named, shipped)
    meant = f"; {close}" if close.startswith("did you mean") else ""
    listed = ", ".join(shipped)
    return f"{named[:200]}: neither a file nor a shipped exercise; the shipped ones are {listed}{meant}"


def _sort_of_toml(path: Path) -> Sort:
    """Problem or set; a .toml file that cannot be read is left to the reader of problems, which says where."""
    try:
        if path.stat().st_size > problem_file.MAX_BYTES:
            return "problem"
        table = toml_text.read(path.read_text(encoding="utf-8-sig"), str(path))
    except (OSError, ValueError, FileError):
        if path.suffix.lower() == ".toml":
            return "problem"
        raise FileError(f"{path}: neither a problem file nor an answer key; {EXPECTED}") from None
    of_sets = sum(key in KEYS_OF_SETS for key in table)
    of_problems = sum(key in problem_file.KEYS and key != "title" for key in table)
    if not of_sets and not of_problems:
        raise FileError(
            f"{path}: neither a problem (it has no shape and no [values]) nor a problem set (no [[exercise]]); "
            "`byhand new FILE` writes a set to start from"
        )
    return "set" if "exercise" in table or of_sets > of_problems else "problem"
