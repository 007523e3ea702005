"""Finding a printed page in a picture: its corner marks and its code, and the page laid flat.

Runs in the guarded process. The page comes out at `SCALE` pixels a millimetre, whatever way up it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.paper import codes
from grader.scans.libraries import cv, library

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]
    Points = NDArray[np.float64]

SCALE = 8  # pixels of a page laid flat in a millimetre of paper
SIZES = ((210.0, 297.0), (215.9, 279.4))  # A4 and Letter
_CORNERS = ("upper left", "upper right", "lower right", "lower left")
_ENOUGH = 3  # of the four marks and the code, to lay a page flat
_BENT = 2.5  # millimetres by which marks may be out of place before a page is refused
_INK = 0.0015  # of a page's pixels are dark, if anything is on it


@dataclass(frozen=True, slots=True, eq=False)
class FoundPage:
    """What was found in a picture of a page.

    content: what its QR code says; empty if none could be read.
    flat:    uint8, (height, width): the page laid flat; None if its marks were not found.
    size:    of the paper, in millimetres.
    blank:   whether nothing is on it, such as the back of a sheet.
    note:    why it could not be laid flat or told, half a sentence.
    """

    content: str = ""
    flat: Grey | None = None
    size: tuple[float, float] = SIZES[0]
    blank: bool = False
    note: str = ""


def find(picture: Grey) -> FoundPage:
    """Find the page in a grey picture."""
    marks = _marks(picture)
    read: tuple[str, Points] | None = None
    if len(marks) < len(_CORNERS):
        read = _code(picture)
    if len(marks) + (read is not None) < _ENOUGH or not _wide(marks):
        return _not_found(picture, marks, read)
    size, matrix, error = min((_laid(marks, read, size) for size in SIZES), key=lambda found: found[2])
    if error > _BENT:
        return FoundPage(content=read[0] if read else "", note="the page is bent too much; lay it flat")
    shape = round(size[0] * SCALE), round(size[1] * SCALE)
    flat = cv().warpPerspective(picture, matrix, shape, flags=cv().INTER_LINEAR, borderValue=255)
    content = read[0] if read else _code_on(flat, size) or (_code(picture) or ("",))[0]
    note = "" if content else "its code could not be read"
    return FoundPage(content, flat, size, note=note)


def _wide(marks: dict[int, Points]) -> bool:
    """Whether two of the marks stand at opposite corners: what lies between is then certain."""
    return any(n in marks and (n + 2) % len(_CORNERS) in marks for n in marks)


# --- marks ---


@lru_cache
def _detector() -> Any:
    """Detects our four marks and no others."""
    aruco = cv().aruco
    known = aruco.getPredefinedDictionary(aruco.DICT_4X4_50)
    own = aruco.Dictionary(known.bytesList[: len(_CORNERS)], known.markerSize, 1)
    settings = aruco.DetectorParameters()
    settings.minMarkerPerimeterRate = 0.02
    settings.adaptiveThreshWinSizeMax = 43
    settings.cornerRefinementMethod = aruco.CORNER_REFINE_SUBPIX
    return aruco.ArucoDetector(own, settings)


def _marks(picture: Grey) -> dict[int, Points]:
    """The corners of each mark, clockwise from its own upper left; looked for in a small picture first."""
    cv2 = cv()
    best: dict[int, Points] = {}
    for shrunk, soft in ((0.5, False), (1.0, False), (1.0, True)):
        small = (
            picture
            if shrunk == 1
            else cv2.resize(picture, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
        )
        if soft:
            small = cv2.createCLAHE(3.0, (8, 8)).apply(cv2.GaussianBlur(small, (0, 0), 1.2))
        found = {n: quad / shrunk for n, quad in _detected(small).items()}
        best = {**found, **best}
        if len(best) == len(_CORNERS):
            break
    return {n: _refined(picture, quad) for n, quad in best.items()}


def _detected(picture: Grey) -> dict[int, Points]:
    quads, numbers, _ = _detector().detectMarkers(picture)
    found: dict[int, Points] = {}
    for quad, number in zip(quads, [] if numbers is None else numbers.ravel(), strict=True):
        corners = quad[0].astype(np.float64)
        if int(number) not in found or _area(corners) > _area(found[int(number)]):
            found[int(number)] = corners
    return found


def _refined(picture: Grey, quad: Points) -> Points:
    """Corners to parts of a pixel, in the full picture."""
    side = np.sqrt(_area(quad))
    half = int(min(max(side / 10, 2), 8))
    corners = (quad + 0.0).astype(np.float32).reshape(-1, 1, 2)
    if not ((quad > half + 2).all() and (quad < np.array(picture.shape[::-1]) - half - 2).all()):
        return quad
    fine = cv().cornerSubPix(picture, corners, (half, half), (-1, -1), (3, 30, 0.02)).reshape(-1, 2)
    return np.where(np.abs(fine - quad).max() < half, fine, quad).astype(np.float64)


def _area(quad: Points) -> float:
    return float(abs(cv().contourArea(quad.astype(np.float32))))


# --- the page laid flat ---


def _laid(
    marks: dict[int, Points], code: tuple[str, Points] | None, size: tuple[float, float]
) -> tuple[tuple[float, float], Any, float]:
    """The way from the picture to paper of a size, and by how many millimetres it misses what was found."""
    boxes = codes.mark_boxes(size)
    pairs = [(quad, boxes[n]) for n, quad in marks.items()]
    if code is not None:
        pairs.append((code[1], codes.code_box(size)))
    there = np.concatenate([quad for quad, _ in pairs])
    here = np.concatenate([_edges(box) for _, box in pairs])
    matrix, _ = cv().findHomography(there, here * SCALE)
    if matrix is None:
        return size, None, float("inf")
    back = cv().perspectiveTransform(there.reshape(-1, 1, 2), matrix).reshape(-1, 2) / SCALE
    return size, matrix, float(np.sqrt(((back - here) ** 2).sum(axis=1).mean()))


def _edges(box: tuple[float, float, float, float]) -> Points:
    x, y, wide, high = box
    return np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]])


# --- the code ---


def _code(picture: Grey) -> tuple[str, Points] | None:
    """One of our codes anywhere in a picture: what it says, and its corners, clockwise from its own upper left."""
    for one in library("zxingcpp").read_barcodes(picture, formats=library("zxingcpp").BarcodeFormat.QRCode):
        if codes.page_code(one.text) or one.text == codes.COVER:
            at = one.position
            corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            return one.text, np.array([[p.x, p.y] for p in corners], dtype=np.float64)
    return None


def _code_on(flat: Grey, size: tuple[float, float]) -> str:
    """What the code of a page laid flat says; sharpened step by step until it can be read."""
    cv2 = cv()
    x, y, side, _ = codes.code_box(size)
    near = 4.0
    rows = slice(int((y - near) * SCALE), int((y + side + near) * SCALE))
    crop = flat[rows, int((x - near) * SCALE) : int((x + side + near) * SCALE)]
    large = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), 4)
    sharp = cv2.addWeighted(large, 2.5, soft, -1.5, 0)
    sharper = cv2.addWeighted(large, 5.0, cv2.GaussianBlur(large, (0, 0), 6), -4.0, 0)
    _, hard = cv2.threshold(cv2.GaussianBlur(large, (0, 0), 1.5), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for tried in (crop, large, sharp, sharper, hard):
        if (found := _code(tried)) is not None:
            return found[0]
    return ""


# --- pages that are not found ---


def _not_found(picture: Grey, marks: dict[int, Points], read: tuple[str, Points] | None) -> FoundPage:
    """Why a page was not found; a back without anything on it is blank."""
    content = read[0] if read else ""
    if not marks and not content:
        if _is_blank(picture):
            return FoundPage(blank=True)
        return FoundPage(note=f"no page of byhand is to be seen on it{_fault(picture)}")
    missing = [_CORNERS[n] for n in range(len(_CORNERS)) if n not in marks]
    several = "marks" if len(missing) > 1 else "mark"
    at = ", ".join(missing[:-1]) + (" and " if len(missing) > 1 else "") + missing[-1]
    return FoundPage(content, note=f"the corner {several} at the {at} cannot be seen{_fault(picture)}")


def _is_blank(picture: Grey) -> bool:
    """Whether nothing is on a page: hardly a pixel is much darker than what is around it."""
    cv2 = cv()
    small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    inner = small[small.shape[0] // 25 : -small.shape[0] // 25, small.shape[1] // 25 : -small.shape[1] // 25]
    if not inner.size or inner.mean() < 90:  # noqa: PLR2004 - a photograph of the dark
        return False
    around = cv2.blur(inner, (41, 41)).astype(np.int16)
    return bool((around - inner > 25).mean() < _INK)  # noqa: PLR2004 - greys; what shines through from the other side is fainter


def _fault(picture: Grey) -> str:
    """What is wrong with a picture, if that can be told: dark, in a part or wholly, or blurred."""
    light = [float(np.percentile(part, 90)) for part in _quarters(picture)]
    if max(light) < 80:  # noqa: PLR2004 - grey levels
        return "; it is too dark"
    darkest = int(np.argmin(light))
    if light[darkest] < 0.45 * max(light):
        return f"; it is too dark at the {_CORNERS[darkest]}"
    small = cv().resize(picture, (900, max(1, 900 * picture.shape[0] // picture.shape[1])))
    blurred = cv().Laplacian(small, cv().CV_64F).var() < 60  # noqa: PLR2004 - far below any sharp page
    return "; it is blurred" if blurred else ""


def _quarters(picture: Grey) -> list[Grey]:
    """Upper left, upper right, lower right, lower left."""
    y, x = picture.shape[0] // 2, picture.shape[1] // 2
    return [picture[:y, :x], picture[:y, x:], picture[y:, x:], picture[y:, :x]]
