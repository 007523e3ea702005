"""Filling in the templates of pages."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from exercises.common.slots import name_slot, slot, unmarked

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def render(template_name: str, **context: object) -> str:
    """Fill in one of our templates, as people see it. HTML in the context must be `trusted`; all else is escaped."""
    return unmarked(rendered(template_name, **context))


def rendered(template_name: str, **context: object) -> str:
    """Fill in one of our templates, its slots marked; see `render`."""
    return _environment().get_template(template_name).render(**context)


def trusted(html: str) -> Markup:
    """Mark HTML made by us (labels, formulas, drawings), so that templates take it as it is."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - only ever our own typesetting


@lru_cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import escape

    import templates

    found = Environment(
        loader=FileSystemLoader(templates.FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["slot"] = lambda text: trusted(slot(escape(text)))
    found.filters["name_slot"] = lambda text: trusted(name_slot(escape(text)))
    return found
