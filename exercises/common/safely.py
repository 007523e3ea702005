"""No module is ever imported from the folder that one happens to be in: students' files may lie there.

Python looks for modules in the current folder first when it is started with `-m` or `-c`, and so does every
process that it starts from there, whatever started Python itself: a file called `pickle.py` that somebody
handed in would be run.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]  # where byhand itself lies
_SAFE = "PYTHONSAFEPATH"  # tells every Python below this one to leave the current folder alone


def trusted_path() -> list[str]:
    """`sys.path` without the current folder, unless byhand itself lies there, and without relative entries."""
    try:
        here = Path.cwd().resolve()
    except OSError:  # it was deleted meanwhile
        return [part for part in sys.path if Path(part).is_absolute()]
    if here == ROOT:
        return [part if Path(part).is_absolute() else str(here / part) for part in sys.path]
    return [part for part in sys.path if Path(part).is_absolute() and Path(part).resolve() != here]


def passes_on() -> bool:
    """Whether `safely` holds in processes that are started now: Python may have been told to heed no environment."""
    return bool(sys.flags.safe_path) or not sys.flags.ignore_environment


@contextmanager
def safely() -> Iterator[None]:
    """Import nothing from the current folder meanwhile, here or in any process that is started meanwhile."""
    path, told = sys.path[:], os.environ.get(_SAFE)
    sys.path[:] = trusted_path()
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        sys.path[:] = path
        if told is None:
            os.environ.pop(_SAFE, None)
        else:
            os.environ[_SAFE] = told
