"""A course for tests: students with problems of their own, keys, a manifest, a roster, and sheets in many forms."""

import csv
import io
import json
import os
from functools import cache

import pikepdf
from making import drawn, perfect

from answer_keys.keyfile import to_json
from answer_keys.solution import solve

NAMES = (
    "Ada Lovelace", "Alan Turing", "Grace Hopper", "Édouard Lucas", "Sofia Kovalevskaya", "Emmy Noether",
    "Paul Erdős", "Maryam Mirzakhani", "Srinivasa Ramanujan", "Évariste Galois",
)  # fmt: skip
NOON = 1_700_000_000


def student_name(number):
    """Names of all sorts; each once."""
    return NAMES[number] if number < len(NAMES) else f"Student Number{number}"


@cache
def problem(number):
    """A student's own problem."""
    return drawn((2, 2, 1), seed=f"course/{number}")


@cache
def right(number):
    """Every line of it right, by canonical name."""
    return {q.name: text for q, text in perfect(problem(number)).items()}


def wrong(number, **changes):
    """The same with some lines changed, or blanked by None."""
    return {name: text for name, text in (right(number) | changes).items() if text is not None}


def students(count):
    """Ids and names."""
    return [(f"s{n:04}", student_name(n)) for n in range(count)]


def write_course(folder, count, *, points=10):
    """Keys with a manifest in `folder`/keys, and a roster beside it."""
    keys = folder / "problems" / "keys"
    keys.mkdir(parents=True)
    rows = [("student_id", "student_name", "exercise", "code", "points")]
    for n, (identity, name) in enumerate(students(count)):
        code = problem(n).code
        (keys / f"{n:03}-{code}-key.json").write_text(to_json(solve(problem(n)), "x"), encoding="utf-8")
        rows.append((identity, name, "1", code, points))
    write_csv(folder / "problems" / "manifest.csv", rows)
    write_csv(
        folder / "roster.csv", [("Name", "ID"), *((name, identity) for identity, name in students(count))]
    )
    return folder / "problems", folder / "roster.csv"


def write_csv(path, rows):
    """A table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def lines(answers, *, code="", student="", identity=""):
    """A sheet as text."""
    head = (
        [f"name: {student}"] * bool(student)
        + [f"id: {identity}"] * bool(identity)
        + [f"code: {code}"] * bool(code)
    )
    return "\n".join([*head, *(f"{name} = {text}" for name, text in answers.items())]) + "\n"


def form(fields, codes=()):
    """A PDF with nothing but a filled form; quicker than a worksheet, and read the same way."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.AcroForm = pdf.make_indirect(
        pikepdf.Dictionary(
            Fields=pikepdf.Array(
                [
                    pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=name, V=pikepdf.String(text)))
                    for name, text in fields.items()
                ]
            )
        )
    )
    if codes:
        pdf.docinfo["/Keywords"] = ", ".join(("byhand", *codes))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def notebook(answers):
    """A sheet as a notebook."""
    source = "".join(f"{name} = {text}\n" for name, text in answers.items())
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
    ]})  # fmt: skip


def put(path, content, *, after=0):
    """Write a file that was changed so many seconds after noon."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (NOON + after, NOON + after))
    return path
