"""Opening files that hold pictures of pages: PDFs page by page, photographs, and TIFFs of many pages.

Runs in the guarded process: it may take all its time or crash. Raises ValueError with one sentence.
"""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any

from grader.scans.libraries import library

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

MOST_PAGES = 2_000
MOST_PIXELS = 130_000_000  # of a photograph
MOST_BYTES = 250_000_000  # that its pixels take while they are made grey and small
_BYTES = {"L": 1, "1": 2, "P": 2, "RGB": 4, "CMYK": 4, "YCbCr": 4}  # of a pixel then
_OTHERWISE = 8  # of those with what is transparent, or of sixteen bits
_PROGRESSIVE = 6  # of a pixel of a JPEG that comes in several passes, however small it is wanted
LONGEST = 2_700  # pixels of a page's longer side that are looked at: A4 at 230 dots an inch
_SCAN_SHARE = 0.5  # of a page that a picture covers, if the page is a scan
_LOOKED_AT = 3  # pages of a PDF by which it is told whether it is a scan
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF", "MPO")


class OpenedFile:
    """A file of pictures, or a PDF; `count` pages of it can be asked for, from 1.

    pictures: whether its pages are pictures, not text that was printed into a PDF.
    """

    def __init__(self, data: bytes) -> None:
        self.pdf: Any = None
        self.image: Any = None
        if data.startswith(b"%PDF-"):
            self._open_pdf(data)
        else:
            self._open_image(data)

    def _open_pdf(self, data: bytes) -> None:
        pdfium = library("pypdfium2")
        try:
            self.pdf = pdfium.PdfDocument(data)
            self.count = len(self.pdf)
        except pdfium.PdfiumError as error:
            locked = "password" in str(error).lower()
            said = "the PDF is encrypted; save it without a password" if locked else "not a readable PDF"
            raise ValueError(said) from None
        self.pictures = any(self._is_scan(n) for n in range(min(self.count, _LOOKED_AT)))

    def _is_scan(self, number: int) -> bool:
        raw = library("pypdfium2.raw")
        page = self.pdf[number]
        wide, high = page.get_size()
        found = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        covered = 0.0
        for _, one in zip(range(50), found, strict=False):
            left, bottom, right, top = one.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
        return bool(covered > _SCAN_SHARE * wide * high)

    def _open_image(self, data: bytes) -> None:
        pillow = library("PIL.Image")
        pillow.MAX_IMAGE_PIXELS = MOST_PIXELS
        with suppress(ValueError):  # iPhones' photographs can be read where its library is there
            library("pillow_heif").register_heif_opener()
        try:
            pillow.init()
            known = [name for name in _FORMATS if name in pillow.OPEN]
            self.image = pillow.open(BytesIO(data), formats=known)
            self.count = int(getattr(self.image, "n_frames", 1))
        except (
            OSError,
            SyntaxError,
            pillow.DecompressionBombError,
            pillow.DecompressionBombWarning,
        ) as error:
            raise ValueError(_too_large(error) or "not a readable picture") from None
        if self.image.format in ("MPO", "HEIF", "WEBP", "PNG"):
            self.count = 1  # what else is in it are copies, depths or other frames of one photograph
        self.pictures = True

    def page(self, number: int) -> Grey:
        """A page in grey, turned as its file says. Raises ValueError with one sentence."""
        if not 1 <= number <= min(self.count, MOST_PAGES):
            raise ValueError(f"no page {number}")
        return self._pdf_page(number) if self.pdf is not None else self._image_page(number)

    def _pdf_page(self, number: int) -> Grey:
        pdfium = library("pypdfium2")
        try:
            page = self.pdf[number - 1]
            wide, high = page.get_size()
            if not (1 <= wide <= 20_000 and 1 <= high <= 20_000):  # noqa: PLR2004 - points, of a PDF's own limit
                raise ValueError("a page of a size that no paper has")
            bitmap = page.render(scale=LONGEST / max(wide, high), grayscale=True)
        except pdfium.PdfiumError:
            raise ValueError("this page cannot be read") from None
        found: Grey = bitmap.to_numpy().reshape(bitmap.height, bitmap.stride)[:, : bitmap.width].copy()
        return found

    def _image_page(self, number: int) -> Grey:
        np, pillow, turn = library("numpy"), library("PIL.Image"), library("PIL.ImageOps")
        try:
            self.image.seek(number - 1)
            grey = turn.exif_transpose(self._grey())
            grey.thumbnail((LONGEST, LONGEST), pillow.Resampling.BOX)
        except (OSError, SyntaxError, EOFError, pillow.DecompressionBombError) as error:
            raise ValueError(_too_large(error) or "the picture is damaged or cut off") from None
        found: Grey = np.asarray(grey, dtype=np.uint8)
        return found

    def _grey(self) -> Any:
        """The picture in grey, hardly larger than it is wanted, and how it is turned. Raises ValueError."""
        image = self.image
        pixels = image.width * image.height
        image.draft("L", (LONGEST, LONGEST))
        taken = image.width * image.height * _BYTES.get(image.mode, _OTHERWISE)
        if image.info.get("progressive"):
            taken = max(taken, pixels * _PROGRESSIVE)
        if pixels > MOST_PIXELS or taken > MOST_BYTES:
            raise ValueError(
                f"of {pixels // 1_000_000} million pixels, which is too large; scan or save it smaller"
            )
        times = max(1, max(image.size) // LONGEST)
        if image.mode in ("1", "P", "PA"):  # which cannot be made smaller as they are
            image = _flat(image).convert("L")
        small = image.reduce(times) if times > 1 and not image.mode.startswith("I") else image
        return _flat(small).convert("L")


def _flat(image: Any) -> Any:
    """A picture without what is transparent: that is paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        own = image.convert("RGBA")
        white = library("PIL.Image").new("RGBA", own.size, "white")
        white.alpha_composite(own)
        return white.convert("RGB")
    if image.mode.startswith("I"):  # sixteen bits, as some scanners have
        return image.point(lambda v: v / 256).convert("L")
    return image


def _too_large(error: Exception) -> str:
    return (
        f"larger than {MOST_PIXELS // 1_000_000} million pixels"
        if "DecompressionBomb" in type(error).__name__
        else ""
    )
