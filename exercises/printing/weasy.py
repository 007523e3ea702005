"""The one door to WeasyPrint: whatever the house uses of its inside is named here, and looked up once.

A page is printed plainly by what WeasyPrint documents. The press needs more: `inside` gives it, or says what this
release lacks. Releases that the press has not been tried with are `untried`: it then proves its pages.
"""

from __future__ import annotations

import inspect
import os
import warnings
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from exercises.common.errors import ByhandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TRIED = ("70",)  # releases with which the tests compare every kind of page
_NO_PANGO = (
    "byhand cannot make PDFs here because Pango or HarfBuzz is missing; install them with "
    "`apt-get install libpango-1.0-0 libpangoft2-1.0-0`, or the like on your system"
)
# Module, name, and how many arguments it is called with by place; None where it is not called.
GLYPHS = (
    ("weasyprint.text.ffi", "ffi", None),
    ("weasyprint.text.ffi", "pango", None),
    ("weasyprint.text.line_break", "split_first_line", 5),
)
NAMES = (
    *GLYPHS,
    ("weasyprint.text.fonts", "get_pango_font_key", 1),
    ("weasyprint.pdf.fonts", "Font", 3),
    ("weasyprint.pdf.fonts", "build_fonts_dictionary", 5),
    *(
        ("weasyprint.formatting_structure.boxes", f"{kind}Box", None)
        for kind in ("Block", "BlockReplaced", "Inline", "Line", "Text")
    ),
    ("weasyprint.layout.absolute", "AbsolutePlaceholder", None),
    ("weasyprint.pdf.stream", "Stream", 7),
    ("weasyprint.css.properties", "INITIAL_VALUES", None),
    ("weasyprint.svg.text", "Style", 0),
)


@lru_cache
def load() -> Any:
    """Import WeasyPrint. Raises ByhandError where Pango is not installed.

    It warns where a library is missing that makes fonts smaller; pages are as good without, so nobody is told.
    """
    with warnings.catch_warnings(), _without_compilers():
        warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
        try:
            return import_module("weasyprint")
        except OSError:
            raise ByhandError(_NO_PANGO) from None


@contextmanager
def _without_compilers() -> Iterator[None]:
    """Let nobody find a compiler: cffi would ask one, dozens of times, for names that libraries have on other systems."""
    path = os.environ.get("PATH")
    if path is None or os.name != "posix":
        yield
        return
    os.environ["PATH"] = ""
    try:
        yield
    finally:
        os.environ["PATH"] = path


def lacking() -> str:
    """Why no PDF can be made here, in a sentence; empty where it can."""
    try:
        load()
    except ByhandError as error:
        return str(error)
    return ""


def font_configuration() -> Any:
    """Make a record of fonts, as WeasyPrint keeps it."""
    load()
    return import_module("weasyprint.text.fonts").FontConfiguration()


def page_reader(sheet: Any) -> Callable[[str, str], Any]:
    """How a page is read from its HTML and base URL; `sheet` replaces WeasyPrint's own style sheet for any HTML.

    As our pages are XML too, the parser written in C reads them, where WeasyPrint takes its result. Nothing that a page
    names is fetched, neither from a disk nor from a network: it holds its pictures itself.
    """
    load()
    fetcher = import_module("weasyprint.urls").URLFetcher(allowed_protocols={"data"})

    class Page(load().HTML):  # type: ignore[misc]
        def __init__(self, text: str, base_url: str) -> None:
            root = _parsed(text)
            super().__init__(
                string=text if root is None else "<html></html>", base_url=base_url, url_fetcher=fetcher
            )
            if root is not None and not self._taken(root):
                super().__init__(string=text, base_url=base_url, url_fetcher=fetcher)

        def _taken(self, root: ET.Element) -> bool:
            """Put the elements in the place of those that WeasyPrint has read; whether it keeps them there."""
            own = self.__dict__
            if not {"wrapper_element", "etree_element"} <= own.keys():
                return False
            wrapper = type(own["wrapper_element"]).from_html_root(root, content_language=None)
            own.update(wrapper_element=wrapper, etree_element=wrapper.etree_element)
            return True

        def _ua_stylesheets(self, *_: object, **__: object) -> list[Any]:
            return [sheet]

    return Page


def _parsed(html: str) -> ET.Element | None:
    try:
        return ET.fromstring(html)  # noqa: S314 - our own templates, in which all else is escaped
    except ET.ParseError:  # such as a control character in somebody's name
        return None


def page_box(page: Any) -> Any:
    """Give the box of a page that has been laid out; WeasyPrint has no other way to it."""
    return page._page_box  # noqa: SLF001


def version() -> str:
    """Which release of WeasyPrint this is."""
    return str(load().__version__)


def untried() -> bool:
    """Whether the press has not been tried with this release."""
    return version().split(".")[0] not in TRIED


@lru_cache
def inside() -> Any:
    """Everything of WeasyPrint's inside that the press needs, by name. Raises ImportError as `found` does."""
    return found(NAMES)


def found(names: Iterable[tuple[str, str, int | None]]) -> Any:
    """Look names up, each by its first part without underscores.

    Raises ImportError where one is missing, or not as it is used here.
    """
    load()
    everything: dict[str, Any] = {}
    for module, dotted, count in names:
        one: Any = import_module(module)
        for part in dotted.split("."):
            if not hasattr(one, part):
                raise ImportError(f"{module} has no {dotted}")
            one = getattr(one, part)
            everything.setdefault(dotted.split(".")[0].lstrip("_"), one)
        if count is not None and not _takes(one, count):
            raise ImportError(f"{module}.{dotted} is called in another way")
    return SimpleNamespace(**everything)


def _takes(one: Any, count: int) -> bool:
    """Whether something can be called with so many arguments."""
    try:
        inspect.signature(one).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:  # a built-in class does not say
        return True
    return True
