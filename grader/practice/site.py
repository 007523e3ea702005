"""Writing the page: a folder of static files that works on any web server, below any path, and later without one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exercises.common.files import make_folder, make_public_folder, write
from exercises.problems import problem_writer
from grader.practice import page_data, touch_data
from grader.practice.fonts import FONTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.practice.numbers import PractisedExercise

WEB = Path(__file__).parent / "web"
Files = dict[str, "str | bytes"]


def site_files(title: str, exercises: Sequence[PractisedExercise], runtime: Mapping[str, bytes]) -> Files:
    """Every file of the page by its place in the folder.

    runtime: what it runs on, as `runtime.files` gives it.
    """
    found: Files = {path.name: path.read_text(encoding="utf-8") for path in sorted(WEB.iterdir())}
    found |= {f"{'fonts' if name in FONTS else 'runtime'}/{name}": data for name, data in runtime.items()}
    listed = []
    for n, exercise in enumerate(exercises, 1):
        pages = page_data.shared([page_data.page(problem) for problem in exercise.problems])
        found[f"data/{n}.json"] = _plain(pages)
        first = exercise.problems[0]
        watched = page_data.is_watched(first)
        listed.append({"id": str(n), "title": exercise.title, "kind": first.plan.kind, "watched": watched})
        for problem in exercise.problems:
            found[f"problems/{problem.code}.toml"] = problem_writer.write(problem)
    found["touch.json"] = _plain(touch_data.figures())
    size = sum(len(data) for name, data in runtime.items() if name.endswith(".packed"))
    found["site.json"] = _plain({"title": title, "exercises": listed, "size": size})
    made = _digest(found)
    found["sw.js"] = _keeper(str(found["sw.js"]), found).replace("MADE", made)
    found["worker.js"] = str(found["worker.js"]).replace("MADE", made)
    return found


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _keeper(template: str, found: Files) -> str:
    """The service worker: what it keeps."""
    kept = [
        "./",
        *(n for n in sorted(found) if not n.startswith(("runtime/", "problems/", "sw.js", "README"))),
    ]
    return template.replace("const FILES = [];", f"const FILES = {_plain(kept)};")


def _digest(found: Files) -> str:
    """What this making of the page is called, where a browser keeps it."""
    made = hashlib.sha256()
    for name in sorted(found):
        data = found[name]
        made.update(name.encode())
        made.update(data if isinstance(data, bytes) else data.encode())
    return made.hexdigest()[:16]


def write_site(out: Path, files: Files) -> None:
    """Write all files into a folder. Raises FileError where that cannot be done."""
    make_public_folder(out)
    for folder in {(out / name).parent for name in files}:
        make_folder(folder)
    for name, content in files.items():
        write(out / name, content)
