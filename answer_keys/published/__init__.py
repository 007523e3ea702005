"""Known exercises by name, each with the figures that its source prints.

From outside: their names, and the text and the figures of each. A test holds our solutions to the figures.
"""

from __future__ import annotations

from importlib import resources

SUFFIX = ".toml"


def names() -> tuple[str, ...]:
    """The names of the shipped exercises."""
    files = resources.files(__name__).iterdir()
    found = (f.name.removesuffix(SUFFIX) for f in files if f.name.endswith(SUFFIX))
    return tuple(sorted(name for name in found if not name.endswith(".figures")))


def text(name: str) -> str:
    """The problem file of a shipped exercise."""
    return (resources.files(__name__) / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def figures(name: str) -> str:
    """The published figures of a shipped exercise, as the text of a TOML file."""
    return (resources.files(__name__) / f"{name}.figures{SUFFIX}").read_text(encoding="utf-8")
