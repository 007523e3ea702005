"""The forms of file that can be handed in: one entry each, from which everything else is derived."""

import ast
import inspect
from importlib import import_module

import pytest
from house import MODULES, ROOT, tree

from grader import commands
from grader.files.guarded import guard
from grader.files.registry import FORMS, SUFFIXES, disguised, form_of, known_by_content

NEEDS = {
    "pages": (),
    "lines": ("text",),
    "rows": ("tables",),
    "entries": ("load",),
    "cells": (),
    "pictures": (),
}
# Files that are no submissions: a suffix there has to do with problems, rosters and what is written.
READERS = (
    "grader/files/",
    "grader/course/placing/reading",
    "grader/course/placing/several",
    "grader/course/gathering",
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffixes[0])
def test_each_entry_has_a_module_with_what_it_needs(form):
    module = import_module(f"grader.files.forms.{form.module}")
    assert list(inspect.signature(module.read).parameters) == ["data", "source"]
    for name in NEEDS[form.holds]:
        assert (form.plain and name == "text") or callable(getattr(module, name))
    assert form.plain or form.begins, "what is opened in the guarded process is known by its first bytes"
    assert all(suffix == suffix.lower() and form_of(suffix) is form for suffix in form.suffixes)


def test_a_suffix_stands_once_and_is_told_by_the_help():
    assert len(set(SUFFIXES)) == len(SUFFIXES)
    assert all(f"{suffix})" in commands.HELP or f"{suffix}," in commands.HELP for suffix in SUFFIXES)


@pytest.mark.parametrize(
    ("data", "suffixes"),
    [
        (b"%PDF-1.7 ...", [".pdf"]),
        (b" %PDF-1.7 ...", [".txt", ".csv"]),
        (b"PK\x03\x04...", [".xlsx"]),
        (b"PK\x03\x04... word/document.xml", [".docx"]),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text", [".odt"]),
        (b"{\\rtf1 a3 = 1}", [".rtf"]),
        (b"<!DOCTYPE html><p>a3 = 1", [".html"]),
        (b' \n{"a3": 1}', [".json"]),
        (b"\xef\xbb\xbf[]", [".json"]),
        (b'{"cells": [], "nbformat": 4}', [".ipynb"]),
        (b"a3 = 1", [".txt", ".csv"]),
        ("a3 = 1".encode("utf-16"), [".txt", ".csv"]),
    ],
)
def test_bytes_without_a_name_are_known_by_what_they_hold(data, suffixes):
    assert [form.suffixes[0] for form in known_by_content(data)] == suffixes


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_bytes_of_another_form_are_told(suffix):
    for other in (form for form in FORMS if not form.plain):
        said = disguised(other.begins[0] + b"...", suffix)
        alike = [form for form in FORMS if other.begins[0] in form.begins]
        assert bool(said) is not any(suffix in form.suffixes for form in alike)
        assert suffix not in said or said.count(f"“{suffix}”") == 1
    assert "password" in disguised(b"\xd0\xcf\x11\xe0", suffix)


def test_nobody_else_asks_for_a_suffix():
    """A new form is found by everybody through its entry: no module switches on suffixes of its own."""
    found = []
    for path in MODULES:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(READERS) and name != "grader/files/registry.py":
            found += [
                f"{name}: {node.value}"
                for node in ast.walk(tree(path))
                if isinstance(node, ast.Constant) and node.value in SUFFIXES
            ]
    assert found == []


def test_the_same_file_is_opened_once_for_several_problems(monkeypatch):
    guard.stop()
    asked = []
    monkeypatch.setattr(guard._WORKER, "_ask", lambda form, data, _: asked.append(form) or f"{form} {data!r}")
    for data in (b"one", b"one", b"two", b"two", b"one"):
        for form in ("pdf", "xlsx"):
            assert guard.unpack(form, data) == f"{form} {data!r}"
    assert asked == ["pdf", "xlsx"] * 3
    guard.stop()
