"""Numbers that go through all pages of a booklet, printed over pages that have none of their own."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from exercises.printing.pdf import style, write_pdf

if TYPE_CHECKING:
    import pikepdf


ABOVE = (
    "@page { @bottom-right { content: none } "
    '@top-right { content: counter(page) " of " counter(pages) " in this file"; vertical-align: middle } }'
)


def number_pages(bound: pikepdf.Pdf, papers: list[str], *, above: bool = False) -> None:
    """Print “page 3 of 14” at the foot of each page but the first, which is the cover.

    papers: of each page the paper, as `metrics.PAGE` calls it, which says where its foot is.
    above: print “3 of 14 in this file” at the head of every page instead, where the foot has the sheet's own number.
    """
    import pikepdf

    shown: dict[str, list[Any]] = {}
    for paper in set(papers):
        with pikepdf.open(BytesIO(_numbers(len(papers), paper, ABOVE if above else ""))) as source:
            shown[paper] = [
                bound.copy_foreign(page.as_form_xobject()) if paper == own else None
                for page, own in zip(source.pages, papers, strict=True)
            ]
    for number, (page, paper) in enumerate(zip(bound.pages, papers, strict=True)):
        if number or above:
            own = pikepdf.Name(f"/PageNumber{number}")  # pages of a sheet share their resources
            name = page.add_resource(shown[paper][number], pikepdf.Name.XObject, own)
            page.contents_add(bound.make_stream(b"q"), prepend=True)
            page.contents_add(bound.make_stream(f"Q /Artifact BMC {name} Do EMC".encode()))
            page.contents_coalesce()


@lru_cache(maxsize=16)
def _numbers(count: int, paper: str, place: str) -> bytes:
    """So many empty pages, each with its number."""
    pages = "<p class='next'></p>" * (count - 1)
    head = f"<title>Page numbers</title><style>{style()}</style><style>{place}</style>"
    return write_pdf(
        f'<!DOCTYPE html><html lang="en"><head>{head}</head>'
        f'<body class="{paper}"><p></p>{pages}</body></html>'
    )
