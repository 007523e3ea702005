"""Bytes of a text in whatever encoding, as text."""

from __future__ import annotations

MAX_BYTES = 20_000_000  # of a file; a larger one is not read


def decode(data: bytes) -> str:
    """Text from bytes as they come: UTF-8 with or without a mark, UTF-16, else Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    head = data[:200]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) > 3 and zeros.count(0) > 0.7 * len(zeros) and b"\0\0" not in head:  # noqa: PLR2004
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
