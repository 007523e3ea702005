"""Fetch and make what the practice page runs on: Pyodide from npm, the grader's modules, and a frozen start of both.

    practice_runtime.py [FOLDER]     into grader/practice/runtime, unless another folder is named

Needs npm and Node 20 or later. The package is pinned and its digest checked; nothing else is fetched. Nothing is done
where everything is there already and made of the same sources. Standard library and byhand itself only.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from npm import FETCHED, fetch  # noqa: E402 - beside this file

from answer_keys import published  # noqa: E402 - found by the line above
from grader.practice import runtime  # noqa: E402
from grader.practice.fonts import fonts  # noqa: E402

# What a page never needs, and what takes room.
SPARED = [
    "_pyrepl", "bdb", "cProfile", "curses", "dbm", "doctest", "ensurepip", "ftplib", "idlelib", "imaplib",
    "lib2to3", "mailbox", "modulefinder", "multiprocessing", "pdb", "poplib", "profile", "pstats", "pydoc",
    "pydoc_data", "shelve", "smtplib", "socketserver", "sqlite3", "tkinter", "trace", "turtle", "turtledemo",
    "unittest", "venv", "wsgiref", "xml", "xmlrpc",
]  # fmt: skip
OLDEST_NODE = 20
RECIPE = ("practice_runtime.py", "freeze.mjs")
SAMPLES = ("huddar-1",)


def say(text: str) -> None:
    """Tell what is done."""
    print(text)
    sys.stdout.flush()


def zipped(path: Path, files: dict[str, bytes]) -> None:
    """Write a zip that is the same for the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, data in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)


def freeze(folder: Path, made: Path, work: Path) -> bytes:
    """Start everything under Node on the very files that the page gets, judge samples, and keep the memory."""
    sheet = (Path(published.__file__).parent / "huddar-1-sample.txt").read_text(encoding="utf-8")
    job = {"modules": runtime.module_names(), "samples": [[published.text(name), sheet] for name in SAMPLES]}
    (work / "job.json").write_text(json.dumps(job), encoding="utf-8")
    words = [folder, made / "library.zip", made / "core.zip", work / "job.json", work / "snapshot"]
    node = shutil.which("node") or "node"
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < OLDEST_NODE:
        sys.exit(f"make practice-runtime needs Node {OLDEST_NODE} or later, and found {version}")
    subprocess.run([node, str(ROOT / ".ci/freeze.mjs"), *map(str, words)], check=True)
    return (work / "snapshot").read_bytes()


def trimmed(library: Path) -> dict[str, bytes]:
    """The files of Python's own library, but for those that no page needs."""
    with zipfile.ZipFile(library) as packed:
        names = [name for name in packed.namelist() if not name.endswith("/")]
        return {name: packed.read(name) for name in names if re.split(r"[/.]", name)[0] not in SPARED}


def extra() -> dict[str, bytes]:
    """The library that a few functions are worked out with, fetched by the page for exercises that have them."""
    import mpmath

    home = Path(mpmath.__file__).parent
    files = [path for path in home.rglob("*.py") if "tests" not in path.parts]
    return {path.relative_to(home.parent).as_posix(): path.read_bytes() for path in files}


def main() -> None:
    """Make the folder anew, whole or not at all."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else runtime.FOLDER
    recipe = hashlib.sha256(b"".join((ROOT / ".ci" / name).read_bytes() for name in RECIPE)).hexdigest()
    if not runtime.fault(out) and recipe in (out / runtime.SEAL).read_text(encoding="utf-8"):
        return
    folder = fetch("pyodide", runtime.PYODIDE, runtime.PYODIDE_SHA512, runtime.OF_PYODIDE)
    with tempfile.TemporaryDirectory(dir=FETCHED) as name:
        work = Path(name)
        made = work / "made"
        made.mkdir()
        zipped(made / "core.zip", runtime.sources())
        zipped(made / "extra.zip", extra())
        zipped(made / "library.zip", trimmed(folder / "python_stdlib.zip"))
        say("starting the grader under Node, and freezing it")
        snapshot = freeze(folder, made, work)
        for kept in ("pyodide.mjs", "pyodide.asm.mjs"):
            shutil.copy(folder / kept, made / kept)
        wasm = (folder / "pyodide.asm.wasm").read_bytes()
        for kept, data in (("pyodide.asm.wasm.packed", wasm), ("snapshot.packed", snapshot)):
            (made / kept).write_bytes(gzip.compress(data, 9, mtime=0))
        for kept, data in fonts().items():
            (made / kept).write_bytes(data)
        (made / "LICENCES.txt").write_text(runtime.LICENCES, encoding="utf-8")
        runtime.seal(made, recipe)
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(made, out)
    total = sum(path.stat().st_size for path in out.iterdir())
    say(f"the practice page's run-time files are in {out} ({total / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
