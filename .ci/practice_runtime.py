"""Fetch and make what the practice page runs on: Pyodide from npm, the grader's modules, and a frozen start of both.

    practice_runtime.py [FOLDER]     into grader/practice/runtime, unless another folder is named

What is large is packed as xz, which any server can serve; a small program unpacks it in the browser. Needs npm and
Node 20 or later. Two packages are pinned and their digests checked; nothing else is fetched. Nothing is done where
everything is there already and made of the same sources. Standard library and byhand itself only.
"""

import hashlib
import json
import lzma
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
UNPACKING = "dist/package/xz-decompress.min.js"
BIT, DATA_SECTION = 128, 11  # of WebAssembly's files
RECIPE = ("practice_runtime.py", "freeze.mjs")
SAMPLES = ("huddar-1",)
REACH = 1 << 24  # how far back a packed file may point, which is memory in the browser
# What was made to be required, as a module that can be imported.
MODULE = (
    "const module = {{ exports: {{}} }}, exports = module.exports, require = () => ({{}});\n"
    "{}\nexport const {{ XzReadableStream }} = module.exports;\n"
)
LEAST = 128  # bytes: shorter data of the program are not worth their place in a list


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
    job = {
        "library": runtime.library_names(extra_sources()),
        "modules": runtime.module_names(),
        "samples": [[published.text(name), sheet] for name in SAMPLES],
    }
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


def extra_sources() -> list[Path]:
    """The library that a few functions are worked out with, fetched by the page for exercises that have them."""
    import mpmath

    return [path for path in Path(mpmath.__file__).parent.rglob("*.py") if "tests" not in path.parts]


def extra() -> dict[str, bytes]:
    """The same library, by the places of its files."""
    import mpmath

    home = Path(mpmath.__file__).parent.parent
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in extra_sources()}


def packed(data: bytes) -> bytes:
    """A file as xz."""
    how = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": REACH}]
    return lzma.compress(data, lzma.FORMAT_XZ, lzma.CHECK_CRC32, filters=how)


def segments(program: bytes) -> list[tuple[int, int, int]]:
    """What a WebAssembly program lays into memory: where it begins in the file and in memory, and how long it is."""
    at = 8

    def number() -> int:
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = program[at]
            at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
            if byte < BIT:
                return value

    found = []
    while at < len(program):
        kind, length = program[at], 0
        at += 1
        length = number()
        if kind != DATA_SECTION:
            at += length
            continue
        for _ in range(number()):
            if program[at : at + 2] != b"\0\x41":  # laid at a constant place in the first memory
                sys.exit("the program lays its data into memory in a way that is not known here")
            at += 2
            place = number()
            at += 1  # the end of the constant
            length = number()
            found.append((at, place, length))
            at += length
    return [one for one in found if one[2] >= LEAST]


def gaps(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The same in short: each beginning counted from where the one before begins."""
    before = [(0, 0, 0), *found]
    return [(a - b, c - d, length) for (a, c, length), (b, d, _) in zip(found, before, strict=False)]


def without(memory: bytes, program: bytes) -> bytes:
    """A memory without the data that the program has too: each byte there is the difference of both."""
    found, begin = bytearray(memory), int.from_bytes(memory[4:8], "little")  # after Pyodide's own head
    for at, in_memory, length in segments(program):
        place = begin + in_memory
        both = int.from_bytes(memory[place : place + length]) ^ int.from_bytes(program[at : at + length])
        found[place : place + length] = both.to_bytes(length)
    return bytes(found)


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
        for kept, data in (("pyodide.asm.wasm", wasm), ("snapshot", without(snapshot, wasm))):
            (made / f"{kept}.packed").write_bytes(packed(data))
        start = {"library": (made / "library.zip").stat().st_size, "segments": gaps(segments(wasm))}
        (made / "start.json").write_text(json.dumps(start), encoding="utf-8")
        unpacking = fetch("xz-decompress", runtime.XZ, runtime.XZ_SHA512, (UNPACKING,))
        (made / "xz.mjs").write_text(
            MODULE.format((unpacking / UNPACKING).read_text(encoding="utf-8")), encoding="utf-8"
        )
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
