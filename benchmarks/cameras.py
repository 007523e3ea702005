"""Scanners and cameras: what becomes of a printed and filled page (300 dpi, grey) when it is captured.

Shares no code with the training of the reader.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    Where = Callable[[np.ndarray], np.ndarray]  # points of the page (mm) to points of the picture (pixels)

CAPTURES = ("scan 200", "scan 100", "phone", "bad phone")


def capture(page: Image.Image, how: str, rng: np.random.Generator) -> tuple[Image.Image, Where]:
    """The picture, and where on it points of the page are."""
    if how.startswith("scan"):
        return _scanned(page, int(how.split()[1]), rng)
    return _photographed(page, rng, bad=how == "bad phone")


def _scanned(page: Image.Image, dpi: int, rng: np.random.Generator) -> tuple[Image.Image, Callable]:
    turn, shift = np.deg2rad(rng.normal(0, 0.5)), rng.normal(0, 6, 2)
    c, s = np.cos(turn), np.sin(turn)
    middle = np.array(page.size) / 2
    forward = np.array([[c, -s], [s, c]])
    back = forward.T
    offset = middle - back @ (middle + shift)
    turned = page.transform(
        page.size, Image.Transform.AFFINE, (*back[0], offset[0], *back[1], offset[1]),
        Image.Resampling.BILINEAR, fillcolor=252,
    )  # fmt: skip
    size = tuple(round(side * dpi / 300) for side in page.size)
    grey = np.asarray(turned.resize(size, Image.Resampling.BOX), dtype=float)
    grey = 255 * np.clip(grey / 255, 0, 1) ** rng.uniform(0.85, 1.25)
    grey = grey - rng.uniform(0, 8) + rng.standard_normal(grey.shape) * rng.uniform(1, 4)
    picture = _jpeg(grey, int(rng.integers(70, 93)))
    per_mm = dpi / 25.4

    def at(points: np.ndarray) -> np.ndarray:
        full = points * (300 / 25.4)
        return ((full - middle) @ forward.T + middle + shift) * (per_mm * 25.4 / 300)

    return picture, at


def _photographed(page: Image.Image, rng: np.random.Generator, *, bad: bool) -> tuple[Image.Image, Callable]:
    high = int(rng.integers(1300, 1900) if bad else rng.integers(2000, 2700))
    wide = int(high * 0.78)
    tilt = 0.05 if bad else 0.03
    inset = np.array([[0.07, 0.06], [0.93, 0.06], [0.93, 0.94], [0.07, 0.94]]) + rng.normal(
        0, tilt / 2, (4, 2)
    )
    inset = np.clip(inset, 0.015, 0.985)
    corners = inset * [wide, high]
    pw, ph = page.size
    source = np.array([[0, 0], [pw, 0], [pw, ph], [0, ph]], dtype=float)
    forward, back = homography(source, corners), homography(corners, source)
    curl = rng.uniform(1, 4) * 300 / 25.4 if bad else rng.uniform(0, 0.6) * 300 / 25.4
    phase = rng.uniform(0.6, 1.4)
    ys, xs = np.ogrid[0:high, 0:wide]
    m = back.astype(np.float32)
    x, y = (xs + 0.5).astype(np.float32), (ys + 0.5).astype(np.float32)
    under = m[2, 0] * x + m[2, 1] * y + m[2, 2]
    on_x = (m[0, 0] * x + m[0, 1] * y + m[0, 2]) / under
    on_y = (m[1, 0] * x + m[1, 1] * y + m[1, 2]) / under
    sag = np.float32(curl) * np.sin(np.float32(np.pi * phase / pw) * on_x)
    grey = _sampled(page, on_x - 0.5, on_y + sag - 0.5)
    light = 1 - rng.uniform(0.05, 0.35) * (
        xs / wide * rng.uniform(-1, 1) + ys / high * rng.uniform(-1, 1) + 0.5
    )
    if bad:
        edge = (xs / wide - rng.uniform(0.2, 0.8)) * np.cos(a := rng.uniform(0, 6.3)) + (
            ys / high - 0.5
        ) * np.sin(a)
        light = light * (1 - rng.uniform(0.15, 0.45) / (1 + np.exp(-edge * rng.uniform(15, 60))))
    grey = grey * np.clip(light, 0.35, 1.05) * rng.uniform(0.82, 1.0)
    picture = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    picture = picture.filter(
        ImageFilter.GaussianBlur(rng.uniform(0.7, 1.3) if bad else rng.uniform(0.4, 0.9))
    )
    noisy = np.asarray(picture, dtype=np.float32) + rng.standard_normal((high, wide), dtype=np.float32) * (
        rng.uniform(3, 8) if bad else 2.5
    )
    picture = _jpeg(noisy, int(rng.integers(40, 75)) if bad else int(rng.integers(75, 92)))

    def at(points: np.ndarray) -> np.ndarray:
        full = points * (300 / 25.4)
        sags = curl * np.sin(np.pi * phase * full[:, 0] / pw)
        return _apply(forward, full - np.column_stack([np.zeros(len(full)), sags]))

    return picture, at


def homography(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The projective map that takes four points to four others."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(values)), 1).reshape(3, 3)


def _apply(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    h = points @ matrix[:, :2].T + matrix[:, 2]
    return h[:, :2] / h[:, 2:]


def _sampled(page: Image.Image, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The page at places between pixels, softened first to what the picture can hold; a dark table around it."""
    soft = np.asarray(page.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)
    high, wide = soft.shape
    x0, y0 = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    inside = (x0 >= 0) & (y0 >= 0) & (x0 < wide - 1) & (y0 < high - 1)
    x1, y1 = np.clip(x0, 0, wide - 2), np.clip(y0, 0, high - 2)
    fx, fy = (x - x0).astype(np.float32), (y - y0).astype(np.float32)
    top = soft[y1, x1] * (1 - fx) + soft[y1, x1 + 1] * fx
    low = soft[y1 + 1, x1] * (1 - fx) + soft[y1 + 1, x1 + 1] * fx
    return np.where(inside, top * (1 - fy) + low * fy, 70.0)


def _jpeg(grey: np.ndarray, quality: int) -> Image.Image:
    file = io.BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return Image.open(file).convert("L")


def cut(picture: np.ndarray, at: Callable, box: tuple[float, ...], off: np.ndarray) -> np.ndarray:
    """The window (48, 32) around a cell, where the page was found up to an error `off` (mm); paper made white."""
    cx, cy = box[0] + box[2] / 2 + off[0], box[1] + box[3] / 2 + off[1]
    ys, xs = np.mgrid[0:96, 0:64]
    points = np.column_stack([cx + (xs.ravel() + 0.5) / 64 * 6 - 3, cy + (ys.ravel() + 0.5) / 96 * 9 - 4.5])
    where = at(points) - 0.5
    high, wide = picture.shape
    x0 = np.clip(np.floor(where[:, 0]).astype(int), 0, wide - 2)
    y0 = np.clip(np.floor(where[:, 1]).astype(int), 0, high - 2)
    fx, fy = np.clip(where[:, 0] - x0, 0, 1), np.clip(where[:, 1] - y0, 0, 1)
    value = (picture[y0, x0] * (1 - fx) + picture[y0, x0 + 1] * fx) * (1 - fy) + (
        picture[y0 + 1, x0] * (1 - fx) + picture[y0 + 1, x0 + 1] * fx
    ) * fy
    cell = value.reshape(48, 2, 32, 2).mean(axis=(1, 3))
    white = np.percentile(cell, 80)
    return np.clip(cell * 250 / max(white, 30), 0, 255).astype(np.uint8)
