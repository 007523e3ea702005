"""One door to WeasyPrint: whatever is missing behind it, and whatever release it is, a right page is printed."""

import importlib
import io
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pikepdf
import pytest
from making import drawn

from exercises.common.errors import ByhandError
from exercises.common.slots import slot
from exercises.pages import worksheet_page
from exercises.printing import missing_letters, pdf, weasy
from exercises.printing.press import page_drawing, press, proof
from exercises.printing.press.writing import stream

HTML = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<title>One line</title>
<style>{style}</style>
<style></style>
</head>
<body class="a4">
<p class="note"><var>x</var> = {number}</p>
<p><input type="text" name="a1" title="a1"/></p>
</body>
</html>
"""
USED = [*dict.fromkeys((module, name) for module, name, _ in weasy.NAMES)]
MODULES = [*dict.fromkeys(module for module, _ in USED)]


@pytest.fixture
def html():
    return HTML.format(style=pdf.style(), number=slot("0.35"))


@pytest.fixture(scope="module")
def expected():
    return pdf.write_pdf(HTML.format(style=pdf.style(), number=slot("0.35")), forms=True)


@pytest.fixture
def door(monkeypatch):
    """The door, not yet opened: it finds modules as `view` shows them."""

    def show(view):
        monkeypatch.setattr(weasy, "import_module", view)
        weasy.inside.cache_clear()

    yield show
    monkeypatch.undo()
    weasy.inside.cache_clear()


def without(module, dotted, instead=None):
    """How modules are found where one lacks a name, or has something else by it; a dotted one is in a class."""
    *classes, name = dotted.split(".")

    def view(wanted):
        found = importlib.import_module(wanted)
        if wanted != module:
            return found
        top = types.SimpleNamespace(**vars(found))
        if classes:
            inner = getattr(found, classes[0])
            kept = {n: getattr(inner, n) for n in dir(inner) if not n.startswith("__") and n != name}
            setattr(top, classes[0], types.SimpleNamespace(**kept))
        else:
            delattr(top, name)
        if instead is not None:
            setattr(getattr(top, classes[0]) if classes else top, name, instead)
        return top

    return view


def printed(html):
    own = press.Press()
    return own.pdf(html, forms=True), own.plain


def test_with_everything_in_place_nothing_is_laid_out_plainly(html, expected):
    found, plain = printed(html)
    assert not plain
    assert proof.same_pages(found, expected)
    assert {module for module, _ in USED} == set(MODULES)
    assert len(USED) >= 14


@pytest.mark.parametrize(("module", "name"), USED)
def test_without_a_name_the_page_is_laid_out_plainly(module, name, html, expected, door):
    door(without(module, name))
    with pytest.raises(ImportError, match=re.escape(name.split(".")[0])):
        weasy.inside()
    assert printed(html) == (expected, 1)


@pytest.mark.parametrize("module", MODULES)
def test_without_a_module_the_page_is_laid_out_plainly(module, html, expected, door):
    def view(wanted):
        if wanted == module:
            raise ModuleNotFoundError(wanted)
        return importlib.import_module(wanted)

    door(view)
    assert printed(html) == (expected, 1)


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, name, count in weasy.NAMES if count])
def test_what_is_called_in_another_way_is_not_called(module, name, html, expected, door):
    def other(*, context):
        return context

    door(without(module, name, other))
    with pytest.raises(ImportError, match="another way"):
        weasy.inside()
    assert printed(html) == (expected, 1)


@pytest.mark.parametrize("error", [ImportError, AttributeError, ZeroDivisionError, OSError, RuntimeError])
def test_whatever_goes_wrong_inside_the_page_is_laid_out_plainly(error, html, expected, door):
    def broken(a, b, c, d, e):
        raise error(a, b, c, d, e)

    door(without("weasyprint.text.line_break", "split_first_line", broken))
    assert printed(html) == (expected, 1)


def test_a_release_that_was_not_tried_proves_its_pages(html, expected, monkeypatch):
    monkeypatch.setattr(weasy, "TRIED", ())
    assert weasy.untried()
    own, asked = press.Press(), []
    monkeypatch.setattr(press, "write_pdf", lambda *a, **k: asked.append(a) or pdf.write_pdf(*a, **k))
    first, second = (own.pdf(html.replace("0.35", number), forms=True) for number in ("0.35", "0.46"))
    assert (own.plain, len(asked)) == (0, 1), "one page of a kind is enough"
    assert proof.same_pages(first, expected)
    assert not proof.same_pages(first, second)


def test_a_release_that_prints_otherwise_is_found_out(html, expected, monkeypatch):
    """Something is left out by the press, yet nothing is raised."""
    monkeypatch.setattr(weasy, "TRIED", ())
    html = html.replace('<p class="note">', '<p class="note" style="border: 1px solid">')
    monkeypatch.setattr(page_drawing.PageDrawing, "filled", lambda *_: stream(b""))
    own = press.Press()
    assert own.pdf(html, forms=True) == pdf.write_pdf(html, forms=True) != expected
    assert own.plain == 1


def test_pages_are_as_good_where_weasyprint_keeps_its_elements_elsewhere(html, expected, monkeypatch):
    """The parser in C is a short cut, which is left where it does not lead to the page."""
    import weasyprint

    class Other(weasyprint.HTML):
        __slots__ = ()

        def __init__(self, **given):
            super().__init__(**given)
            self.__dict__["_root"] = self.__dict__.pop("etree_element")

        def __getattr__(self, name):
            if name == "etree_element":
                return self._root
            raise AttributeError(name)

    monkeypatch.setattr(weasyprint, "HTML", Other)
    pdf._engine.cache_clear()
    assert pdf.write_pdf(html, forms=True) == expected
    monkeypatch.undo()
    pdf._engine.cache_clear()


def test_letters_are_taken_to_be_there_where_nobody_can_look(door, monkeypatch):
    door(without("weasyprint.text.ffi", "ffi"))
    missing_letters._has.cache_clear()
    assert not missing_letters.missing("\U00017000")
    monkeypatch.undo()
    missing_letters._has.cache_clear()


SMALLER = """
import ctypes.util, sys, warnings
import cffi
opened = cffi.FFI.dlopen
def dlopen(self, name, *flags):
    if name and "subset" in name:
        raise OSError(name)
    return opened(self, name, *flags)
cffi.FFI.dlopen = dlopen
found = ctypes.util.find_library
ctypes.util.find_library = lambda name: None if "subset" in name else found(name)
warnings.simplefilter({action!r})
from making import drawn
from exercises.pages.worksheet_page import worksheet_pdf
sys.stdout.buffer.write(worksheet_pdf(drawn((1, 1), seed="small")))
from weasyprint.text import ffi
assert ffi.harfbuzz_subset is None
"""


@pytest.mark.part(2)
@pytest.mark.parametrize("action", ["error", "always"])
def test_a_library_that_is_not_needed_is_not_asked_for(action):
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", SMALLER.format(action=action)],
        env=os.environ | {"PYTHONPATH": f"{here}{os.pathsep}{here.parent}"},
        capture_output=True,
        check=True,
    )
    assert not done.stderr
    full = worksheet_page.worksheet_pdf(drawn((1, 1), seed="small"))
    assert proof.same_pages(done.stdout, full)


def test_what_is_missing_and_needed_is_named(monkeypatch):
    def view(wanted):
        raise OSError(wanted)

    monkeypatch.setattr(weasy, "import_module", view)
    weasy.load.cache_clear()
    with pytest.raises(ByhandError, match="apt-get install libpango-1"):
        weasy.load()
    monkeypatch.undo()
    weasy.load.cache_clear()


def test_pages_differ_by_a_digit_a_field_or_a_page(expected):
    def changed(change):
        with pikepdf.open(io.BytesIO(expected)) as document:
            change(document)
            out = io.BytesIO()
            document.save(out)
        return out.getvalue()

    def moved(document):
        document.Root.AcroForm.Fields[0].Rect[0] = 1

    assert proof.same_pages(changed(lambda _: None), expected)
    assert not proof.same_pages(changed(moved), expected)
    assert not proof.same_pages(changed(lambda document: document.add_blank_page()), expected)
    other = pdf.write_pdf(
        HTML.format(style=pdf.style(), number=slot("0.35")).replace("0.35", "0.36"), forms=True
    )
    assert not proof.same_pages(other, expected)
