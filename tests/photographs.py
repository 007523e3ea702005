"""Sheets for paper written on, scanned and photographed, for tests: plain lettering in cells, bent paper, shade, noise."""

import io

import cv2
import numpy as np
import pypdfium2
from PIL import Image

DPI_SCALE = 9  # pixels in a millimetre of a page as printed


def printed(pdf, scale=DPI_SCALE):
    """Each page of a PDF in grey."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            page.render(scale=scale * 25.4 / 72, grayscale=True).to_numpy().squeeze().copy()
            for page in document
        ]


def write(pages, where, answers, scale=DPI_SCALE):
    """Write numbers into the cells of pages, in a plain hand; each answer is a text such as -0.0122."""
    for name, text in answers.items():
        own = where["cells"][name]
        picture = pages[own["page"] - 1]
        sign = "-" if text.startswith("-") else ""
        number, _, power = text.removeprefix("-").partition("e")
        whole, _, places = number.partition(".")
        if sign:
            _letter(picture, "-", own["sign"], scale)
        for figure, box in zip(reversed(whole), reversed(own["whole"]), strict=False):
            _letter(picture, figure, box, scale)
        for figure, box in zip(places, own["places"], strict=False):
            _letter(picture, figure, box, scale)
        if power:
            raised = ("-" if power.startswith("-") else " ") + power.removeprefix("-").rjust(
                len(own["power"]) - 1
            )
            for figure, box in zip(raised, own["power"], strict=True):
                _letter(picture, figure, box, scale)
    return pages


def _letter(picture, figure, box, scale):
    x, y, wide, high = (v * scale for v in box)
    size = 0.62 * high / 22
    (w, h), _ = cv2.getTextSize(figure, cv2.FONT_HERSHEY_SIMPLEX, size, 3)
    at = round(x + (wide - w) / 2), round(y + (high + h) / 2)
    cv2.putText(picture, figure, at, cv2.FONT_HERSHEY_SIMPLEX, size, 40, 3, cv2.LINE_AA)


def tick(pages, where, name, scale=DPI_SCALE):
    """Tick the box of an answer."""
    own = where["cells"][name]
    x, y, wide, high = (round(v * scale) for v in own["look"])
    cv2.line(pages[own["page"] - 1], (x + 5, y + high // 2), (x + wide // 2, y + high - 6), 40, 3)
    cv2.line(pages[own["page"] - 1], (x + wide // 2, y + high - 6), (x + wide, y - 4), 40, 3)


def photograph(page, *, bend=1.0, seed=0, shade=0.5, blur=1.0, turn=0, size=1900):
    """A photograph of a page: bent by so many millimetres, askew, in the shade, blurred; as grey pixels."""
    rng = np.random.default_rng(seed)
    high, wide = page.shape
    yy, xx = np.mgrid[0:high, 0:wide].astype(np.float32)
    by = bend * DPI_SCALE
    page = cv2.remap(
        page,
        xx + (0.4 * by * np.sin(yy / high * np.pi)).astype(np.float32),
        yy + (by * np.sin(xx / wide * np.pi)).astype(np.float32),
        cv2.INTER_LINEAR,
        borderValue=255,
    )
    desk = np.full((high + 600, wide + 600), 90, np.uint8)
    desk[300 : 300 + high, 300 : 300 + wide] = page
    there = np.float32([[300, 300], [300 + wide, 300], [300 + wide, 300 + high], [300, 300 + high]])
    moved = there + rng.uniform(-140, 140, (4, 2)).astype(np.float32)
    seen = cv2.warpPerspective(
        desk, cv2.getPerspectiveTransform(there, moved), desk.shape[::-1], borderValue=90
    )
    scale = size / seen.shape[1]
    seen = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = np.linspace(1, shade, seen.shape[1])[None] * np.linspace(1, 0.85, seen.shape[0])[:, None]
    seen = (seen * dark + rng.normal(0, 4, seen.shape)).clip(0, 255)
    seen = cv2.GaussianBlur(seen.astype(np.uint8), (0, 0), blur)
    return np.rot90(seen, turn).copy()


def as_file(pages, form="JPEG", quality=60):
    """Pages as a file: a picture, a TIFF of several, or a PDF of scans."""
    images = [Image.fromarray(page) for page in pages]
    out = io.BytesIO()
    if form == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
        images[0].convert("RGB").save(out, "HEIF", quality=quality)
    elif form in ("PDF", "TIFF"):
        more = {"resolution": 25.4 * DPI_SCALE} if form == "PDF" else {"compression": "tiff_deflate"}
        images[0].save(out, form, save_all=True, append_images=images[1:], **more)
    else:
        images[0].save(out, form, quality=quality)
    return out.getvalue()
