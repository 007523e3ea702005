"""Pages of ours as they are read on a screen: one file with its fonts in it, good on a phone and in the dark."""

from __future__ import annotations

import base64
import re
from functools import lru_cache

import templates
from exercises.printing.pdf import style

# The shipped fonts that pages use, and what each is called that is cut down to the letters of such pages.
WEB_FONTS = {
    "LibertinusSerif-Regular.otf": "serif",
    "LibertinusSerif-Italic.otf": "serif-italic",
    "LibertinusSerif-Bold.otf": "serif-bold",
    "LibertinusSans-Regular.otf": "sans",
    "LibertinusSans-Bold.otf": "sans-bold",
    "LibertinusMath-Regular.otf": "math",
    "NotoSansSymbols2-Regular.ttf": "symbols",
}
_FACE = re.compile(r'@font-face \{[^}]*url\("fonts/([^"]+)"\)[^}]*\}')


def on_screen(html: str) -> str:
    """A page made by `pages.rendering`, for people who open it in a browser, wherever the file lies."""
    head, found, body = html.partition("</head>")
    return f"{head.replace(style(), _with_fonts(), 1)}<style>{_screen()}</style>\n{found}{body}"


@lru_cache
def _screen() -> str:
    return (templates.FOLDER / "screen.css").read_text(encoding="utf-8")


@lru_cache
def _with_fonts() -> str:
    """The style of all pages, with each font in it that browsers need."""
    return _FACE.sub(_embedded, style())


def _embedded(found: re.Match[str]) -> str:
    name = WEB_FONTS.get(found[1])
    if name is None:
        return ""
    data = base64.b64encode((templates.FOLDER / "fonts" / "web" / f"{name}.woff").read_bytes()).decode()
    source = f'url("data:font/woff;base64,{data}") format("woff"); font-display: swap'
    return re.sub(r'url\("[^"]*"\) format\("\w+"\)', lambda _: source, found[0])
