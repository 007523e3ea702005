"""From a page's HTML to a PDF: tagged, titled, with form fields that any reader can fill in."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

import templates
from exercises.common import metrics
from exercises.common.slots import unmarked
from exercises.printing import weasy
from exercises.printing.spoken import speak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pikepdf

STYLE_FILES = ("fonts.css", "style.css")
FIELD_FONT_SIZE = 11


@lru_cache
def style() -> str:
    """Read the style sheets of every page, as one text, with the page's measures put in."""
    sheets = "\n".join((templates.FOLDER / name).read_text(encoding="utf-8") for name in STYLE_FILES)
    return Template(sheets).substitute(metrics.named())


def write_pdf(
    html: str, *, forms: bool = False, keywords: tuple[str, ...] = (), spoken: Mapping[str, str] | None = None
) -> bytes:
    """Lay out a page made by `pages.rendering`, marked or not, and return the PDF.

    spoken: what screen readers say of signs, as for `spoken.speak`.

    The first PDF of a process also loads fonts and style sheets; later ones share them.
    Raises ByhandError where Pango is not installed.
    """
    with uncollected():
        document = laid_out(unmarked(html).replace(style(), "", 1), forms=forms)
        return finished(document.write_pdf(pdf_forms=forms, pdf_tags=True), keywords, spoken)


def laid_out(html: str, *, forms: bool = False) -> Any:
    """Lay out a page without its shared style sheets, which are parsed once for all pages: WeasyPrint's document."""
    engine = _engine()
    document = engine.page(html, f"{templates.FOLDER}/")
    return document.render(
        stylesheets=[engine.sheet], font_config=engine.fonts, pdf_forms=forms, pdf_tags=True
    )


def font_settings() -> Any:
    """Give the fonts of all pages, as WeasyPrint keeps them."""
    return _engine().fonts


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold off the garbage collector, which would search the many small boxes of a page again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Engine(NamedTuple):
    page: Callable[[str, str], Any]
    sheet: Any
    fonts: Any


@lru_cache
def _engine() -> _Engine:
    weasyprint, fonts = weasy.load(), weasy.font_configuration()
    plain = weasyprint.CSS(string=(templates.FOLDER / "html.css").read_text(encoding="utf-8"))
    sheet = weasyprint.CSS(string=style(), font_config=fonts, base_url=f"{templates.FOLDER}/")
    return _Engine(weasy.page_reader(plain), sheet, fonts)


def finished(raw: bytes, keywords: tuple[str, ...] = (), spoken: Mapping[str, str] | None = None) -> bytes:
    """Give the PDF its keywords and what is said of signs, and with form fields set in a font that every reader has."""
    import pikepdf

    with pikepdf.open(BytesIO(raw)) as pdf:
        if "/AcroForm" in pdf.Root:
            _plain_fields(pdf)
        if spoken:
            speak(pdf, spoken)
        if keywords:
            pdf.docinfo["/Keywords"] = ", ".join(keywords)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _plain_fields(pdf: pikepdf.Pdf) -> None:
    """Let fields use Helvetica, which every reader can type in, and drop the whole font embedded for them.

    WeasyPrint embeds the font of form fields complete; style.css gives them one that no text uses.
    """
    from pikepdf import Dictionary, Name, String

    helvetica = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    form = pdf.Root.AcroForm
    appearance = String(f"/Helv {FIELD_FONT_SIZE} Tf 0 g")
    replaced = {word for field in form.Fields for word in str(field.DA).split() if word.startswith("/")}
    form.DR, form.DA, form.NeedAppearances = Dictionary(Font=Dictionary(Helv=helvetica)), appearance, True
    for field in form.Fields:
        field.DA = appearance
    fonts = pdf.pages[0].Resources.Font
    for name in replaced & set(fonts.keys()):
        del fonts[name]
