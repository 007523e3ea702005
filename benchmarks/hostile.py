"""Files of every form that cost: bombs, endless lists, deep nesting, unknown names; for `attack.py`.

python benchmarks/hostile.py FOLDER FORM FILES SEED
"""

from __future__ import annotations

import io
import json
import random
import sys
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import hostile_pictures
import pikepdf
from fuzz_files import ANSWERS, OPEN, WORD, damaged, damaged_parts, good_files, packed, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MADE = 0.3  # share of files that are made to be costly, the rest being good ones damaged
NAMES = list(ANSWERS)
ZIPPED = (".xlsx", ".docx", ".odt")


def code(rng: random.Random) -> str:
    """A code of no problem."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(rng.choices(letters, k=4)) + "-" + "".join(rng.choices(letters, k=4))


def size(rng: random.Random) -> int:
    """How much of something: mostly some, seldom very much."""
    return int(10 ** rng.uniform(1, 4.6))


def text(rng: random.Random) -> bytes:
    """Lines that cost: unknown names, codes, deep brackets, endless lines."""
    many = size(rng)
    lines = rng.choice(
        (
            [f"unknown{n} = {n}" for n in range(many)],
            [f"code: {code(rng)}\na3 = 1" for _ in range(min(many, 8000))],
            [f"{rng.choice(NAMES)} = {'(' * min(many, 9000)}1"],
            [f"{rng.choice(NAMES)} = " + "+".join(["1"] * many)],
            [rng.choice(("\n", "\r", " ", "=", "=\n", "δ", "∂E/∂")) * many],
            [f"{rng.choice(NAMES)} = 9**9**9**{n}" for n in range(min(many, 2000))],
            [f"{rng.choice(NAMES)} = 1e{'9' * (n % 300)}" for n in range(min(many, 3000))],
        )
    )
    return "\n".join(lines).encode()


def rows(rng: random.Random) -> list[list[str]]:
    """A table that costs: many rows, many columns, unknown heads, endless cells."""
    many = min(size(rng), 1_000)  # students of a class: each row is judged, as it is meant to be
    return rng.choice(
        (
            [["student", "a3", "y3"], *([f"s{n}", "0.5", "0.6"] for n in range(many))],
            [["student", *(f"u{n}" for n in range(many))], ["s1", *("1" for _ in range(many))]],
            [["student", "line", "answer"], *(["s1", f"u{n}", "1"] for n in range(many))],
            [
                ["Response 1", "Question 1"],
                *([f"part {n}: 1;" * 50, "_____" * 50] for n in range(many // 20 + 1)),
            ],
            [["student", "a3"], ["s1", "1" * min(many * 10, 30_000)]],
            [["student", "code", "a3"], *([f"s{n}", code(rng), "1"] for n in range(many))],
        )
    )


def table(rng: random.Random) -> bytes:
    """The same as text."""
    return "\n".join(",".join(row) for row in rows(rng)).encode()


def entries(rng: random.Random) -> bytes:
    """JSON that costs: unknown keys, deep lists, many entries."""
    many = size(rng)
    made = rng.choice(
        (
            lambda: json.dumps({f"unknown{n}": "1" for n in range(many)}),
            lambda: "[" * many + "]" * many,
            lambda: json.dumps([{"student": f"s{n}", "a3": "0.5"} for n in range(min(many, 1_000))]),
            lambda: json.dumps({"a3": "1" * many, "y3": many}),
            lambda: '{"a3":' * min(many, 5000) + "1" + "}" * min(many, 5000),
            lambda: json.dumps({code(rng): {"a3": "1"} for _ in range(min(many, 5000))}),
        )
    )
    return made().encode()


def notebook(rng: random.Random) -> bytes:
    """A notebook of costly cells."""
    cells = [
        {"cell_type": rng.choice(("code", "markdown")), "source": text(rng).decode()}
        for _ in range(rng.randrange(1, 4))
    ]
    return json.dumps({"cells": cells, "nbformat": 4}).encode()


def inside(rng: random.Random, tag: str, start: str, inner: str, cell: str) -> str:
    """The XML of a document that costs: many lines, deep nesting, wide tables, endless attributes."""
    many = size(rng)
    made: tuple[Callable[[], str], ...] = (
        lambda: "".join(
            start.format(line) for line in text(rng).decode(errors="replace").splitlines() if "<" not in line
        ),
        lambda: f"<{tag}>" * many + start.format("a3 = 0.5") + f"</{tag}>" * many,
        lambda: f"<{inner}>" * min(many, 20_000) + "a3 = 0.5" + f"</{inner}>" * min(many, 20_000),
        lambda: f"<{tag}>" + cell * many + f"</{tag}>",
        lambda: f"<{tag} " + " ".join(f'q{n}="1"' for n in range(many)) + "/>",
        lambda: start.format("a" * rng.choice((1_000_000, 39_000_000, 80_000_000))),
        lambda: start.format("a3 = 1 ") * (many * 10),
    )
    return rng.choice(made)()


def docx(rng: random.Random) -> bytes:
    """A Word document that costs."""
    xml = inside(
        rng, "w:tr", "<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "m:f", "<w:tc><w:p><w:t>a3</w:t></w:p></w:tc>"
    )
    return damaged_zip(packed("word/document.xml", WORD.format(xml)), rng)


def odt(rng: random.Random) -> bytes:
    """An OpenDocument text that costs."""
    xml = inside(
        rng, "table-row", "<text:p>{}</text:p>", "text:span", "<table-cell><text:p>a3</text:p></table-cell>"
    )
    return damaged_zip(packed("content.xml", OPEN.format(xml)), rng)


def damaged_zip(data: bytes, rng: random.Random) -> bytes:
    """A packed file, sometimes with thousands of other parts, or one that says it is smaller than it is."""
    if rng.random() < 0.2:
        out = io.BytesIO(data)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            for n in range(min(size(rng), 8_000)):
                archive.writestr(f"p{n}", "")
        return out.getvalue()
    return data


def rtf(rng: random.Random) -> bytes:
    """Rich text that costs."""
    many = size(rng)
    made: tuple[Callable[[], bytes], ...] = (
        lambda: b"{" * many + b"a3 = 1" + b"}" * many,
        lambda: text(rng).replace(b"\n", b"\\par\n"),
        lambda: b"\\u-1234?" * many,
        lambda: b"\\bin%d " % rng.choice((1, 10**9, 10**30)) * min(many, 3_000),
        lambda: b"\\'d0" * many + b"\\" + b"a" * many,
        lambda: b"{\\*\\x " * many,
        lambda: b"\\trowd\\intbl a3\\cell " * many + b"\\row",
        lambda: b"\\strike a3 = 1\\strike0\\par " * many,
        lambda: b"\\u" + b"9" * many,
    )
    return b"{\\rtf1 " + rng.choice(made)() + b"}"


def html(rng: random.Random) -> bytes:
    """A page that costs."""
    many = size(rng)
    tag = rng.choice(("div", "table", "tr", "td", "span", "s", "sub", "ul", "script", "style", "p", "math"))
    made: tuple[Callable[[], bytes], ...] = (
        lambda: f"<{tag}>".encode() * many + b"a3 = 1",
        lambda: b"<p>" + text(rng).replace(b"\n", b"</p><p>"),
        lambda: f"<{tag}>a3 = 1</{tag}>".encode() * many,
        lambda: b"<table><tr>" + b"<td>a3" * many,
        lambda: b"<!--" * many,
        lambda: b"&" * many + b"&#x3b4;" * many + b"&#" + b"9" * many,
        lambda: b"<a " + b"x=1 " * many + b">",
        lambda: b"<" * many,
        lambda: b"<![CDATA[" * many + b"<?" * many,
    )
    return b"<html>" + rng.choice(made)()


def fields(rng: random.Random) -> bytes:
    """A PDF that costs: very many fields, fields in a circle, streams packed many times, an endless page."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    many = min(size(rng), 20_000)
    form = pikepdf.Dictionary(Fields=[])
    match rng.randrange(5):
        case 0:
            for n in range(many):
                form.Fields.append(
                    pdf.make_indirect({"/T": pikepdf.String(f"u{n}"), "/V": pikepdf.String("1")})
                )
        case 1:
            circle = pdf.make_indirect({"/T": pikepdf.String("a3"), "/V": pikepdf.String("1")})
            circle.Kids, circle.Parent = [circle] * 10, circle
            form.Fields.append(circle)
        case 2:
            form.Fields.append({"/T": pikepdf.String("a3"), "/V": pikepdf.String("1" * many * 100)})
        case 3:
            data = bytes(60_000_000)
            for _ in range(3):
                data = zlib.compress(data)
            stream = pdf.make_stream(data)
            stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * 3)
            page.Contents = stream
        case _:
            page.Contents = pdf.make_stream(b"BT /F 9 Tf " + b"(a3 = 1) Tj 0 9 Td " * many + b"ET")
            page.Resources = {"/Font": {"/F": {"/Type": pikepdf.Name.Font, "/Subtype": pikepdf.Name.Type1,
                "/BaseFont": pikepdf.Name.Helvetica}}}  # fmt: skip
    pdf.Root.AcroForm = form
    for _ in range(rng.choice((0, 0, 60, 600))):
        pdf.pages.append(page)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


COSTLY: dict[str, Callable[[random.Random], bytes]] = {
    "lines": text, "markdown": text, "typed": text, "csv": table, "json": entries, "notebook": notebook, "docx": docx,
    "odt": odt, "rtf": rtf, "html": html, "pdf": fields, "flat pdf": fields,
    "xlsx": lambda rng: workbook(rows(rng)[:2000]), **hostile_pictures.COSTLY,
}  # fmt: skip


def made(kind: str, files: list[tuple[str, bytes]], count: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """Hostile files of a form."""
    rng = random.Random(f"{seed} {kind}")
    for _ in range(count):
        suffix, data = rng.choice(files)
        if kind in COSTLY and rng.random() < MADE:
            yield suffix, COSTLY[kind](rng)
        else:
            yield suffix, (damaged_parts if suffix in ZIPPED and rng.random() < 0.7 else damaged)(data, rng)


@lru_cache
def forms() -> dict[str, list[tuple[str, bytes]]]:
    """Good files of every form."""
    found = good_files() | hostile_pictures.good()
    del found["standard input"]
    return found


def main() -> None:
    """Write hostile files of a form into a folder."""
    folder, kind, count, seed = sys.argv[1:]
    for number, (suffix, data) in enumerate(made(kind, forms()[kind], int(count), seed)):
        (Path(folder) / f"{number:04}{suffix}").write_bytes(data)


if __name__ == "__main__":
    main()
