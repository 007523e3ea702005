"""Pictures and scans that cost: bombs, endless pages, patterns full of what looks like marks, sizes that are lies."""

from __future__ import annotations

import io
import struct
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
from PIL import Image
from pillow_heif import register_heif_opener

from answer_keys.problems import load
from answer_keys.solution import solve
from exercises.paper.sheet import paper_sheet

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

A4 = (2480, 1754)  # pixels at 210 dots an inch
SIDES = (8_000, 11_000, 20_000)
MODES = ("1", "L", "RGB", "RGBA", "LA", "P", "I;16", "CMYK")


@lru_cache
def sheet() -> tuple[tuple[Grey, ...], dict[str, Any]]:
    """The pages of a sheet for paper with right answers written on, and where everything lies on it."""
    from tests import photographs

    problem = load("huddar-1")
    made = paper_sheet(problem)
    solution = solve(problem)
    answers = {
        q.name: solution.shown(q).replace("−", "-") for q in solution.values if q.name in made.where["cells"]
    }
    pages = photographs.write(photographs.printed(made.pdf), made.where, answers)
    small = [np.asarray(Image.fromarray(page).resize(A4[::-1])) for page in pages]
    return tuple(small), made.where


def saved(pages: list[Image.Image], form: str, **options: object) -> bytes:
    """Pictures as a file."""
    out = io.BytesIO()
    first, *more = (page.copy() for page in pages)  # what was saved remembers how
    if more:
        options |= {"save_all": True, "append_images": more}
    first.save(out, form, **options)
    return out.getvalue()


@lru_cache
def good() -> dict[str, list[tuple[str, bytes]]]:
    """Good files of each form of pictures."""
    register_heif_opener()
    pages = [Image.fromarray(page) for page in sheet()[0]]
    black = [page.convert("1") for page in pages]
    return {
        "jpeg": [(".jpg", saved([page], "JPEG", quality=60)) for page in pages],
        "png": [(".png", saved([page], "PNG")) for page in (*black, pages[0])],
        "tiff": [
            (".tif", saved(black, "TIFF", compression="group4")),
            (".tif", saved(pages, "TIFF", compression="tiff_deflate")),
        ],
        "webp": [(".webp", saved([page], "WEBP", quality=60)) for page in pages],
        "heic": [(suffix, saved([pages[0]], "HEIF", quality=60)) for suffix in (".heic", ".heif")],
        "scan pdf": [
            (".pdf", saved(pages, "PDF", resolution=210)),
            (".pdf", saved(black, "PDF", resolution=210)),
        ],
    }


def pattern(rng: random.Random) -> Image.Image:
    """A page of what looks like marks or codes, or of noise."""
    high, wide = A4
    own = np.random.default_rng(rng.randrange(2**32))
    cell = rng.choice((1, 2, 3, 8, 20, 60))
    some = own.integers(0, 2, (high // cell + 1, wide // cell + 1), np.uint8)
    match rng.randrange(5):
        case 0:
            some[::2] = 0
        case 1:
            some[:, ::2] = some[::2] = 1
        case 2:
            some = np.indices(some.shape).sum(axis=0).astype(np.uint8) % 2
        case 3:
            page = sheet()[0][0]
            corner = page[: high // 8, : wide // 8]
            return Image.fromarray(np.tile(corner, (8, 8)))
        case _:
            pass
    return Image.fromarray(np.kron(some, np.ones((cell, cell), np.uint8))[:high, :wide] * 255)


@lru_cache(maxsize=8)
def bomb(mode: str, side: int, form: str, *, turned: bool) -> bytes:
    """A picture of one colour and very many pixels: a few kilobytes that are hundreds of megabytes."""
    image = Image.new(mode, (side, side))
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6
    if form == "TIFF":
        return saved([image], form, compression="tiff_deflate", exif=exif)
    return saved([image], form, exif=exif)


def forged(data: bytes, rng: random.Random) -> bytes:
    """A PNG that says it is of another size than it is."""
    head = (
        struct.pack(">II", *(rng.choice((0, 1, 11_000, 20_000, 2**31 - 1)) for _ in range(2))) + data[24:29]
    )
    checked = b"IHDR" + head
    return data[:12] + checked + struct.pack(">I", zlib.crc32(checked)) + data[33:]


def chunks(rng: random.Random) -> bytes:
    """A PNG with a packed text of many megabytes, or very many small ones."""
    data = good()["png"][0][1]
    many = rng.choice((1, 50, 20_000))
    text = zlib.compress(b"a" * (rng.choice((1, 100)) * 1_000_000 // many), 9)
    body = b"zTXt" + b"k\0\0" + text
    one = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + one * many + data[33:]


def png(rng: random.Random) -> bytes:
    """A PNG that costs."""
    made: tuple[Callable[[], bytes], ...] = (
        lambda: bomb(rng.choice(MODES[:7]), rng.choice(SIDES), "PNG", turned=rng.random() < 0.3),
        lambda: forged(good()["png"][0][1], rng),
        lambda: chunks(rng),
        lambda: saved([pattern(rng)], "PNG"),
    )
    return rng.choice(made)()


def jpeg(rng: random.Random) -> bytes:
    """A JPEG that costs."""
    made: tuple[Callable[[], bytes], ...] = (
        lambda: bomb(rng.choice(("L", "RGB", "CMYK")), rng.choice(SIDES), "JPEG", turned=rng.random() < 0.3),
        lambda: saved([pattern(rng)], "JPEG", quality=50, progressive=rng.random() < 0.5),
        lambda: saved([pattern(rng)], "JPEG", quality=50).replace(
            struct.pack(">HH", *A4), struct.pack(">HH", 65_500, 65_500), 1
        ),
    )  # fmt: skip
    return rng.choice(made)()


def webp(rng: random.Random) -> bytes:
    """A WebP that costs: very large, or of very many pictures."""
    made: tuple[Callable[[], bytes], ...] = (
        lambda: bomb(rng.choice(("RGB", "RGBA")), rng.choice((8_000, 16_000)), "WEBP", turned=rng.random() < 0.3),
        lambda: saved([Image.new("RGB", (1_000, 1_000), (n, n, n)) for n in range(rng.choice((2, 60)))], "WEBP"),
        lambda: saved([pattern(rng)], "WEBP", quality=50),
    )  # fmt: skip
    return rng.choice(made)()


def heic(rng: random.Random) -> bytes:
    """A HEIC that costs: very large, of several pictures, or of a size that is a lie."""
    small = Image.new("RGB", (64, 64))
    made: tuple[Callable[[], bytes], ...] = (
        lambda: bomb("RGB", rng.choice((4_000, 8_000)), "HEIF", turned=rng.random() < 0.3),
        lambda: saved([small] * rng.choice((2, 200)), "HEIF"),
        lambda: saved([pattern(rng)], "HEIF", quality=50),
        lambda: saved([small], "HEIF").replace(struct.pack(">II", 64, 64), struct.pack(">II", 40_000, 40_000)),
    )  # fmt: skip
    return rng.choice(made)()


def tiff(rng: random.Random) -> bytes:
    """A TIFF that costs: very large, of very many pages, or of pages in a circle."""
    made: tuple[Callable[[], bytes], ...] = (
        lambda: bomb(rng.choice(MODES[:4]), rng.choice(SIDES), "TIFF", turned=rng.random() < 0.3),
        lambda: directories(rng),
        lambda: saved([pattern(rng) for _ in range(rng.randrange(1, 4))], "TIFF", compression="tiff_lzw"),
    )  # fmt: skip
    return rng.choice(made)()


def directories(rng: random.Random) -> bytes:
    """A TIFF of very many small pages, the last of which may be followed by the first."""
    many = rng.choice((1, 50, 3_000, 100_000))
    wide, high = rng.choice(((1, 1), (20_000, 20_000), (1, 130_000_000), (11_000, 11_000)))
    size = 2 + 6 * 12 + 4
    out = [b"II*\0", struct.pack("<I", 8)]
    for n in range(many):
        after = 8 + (n + 1) * size
        entries = ((256, 4, wide), (257, 4, high), (258, 3, 8), (262, 3, 1), (273, 4, 8), (279, 4, 8))
        out.append(struct.pack("<H", len(entries)))
        out += [struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries]
        out.append(struct.pack("<I", after if n < many - 1 else rng.choice((0, 8))))
    return b"".join(out)


def locked(rng: random.Random) -> bytes:
    """A good scan under a password; or one that opens without, though it is encrypted."""
    _, data = rng.choice(good()["scan pdf"])
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            out, encryption=pikepdf.Encryption(owner="o", user=rng.choice(("", "u")), R=rng.choice((4, 6)))
        )
    return out.getvalue()


def scan(rng: random.Random) -> bytes:
    """A PDF that costs: very large pictures, many pages of one, forms in forms, very large pages; or under a password."""
    if rng.random() < 0.1:
        return locked(rng)
    pdf = pikepdf.new()
    picture = _picture(pdf, rng)
    side = rng.choice((595, 595, 14_400, 10**7, 1))
    deep = rng.choice((0, 0, 3, 25))
    content = b"q %d 0 0 %d 0 0 cm /A Do Q" % (side, side)
    shown, name = picture, "A"
    for _ in range(deep):  # each is drawn ten times by the next
        form = pdf.make_stream(b"/A Do " * 10)
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, side, side]
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=shown))
        shown = form
    for _ in range(rng.choice((1, 1, 3, 100, 3_000))):
        page = pdf.add_blank_page(page_size=(200, 200))
        page.MediaBox = [0, 0, side, side]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({f"/{name}": shown}))
        page.Contents = pdf.make_stream(content)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def _picture(pdf: pikepdf.Pdf, rng: random.Random) -> pikepdf.Stream:
    """A picture in a PDF: one colour, or a pattern."""
    side, bits = rng.choice(((2_000, 8), (11_000, 8), (20_000, 1), (30_000, 1)))
    if rng.random() < 0.5:
        page = pattern(rng)
        data, wide, high, bits = page.tobytes(), *page.size, 8
    else:
        data, wide, high = bytes(side * side * bits // 8), side, side
    picture = pdf.make_stream(zlib.compress(data))
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = wide, high, bits
    picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.FlateDecode
    return picture


COSTLY = {"png": png, "jpeg": jpeg, "tiff": tiff, "webp": webp, "heic": heic, "scan pdf": scan}
