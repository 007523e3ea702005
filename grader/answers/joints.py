"""The words of a name that a program gives: `slope5`, `h_in`, `deltaOut`, `grad_w13`."""

from __future__ import annotations

import re

_JOINT = re.compile(r"[_.]+|(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"^(?P<word>[^\W\d_]{3,})(?P<n>\d{1,2})$")
_SHORT = {
    "h": "hidden",
    "hid": "hidden",
    "o": "output layer",
    "in": "net",
    "i": "net",
    "g": "gradient",
    "upd": "new",
}


def joints(written: str) -> list[str]:
    """The words of a name such as `slope5`, `h_in`, `deltaOut`, `grad_w13`; nothing if it is but one."""
    parts = [part for part in _JOINT.split(written) if part]
    short = [_SHORT.get(part.lower(), part) for part in parts] if len(parts) > 1 else parts
    out = [word for part in short for word in _NUMBERED.sub(r"\g<word> \g<n>", part).split()]
    return out if len(out) > 1 else []
