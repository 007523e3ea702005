"""Damages good files of every form in many ways and reads them: nothing may crash, raise or take long.

    python benchmarks/fuzz_files.py [FILES OF EACH KIND] [SEED]

Every damaged file must come back as submissions or complaints, all of them short and printable.
"""

from __future__ import annotations

import io
import json
import random
import re
import resource
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from answer_keys.problems import load
from answer_keys.solution import solve
from exercises.pages.worksheet_page import worksheet_pdf
from grader.answers.names import Names
from grader.files.extraction.source import Source
from grader.files.guarded import guard
from grader.files.labels.identity import CODE
from grader.files.read import read_bytes, sniff

if TYPE_CHECKING:
    from grader.files.extraction.submission import Reading

PROBLEM = load("huddar-1")
ANSWERS = {
    q.name: f"{value:.4f}" for q, value in solve(PROBLEM).values.items() if q in PROBLEM.graph.by_quantity
}
SECONDS, MEGABYTES = 10.0, 500
TYPED = Path(__file__).resolve().parent.parent / "tests" / "typed"  # sheets in many habits
WORD = '<w:document xmlns:w="w"><w:body>{}</w:body></w:document>'
OPEN = '<office:document-content xmlns:office="o" xmlns:text="t">{}</office:document-content>'
TOKENS = (
    b"\0", b"\xff\xfe", b"\x1b[31m", b'"', b"'", b"[" * 400, b"{" * 400, b"(" * 400, b"<<" * 100, b"1e999999999", b"-",
    b"99999999999999999999", b"/Kids [1 0 R 2 0 R 3 0 R]", b"/Length 999999999", b"/Size 2147483647", b"endobj", b"stream",
    b"\r", b"\n" * 50, b",", b";" * 60, b"|" * 30, b"=", b"a3 = ", b"&a;", b"<c r='XFD1048576'>", b"</row>", b"<f>", b"NaN",
    "δ₃".encode(), "\u202e".encode(), b"\\frac{\\partial" * 20, b"part 1: 2; part 3: ", b"cells", b"\xed\xa0\x80",
)  # fmt: skip


def good_files() -> dict[str, list[tuple[str, bytes]]]:
    """Good files of each kind, each with its suffix."""
    names, values = list(ANSWERS), list(ANSWERS.values())
    wide = [
        ["student", "id", "code", *names],
        *([who, "47", PROBLEM.code, *values] for who in ("Ada", "Bob")),
    ]
    long = [["student", "line", "answer"], *(["Ada", n, v] for n, v in ANSWERS.items())]
    lines = f"student: Ada\nid: 4711\ncode: {PROBLEM.code}\n" + "".join(
        f"{n} = {v}\n" for n, v in ANSWERS.items()
    )
    table = "| line | answer |\n|---|---|\n" + "".join(f"| {n} | {v} |\n" for n, v in ANSWERS.items())
    canvas = [["name", "id", *(f"{i}: {n} = ?" for i, n in enumerate(names))], ["Ada", "1", *values]]
    cloze = [
        ["Surname", "First name", "Question 1", "Response 1"],
        [
            "A",
            "B",
            " ".join(f"{n} = _____" for n in names),
            "; ".join(f"part {i}: {v}" for i, v in enumerate(values, 1)),
        ],
    ]
    code = "".join(f"{n} = {v}\n" for n, v in ANSWERS.items())
    cells = [{"cell_type": "code", "source": code}, {"cell_type": "markdown", "source": table}]
    csvs = ["\n".join(",".join(row) for row in rows).encode() for rows in (wide, long, canvas, cloze)]
    sheet = worksheet_pdf(PROBLEM)
    filled = fill(sheet)
    jsons = [
        {"student": "Ada", "id": 4711, "code": PROBLEM.code, **ANSWERS},
        [{"student": "Ada", "answers": ANSWERS}] * 3,
    ]
    return {
        "lines": [(".txt", lines.encode()), (".txt", lines.encode("utf-16"))],
        "markdown": [(".md", table.encode())],
        "csv": [(".csv", data) for data in csvs],
        "xlsx": [(".xlsx", workbook(rows)) for rows in (wide, long, canvas)],
        "json": [(".json", json.dumps(content).encode()) for content in jsons],
        "notebook": [(".ipynb", json.dumps({"cells": cells, "nbformat": 4}).encode())],
        "pdf": [(".pdf", filled), (".pdf", plain(filled))],
        "flat pdf": [(".pdf", flatten(filled))],
        "typed": [(".txt", text.encode()) for text in typed_sheets()],
        "docx": [(".docx", packed("word/document.xml", WORD.format(paragraphs(lines, "w:p", "w:r><w:t"))))],
        "odt": [(".odt", packed("content.xml", OPEN.format(paragraphs(lines, "text:p", "text:span"))))],
        "rtf": [(".rtf", b"{\\rtf1 " + lines.replace("\n", "\\par\n").encode() + b"}")],
        "html": [(".html", f"<html><p>{lines.replace(chr(10), '</p><p>')}</p></html>".encode())],
        "standard input": [("", data) for data in (lines.encode(), *csvs)],
    }


def typed_sheets() -> list[str]:
    """Sheets in many habits, with the same number everywhere."""
    whole = "".join(path.read_text(encoding="utf-8") for path in sorted(TYPED.glob("*.txt")))
    return [re.sub(r"@[^@\n]*@", "0.7550", part.partition("\n")[2]) for part in whole.split("%% ")[1:]]


def paragraphs(lines: str, tag: str, inner: str) -> str:
    """Each line in a paragraph of a document."""
    ends = "".join(f"</{one}>" for one in reversed(inner.split("><")))
    return "".join(f"<{tag}><{inner}>{line}{ends}</{tag}>" for line in lines.splitlines())


def packed(name: str, xml: str) -> bytes:
    """A document of one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, xml)
    return out.getvalue()


def fill(sheet: bytes) -> bytes:
    """A worksheet with every answer typed in."""
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            field.V = pikepdf.String(ANSWERS.get(str(field.T), "Ada"))
        return saved(pdf)


def plain(pdf: bytes) -> bytes:
    """The same without packed parts, so that damage hits what is written in them."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages):
            page.Contents = document.make_stream(b"BT /F%d 9 Tf (a) Tj ET" % number)
        mode = pikepdf.ObjectStreamMode.disable
        return saved(
            document, object_stream_mode=mode, stream_decode_level=pikepdf.StreamDecodeLevel.generalized
        )


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """A PDF's bytes."""
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def flatten(pdf: bytes) -> bytes:
    """The PDF with its form turned into drawing, as a print leaves it."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    for page in document:
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_PRINT)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(rows: list[list[str]]) -> bytes:
    """An .xlsx file."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def damaged(data: bytes, rng: random.Random) -> bytes:
    """One to eight changes: bytes turned, cut, moved, doubled, or something awkward put in."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        place, length = rng.randrange(len(made) + 1), rng.choice((1, 2, 8, 60, 500))
        match rng.randrange(7):
            case 0:
                made[place : place + 1] = bytes([rng.randrange(256)])
            case 1:
                del made[place : place + length]
            case 2:
                made[place:place] = rng.choice(TOKENS)
            case 3:
                other = rng.randrange(len(made) + 1)
                made[place:place] = made[other : other + length]
            case 4:
                made[place : place + length] = rng.choice(TOKENS)
            case 5:
                del made[max(place, len(made) // 50) :]
            case 6:
                made[place:place] = made[place : place + length] * rng.choice((2, 10, 100))
    return bytes(made)


def damaged_parts(data: bytes, rng: random.Random) -> bytes:
    """A workbook with one of its parts damaged and packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    victim = rng.choice(list(parts))
    parts[victim] = damaged(parts[victim], rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def check(reading: Reading) -> str:
    """What a reading amounts to; an assertion fails if it is not fit to be shown."""
    assert reading.submissions or reading.complaints
    assert len(reading.complaints) < 100
    assert all(len(c) < 800 and c.isprintable() for c in reading.complaints), reading.complaints
    assert not any("stumbled" in c for c in reading.complaints), reading.complaints
    for submission in reading.submissions:
        assert submission.student.isprintable()
        assert 0 < len(submission.student) <= 80
        assert submission.student_id.isprintable()
        assert len(submission.student_id) <= 80
        assert not submission.code or CODE.fullmatch(submission.code)
        assert all(len(remark) < 300 and remark.isprintable() for remark in submission.remarks)
        assert all(isinstance(text, str) and len(text) <= 150_000 for text in submission.texts.values())
    return "read" if reading.submissions else "complained of"


def fuzz(kind: str, files: list[tuple[str, bytes]], count: int, seed: str) -> None:
    """Damage and read `count` files of one kind, and print how it went."""
    rng = random.Random(f"{seed} {kind}")
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    source = Source(Path("file"), PROBLEM, Names(PROBLEM))
    for number in range(count):
        suffix, data = rng.choice(files)
        bad = (damaged_parts if suffix in (".xlsx", ".docx", ".odt") and rng.random() < 0.7 else damaged)(
            data, rng
        )
        start = time.perf_counter()
        try:
            reading = read_bytes(bad, suffix, source) if suffix else sniff(bad, source)
            outcomes[check(reading)] += 1
        except BaseException:
            Path(f"fuzz-{number}{suffix}").write_bytes(bad)
            print(f"{kind}: file {number} of seed {seed} is kept in fuzz-{number}{suffix}")
            raise
        slowest = max(slowest, time.perf_counter() - start)
        outcomes["reader ended"] += any("broke the reader" in c for c in reading.complaints)
    assert slowest < SECONDS
    told = f"{outcomes['read']:,} | {outcomes['complained of']:,} | {outcomes['reader ended']}"
    print(f"| {kind} | {count:,} | {told} | {slowest:.2f} s |", flush=True)


def main() -> None:
    """Damage files of every kind."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    print("| kind | damaged files | read | complained of | of these the reader was ended | slowest |")
    print("|---|---|---|---|---|---|")
    for kind, files in good_files().items():
        fuzz(kind, files, count, seed)
    guard.stop()
    own, other = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"\nlargest memory: {own:.0f} MB, and {other:.0f} MB in the process that opens PDFs and workbooks")
    assert max(own, other) < MEGABYTES


if __name__ == "__main__":
    main()
