"""From a page's HTML to a PDF: tagged, titled, with form fields that any reader can fill in."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import templates
from exercises.errors import ByhandError

if TYPE_CHECKING:
    import pikepdf

STYLE_FILES = ("fonts.css", "style.css")
FIELD_FONT_SIZE = 11
_NO_PANGO = (
    "byhand cannot make PDFs here because Pango or HarfBuzz is missing; install them with "
    "`apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`, or the like on your system"
)


@lru_cache
def style() -> str:
    """Read the style sheets of every page, as one text."""
    return "\n".join((templates.FOLDER / name).read_text(encoding="utf-8") for name in STYLE_FILES)


def write_pdf(html: str, *, forms: bool = False, keywords: tuple[str, ...] = ()) -> bytes:
    """Lay out a page made by `page.render` and return the PDF.

    The first PDF of a process also loads fonts and style sheets; later ones share them.
    Raises ByhandError where Pango is not installed.
    """
    weasyprint, sheet, fonts = _engine()
    body = html.replace(style(), "", 1)  # parsed once for all pages instead
    document = weasyprint.HTML(string=body, base_url=f"{templates.FOLDER}/")
    raw = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_forms=forms, pdf_tags=True)
    return _finished(raw, keywords)


@lru_cache
def _engine() -> tuple[Any, Any, Any]:
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except OSError:
        raise ByhandError(_NO_PANGO) from None
    fonts = FontConfiguration()
    base = f"{templates.FOLDER}/"
    return weasyprint, weasyprint.CSS(string=style(), font_config=fonts, base_url=base), fonts


def _finished(raw: bytes, keywords: tuple[str, ...]) -> bytes:
    """Give the PDF its keywords, and with form fields set in a font that every reader has."""
    import pikepdf

    with pikepdf.open(BytesIO(raw)) as pdf:
        if "/AcroForm" in pdf.Root:
            _plain_fields(pdf)
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
