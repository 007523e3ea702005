"""Draws a character into a cell as training sees it: pens, hands, printed frames, scanners and cameras, all by chance.

Lengths are millimetres of paper; the window of a cell is 6 mm wide and 9 mm high, its picture 32 by 48 pixels.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

HIGH, WIDE, WINDOW = 48, 32, (9.0, 6.0)
FINE = 12.0  # pixels a millimetre while drawing
SHAPE = (108, 72)
DIGITS = "0123456789"
PHOTOS = 0.35  # of all pictures are photographs, out of focus by all degrees
CLASSES = (*DIGITS, "-", "+", "empty", "scratched", "other")


def smoothed(stroke: np.ndarray, rounds: int = 2) -> np.ndarray:
    """A stroke with its corners cut (Chaikin), since some tablets were coarse."""
    for _ in range(rounds if len(stroke) > 2 else 0):
        inner = np.empty((2 * len(stroke) - 2, 2), np.float32)
        inner[0::2] = 0.75 * stroke[:-1] + 0.25 * stroke[1:]
        inner[1::2] = 0.25 * stroke[:-1] + 0.75 * stroke[1:]
        stroke = np.vstack([stroke[:1], inner, stroke[-1:]])
    return stroke


def chance(rng: np.random.Generator, p: float) -> bool:
    """True with probability p."""
    return bool(rng.random() < p)


def bent(rng: np.random.Generator, strokes: list[np.ndarray]) -> list[np.ndarray]:
    """The strokes turned, slanted, stretched and bent a little, as another day's hand would."""
    turn, slant, tall = rng.normal(0, 0.09), rng.normal(0, 0.15), np.exp(rng.normal(0, 0.15))
    if chance(rng, 0.06):
        tall *= np.exp(rng.uniform(-0.45, 0.35))
    c, s = np.cos(turn), np.sin(turn)
    matrix = np.array([[c, -s], [s, c]]) @ np.array([[1 / tall, slant], [0, tall]])
    wave, push, phase = rng.uniform(1.5, 6, (2, 2)), rng.normal(0, 0.038, (2, 2)), rng.uniform(0, 6.3, (2, 2))
    apart = 0.03 if len(strokes) > 1 else 0.0  # where the pen was lifted it comes down a little elsewhere
    done = []
    for stroke in strokes:
        p = (stroke + rng.normal(0, apart, 2)) @ matrix.T if apart else stroke @ matrix.T
        for k in range(2):
            p = p + push[k] * np.sin(wave[k] * p[:, [1, 0]] + phase[k])
        done.append(p)
    return done


def slash(rng: np.random.Generator) -> list[np.ndarray]:
    """What some hands draw through a 0: in a square of side 1, y upwards."""
    kind, over = rng.random(), rng.uniform(-0.2, 0.4, 2)
    if kind < 0.08:
        spot = rng.uniform(0.4, 0.6, 2)
        return [np.array([spot, spot + rng.normal(0, 0.04, 2)])]
    if kind < 0.5:
        ends = np.array([[-over[0], -over[0]], [1 + over[1], 1 + over[1]]])
    elif kind < 0.58:
        ends = np.array([[-over[0], 1 + over[0]], [1 + over[1], -over[1]]])
    elif kind < 0.92:
        ends = np.array([[-over[0], rng.uniform(0.35, 0.65)], [1 + over[1], rng.uniform(0.35, 0.65)]])
    else:
        ends = np.array([[rng.uniform(0.35, 0.65), -over[0]], [rng.uniform(0.35, 0.65), 1 + over[1]]])
    return [ends + rng.normal(0, 0.05, (2, 2))]


def serif(rng: np.random.Generator) -> list[np.ndarray]:
    """A foot, or a foot and an upstroke, of a 1 that is narrow: widths are those of the stroke."""
    half = rng.uniform(0.6, 1.6)
    foot = np.array([[0.4 - half, rng.normal(0, 0.03)], [0.4 + half, rng.normal(0, 0.03)]])
    if chance(rng, 0.4):
        return [foot]
    flag = np.array([[0.6 - rng.uniform(0.6, 2.0), 1 - rng.uniform(0.12, 0.45)], [0.7, 1.0]])
    return [foot, flag] if chance(rng, 0.5) else [flag]


def bar(rng: np.random.Generator) -> list[np.ndarray]:
    """What is drawn through a 7."""
    y, half = rng.uniform(0.35, 0.6), rng.uniform(0.3, 0.6)
    return [np.array([[0.5 - half, y + rng.normal(0, 0.06)], [0.5 + half, y + rng.normal(0, 0.06)]])]


def placed(rng: np.random.Generator, strokes: list[np.ndarray], label: str) -> list[np.ndarray]:
    """The strokes in millimetres within the window, y downwards, at a size and place by chance."""
    whole = np.vstack(strokes)
    low, high = whole.min(axis=0), whole.max(axis=0)
    size = float(np.clip(np.exp(rng.normal(np.log(4.5), 0.22)), 2.0, 7.6))
    if chance(rng, 0.12):
        size = rng.uniform(1.8, 3.2)
    spot = np.array([3.0 + rng.normal(0, 0.45), 4.5 + rng.normal(0, 0.5)])
    if label in ".,":
        spot += [rng.normal(0, 0.7), rng.uniform(0.5, 2.6)]
    tall = (high - low)[1] * size
    if label in DIGITS and tall > 8.2:
        size *= 8.2 / tall
    middle = (low + high) / 2
    return [(s - middle) * [size, -size] + spot for s in strokes]


def breadth(rng: np.random.Generator) -> float:
    """How wide a pen is in millimetres; one in eight is a felt pen."""
    if chance(rng, 0.12):
        return float(rng.uniform(0.7, 1.15))
    return float(np.clip(np.exp(rng.normal(np.log(0.45), 0.33)), 0.18, 1.2))


def line(mask: np.ndarray, points: np.ndarray, width: float, ink: int = 255) -> None:
    """Draw one stroke, millimetres, with a round pen of a width in millimetres."""
    where = np.round(points * (FINE * 16)).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(
        mask,
        [where],
        isClosed=False,
        color=ink,
        thickness=max(1, round(width * FINE)),
        lineType=cv2.LINE_AA,
        shift=4,
    )


def inked(rng: np.random.Generator, strokes: list[np.ndarray], width: float) -> np.ndarray:
    """The mask, 0 to 255, of strokes drawn with a pen: steady, or now broad and now thin."""
    mask = np.zeros(SHAPE, np.uint8)
    tall = max(float(np.ptp(s[:, 1])) for s in strokes)
    width = min(width, max(0.25, 0.24 * tall)) if tall > 0.8 else width
    uneven = chance(rng, 0.3)
    for one in strokes:
        stroke = one if len(one) > 1 else np.vstack([one, one + 0.05])
        if not uneven:
            line(mask, stroke, width)
            continue
        pieces = max(2, min(8, len(stroke) // 6))
        cuts = np.linspace(0, len(stroke) - 1, pieces + 1).astype(int)
        for a, b in pairwise(cuts):
            line(mask, stroke[a : b + 1], width * float(np.clip(rng.normal(1, 0.25), 0.4, 1.6)))
    return mask


def from_picture(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """The mask of a digit that is known as a picture only (28 by 28, ink 255), at a size and place by chance."""
    rows, columns = np.nonzero(picture.max(axis=1) > 40)[0], np.nonzero(picture.max(axis=0) > 40)[0]
    box = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    tall = float(np.clip(np.exp(rng.normal(np.log(4.6), 0.2)), 2.4, 7.6))
    scale = tall * FINE / max(box.shape[0], 0.75 * box.shape[1])
    wide = scale * np.exp(rng.normal(0, 0.13))
    if chance(rng, 0.10):  # stretched to a square, as some collections of bitmaps are
        wide = scale * np.clip(box.shape[0] / box.shape[1], 0.5, 2.2) * rng.uniform(0.7, 1.0)
    turn, slant = rng.normal(0, 0.09), rng.normal(0, 0.13)
    c, s = np.cos(turn), np.sin(turn)
    matrix = np.array([[c, -s], [s, c]]) @ np.array([[wide, slant * scale], [0, scale]])
    spot = np.array([3.0 + rng.normal(0, 0.4), 4.5 + rng.normal(0, 0.45)]) * FINE
    shift = spot - matrix @ (np.array(box.shape[::-1]) / 2)
    mask = cv2.warpAffine(box, np.column_stack([matrix, shift]), SHAPE[::-1], flags=cv2.INTER_CUBIC)
    mask = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.8, 2.2))
    edge = rng.uniform(0.25, 0.7)
    return np.clip((mask / 255.0 - edge) * rng.uniform(2, 8) * 255 + 128, 0, 255).astype(np.uint8)


def blocky(rng: np.random.Generator, mask: np.ndarray) -> np.ndarray:
    """The mask as a coarse bitmap of the digit would give it."""
    high = int(rng.integers(22, 50))
    small = cv2.resize(mask, (high * 2 // 3, high), interpolation=cv2.INTER_AREA)
    small = np.where(small > rng.uniform(70, 150), 255, 0).astype(np.uint8)
    how = cv2.INTER_LINEAR if chance(rng, 0.6) else cv2.INTER_NEAREST
    return cv2.resize(small, SHAPE[::-1], interpolation=how)


def scratch(rng: np.random.Generator, mask: np.ndarray, width: float) -> None:
    """Strike out what stands in the mask: a scribble, a cross, bars or a blot."""
    centre = np.array([3.0, 4.5]) + rng.normal(0, 0.35, 2)
    kind = rng.random()
    if kind < 0.55:  # to and fro
        turns = int(rng.integers(4, 14))
        high, wide, lean = rng.uniform(1.2, 3.0), rng.uniform(1.0, 2.4), rng.normal(0, 0.6)
        t = np.linspace(-1, 1, turns)
        side = np.where(np.arange(turns) % 2, 1.0, -1.0) * wide * rng.uniform(0.6, 1.1, turns)
        points = np.column_stack([side + lean * t, high * t + rng.normal(0, 0.25, turns)])
        if chance(rng, 0.35):
            points = points[:, ::-1] * [1.0, 1.3]
        line(mask, smoothed((centre + points).astype(np.float32), 2), width)
    elif kind < 0.75:  # loops
        t = np.linspace(0, rng.uniform(12, 40), 160)
        radius = rng.uniform(0.9, 2.2, 2) * np.column_stack([np.cos(t), np.sin(t * 1.03 + 0.2)])
        drift = np.column_stack([np.sin(t / 5), np.cos(t / 7)]) * rng.uniform(0.1, 0.7)
        line(mask, centre + radius * (0.6 + 0.4 * np.sin(t / 3))[:, None] + drift, width)
    elif kind < 0.9:  # a cross through it
        a = rng.uniform(1.5, 2.8, 2)
        for sign in (1, -1):
            ends = np.array([[-a[0] * 0.8, -a[1] * sign], [a[0] * 0.8, a[1] * sign]])
            line(mask, centre + ends + rng.normal(0, 0.25, (2, 2)), width)
    else:  # two or three bars
        for _ in range(int(rng.integers(2, 4))):
            y, lean = rng.normal(0, 0.8), rng.normal(0, 0.5)
            line(mask, centre + np.array([[-2.4, y - lean], [2.4, y + lean]]), width)


def printed(rng: np.random.Generator, grey: np.ndarray, paper: float) -> None:
    """The frame of the cell, anywhere near its place, light or dark or only part of it; a printed point beside."""
    if chance(rng, 0.1):
        return
    far = 0.35 if chance(rng, 0.8) else 0.9
    x, y = np.clip(rng.normal(0, far * 0.5, 2), -1.1, 1.1)
    half = np.array([4.6, 6.8]) / 2 * np.exp(rng.normal(0, 0.05, 2))
    lean = rng.normal(0, 0.02)
    c = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * half
    corners = c @ np.array([[1, lean], [-lean, 1]]) + [3.0 + x, 4.5 + y]
    light = paper - (rng.uniform(12, 75) if chance(rng, 0.75) else rng.uniform(75, 220))
    width = rng.uniform(0.08, 0.35)
    mask = np.zeros(SHAPE, np.uint8)
    part = chance(rng, 0.15)
    for a, b in pairwise(corners):
        if not (part and chance(rng, 0.4)):
            line(mask, np.array([a, b]), width)
    if chance(rng, 0.12):
        side = 3.0 + x + rng.choice([-1, 1]) * rng.uniform(2.7, 3.3)
        line(mask, np.array([[side, 4.5 + y + rng.uniform(2.0, 3.2)]] * 2), rng.uniform(0.5, 1.1))
    np.subtract(grey, (mask * ((paper - light) / 255)).astype(np.float32), out=grey)


def pressed(rng: np.random.Generator, grey: np.ndarray, mask: np.ndarray, depth: float, grain: float) -> None:
    """Lay ink of a depth (in grey levels) on the paper; pencil leaves a grain."""
    layer = mask.astype(np.float32) * (depth / 255)
    if grain > 0:
        coarse = rng.random((SHAPE[0] // 3, SHAPE[1] // 3), dtype=np.float32)
        layer *= 1 - grain * cv2.resize(coarse, SHAPE[::-1], interpolation=cv2.INTER_LINEAR)
    np.minimum(grey, grey.max() - layer, out=grey)


def dithered(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Black and white only: by a threshold, or scattered (ordered pattern, or by chance)."""
    kind = rng.random()
    if kind < 0.6:
        level = np.percentile(picture, 90) - rng.uniform(30, 90)
    elif kind < 0.8:
        pattern = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) * 13.0 + 25
        level = np.tile(pattern, (picture.shape[0] // 4 + 1, picture.shape[1] // 4 + 1))
        level = level[: picture.shape[0], : picture.shape[1]]
    else:
        level = rng.normal(128, 45, picture.shape)
    return np.where(picture > level, 255, 0).astype(np.uint8)


def captured(rng: np.random.Generator, grey: np.ndarray) -> np.ndarray:
    """What a scanner or a camera makes of the drawing, with its light made even, brought to 48 by 32 pixels."""
    photo = chance(rng, PHOTOS)
    fixed = not photo and chance(rng, 0.7)
    scale = rng.choice([3.94, 5.9, 7.87, 11.8]) if fixed else rng.uniform(3.6, 7.5 if photo else 11)
    size = (max(16, round(6 * scale)), max(24, round(9 * scale)))
    picture = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    if photo or chance(rng, 0.6):  # out of focus by parts of a millimetre
        badly = photo or chance(rng, 0.15)
        blur = rng.uniform(0.05, 0.34) if badly else abs(rng.normal(0, 0.11))
        picture = cv2.GaussianBlur(picture, (0, 0), max(0.05, blur * scale))
    if chance(rng, 0.08):
        kernel = np.zeros((5, 5), np.float32)
        a = rng.uniform(0, np.pi)
        ends = [(round(2 + 2 * np.cos(a) * s), round(2 + 2 * np.sin(a) * s)) for s in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0)
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    if photo or chance(rng, 0.6):
        picture = picture + rng.standard_normal(picture.shape, dtype=np.float32) * rng.uniform(1, 11)
    if chance(rng, 0.25):  # what is left of a shadow
        a, b = rng.normal(0, 5, 2)
        picture = (
            picture + a * np.linspace(-1, 1, size[0])[None, :] + b * np.linspace(-1, 1, size[1])[:, None]
        )
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    if not photo and chance(rng, 0.1):
        picture = dithered(rng, picture)
    if chance(rng, 0.8 if photo else 0.3):
        _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 90))])
        picture = cv2.imdecode(code, cv2.IMREAD_GRAYSCALE)
    how = cv2.INTER_AREA if scale > 5.33 and chance(rng, 0.5) else cv2.INTER_LINEAR
    picture = cv2.resize(picture, (WIDE, HIGH), interpolation=how)
    if chance(rng, 0.2):  # sharpened or levelled by the scanner's own software
        picture = lit(picture, rng.uniform(0.7, 1.7))
    return picture


def lit(picture: np.ndarray, gain: float | np.ndarray, noise: float | np.ndarray = 0.0) -> np.ndarray:
    """Pictures with the ink so much darker, and noise added."""
    return np.clip(255 - (255 - picture.astype(np.float32)) * gain + noise, 0, 255).astype(np.uint8)


def otherwise(rng: np.random.Generator, cells: np.ndarray) -> np.ndarray:
    """Cells (n, 48, 32) turned, slanted, stretched, moved and lit a little otherwise: cheaper than new ones."""
    count = len(cells)
    turn, slant, wide, high = rng.normal(0, (0.05, 0.06, 0.06, 0.06), (count, 4)).T
    matrices = np.array([[1 + wide, turn + slant], [-turn, 1 + high]]).transpose(2, 0, 1)
    middle = np.array([(WIDE - 1) / 2, (HIGH - 1) / 2])
    shifts = middle - matrices @ middle + rng.uniform(-2, 2, (count, 2))
    moved = [
        cv2.warpAffine(cell, np.column_stack([m, s]), (WIDE, HIGH), borderMode=cv2.BORDER_REPLICATE)
        for cell, m, s in zip(cells, matrices, shifts, strict=True)
    ]
    loud = np.abs(rng.normal(0, 4, (count, 1, 1))).astype(np.float32)
    noise = rng.standard_normal(cells.shape, dtype=np.float32) * loud
    return lit(np.array(moved), rng.uniform(0.75, 1.25, (count, 1, 1)).astype(np.float32), noise)
