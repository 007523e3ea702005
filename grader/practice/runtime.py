"""What the page runs on: Pyodide, the grader's own modules, and both frozen after their start.

`make practice-runtime` makes the folder; a page gets copies of its files. What they were made of is written down with
them, so that a page never gets a grader other than the one at hand.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from exercises.common.errors import FileError
from grader.practice.fonts import FONTS

if TYPE_CHECKING:
    from collections.abc import Iterable

PYODIDE = "314.0.7"
PYODIDE_SHA512 = "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
XZ = "0.2.3"
XZ_SHA512 = "O8v6HG8T0PrKBcpyWA13GkSYWFvncwzuzcLx5A7++l3HsE3atmoetXjIxrZ/JV/nbvSZ7WS4+3XvREZuVn+rEA=="
FOLDER = Path(__file__).parent / "runtime"
FILES = (
    "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm.packed", "library.zip", "core.zip", "extra.zip",
    "snapshot.packed", "start.json", "xz.mjs", "LICENCES.txt", *FONTS,
)  # fmt: skip
SEAL = "runtime.json"
LICENCES = f"""\
Pyodide {PYODIDE}: Mozilla Public License 2.0; source at https://github.com/pyodide/pyodide
Python, and its library: Python Software Foundation License; source at https://github.com/python/cpython
xz-decompress {XZ} (xz.mjs): MIT; source at https://github.com/httptoolkit/xz-decompress
mpmath (in extra.zip): BSD 3-clause; source at https://github.com/mpmath/mpmath
byhand: MIT
Libertinus fonts, cut down: SIL Open Font License 1.1, https://openfontlicense.org; Copyright The Libertinus Project Authors
"""
_HOUSE = Path(__file__).parent.parent.parent
# Where the page's grader begins: what it calls, and what is imported by name only.
_ROOTS = (
    "grader.practice.bridge", "grader.practice.standin", "grader.files.forms.text", "grader.files.forms.delimited",
    "grader.files.forms.json_form", "grader.files.forms.notebook",
)  # fmt: skip
# What Python imports by itself, and only when it comes to it.
_ENCODINGS = ("ascii", "cp1252", "latin_1", "utf_16", "utf_16_be", "utf_16_le", "utf_8_sig")
_UNSEEN = ("_strptime", *(f"encodings.{name}" for name in _ENCODINGS))
_LEFT_OUT = ("exercises.networks.sympy_reading",)  # for exact derivatives, of which no report makes use


def module_names() -> list[str]:
    """Every module of ours that the page's grader may import, in order of their names."""
    found: dict[str, Path] = {}
    open_ones = list(_ROOTS)
    while open_ones:
        parts = open_ones.pop().split(".")
        for end in range(1, len(parts) + 1):
            name = ".".join(parts[:end])
            path = None if name in found or name in _LEFT_OUT else _path(name)
            if path is not None:
                found[name] = path
                open_ones += _imported(path)
    return sorted(found)


def library_names(extra: Iterable[Path]) -> list[str]:
    """Every module of Python's own that the page's grader, or files of another library, may import, wherever in it."""
    paths = (path for name in module_names() if (path := _path(name)) is not None)
    asked = {name for path in (*paths, *extra) for name in _imported(path)}
    return sorted(
        {name for name in asked if name.partition(".")[0] in sys.stdlib_module_names} | set(_UNSEEN)
    )


def _path(name: str) -> Path | None:
    """The file of one of our modules; None for everything else."""
    path = _HOUSE.joinpath(*name.split("."))
    return next((p for p in (path / "__init__.py", path.with_suffix(".py")) if p.exists()), None)


def _imported(path: Path) -> list[str]:
    """What a module imports, wherever in it, but for typing only."""
    open_nodes: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    found: list[str] = []
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            open_nodes += ast.iter_child_nodes(node)
    return found


def sources() -> dict[str, bytes]:
    """The files of these modules, by their places below the folder of the house."""
    paths = (path for name in module_names() if (path := _path(name)) is not None)
    return {path.relative_to(_HOUSE).as_posix(): path.read_bytes() for path in paths}


def _digest(parts: dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, data in sorted(parts.items()):
        whole.update(f"{name} {len(data)}\n".encode())
        whole.update(data)
    return whole.hexdigest()


def seal(folder: Path, recipe: str = "") -> None:
    """Write down what the files in a folder are, what they were made of, and by which recipe."""
    made = {
        "recipe": recipe,
        "pyodide": PYODIDE,
        "sources": _digest(sources()),
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
    }
    (folder / SEAL).write_text(json.dumps(made, indent=1), encoding="utf-8")


def fault(folder: Path) -> str:
    """Why a page cannot be made of the files in a folder; empty if it can."""
    how = "`make practice-runtime` in a copy of the project makes it, and --runtime says where it is"
    try:
        made = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    except (OSError, ValueError):
        return f"{folder}: not there, or not whole: what the practice page runs on; {how}"
    if made.get("files") != files or made.get("pyodide") != PYODIDE:
        return f"{folder}: other files than were made there; {how}"
    if made.get("sources") != _digest(sources()):
        return f"{folder}: made of another version of byhand; {how}"
    return ""


def files(folder: Path) -> dict[str, bytes]:
    """The files that a page needs, by name. Raises FileError, with what to do, where they are missing or stale."""
    told = fault(folder)
    if told:
        raise FileError(told)
    return {name: (folder / name).read_bytes() for name in FILES}
