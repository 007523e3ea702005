"""A Gradescope autograder: a zip with byhand itself, the problems, `setup.sh` and `run_autograder`.

Gradescope unpacks it into /autograder/source, runs setup.sh once when it builds the image, and run_autograder
for each submission: files in /autograder/submission, the answer in /autograder/results/results.json
(`grader.export.autograder`). byhand travels as it is installed here, so that what is graded there is what is
graded here; what it needs is installed by pip from the same bounds.

Checked: the bundle is unpacked and run by `tests/test_export.py`, with AUTOGRADER_ROOT in place of
/autograder; setup.sh was run on Debian 12. It has not been uploaded to Gradescope.
"""

from __future__ import annotations

import json
import re
import stat
from importlib.metadata import PackageNotFoundError, requires, version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import templates
from exercises.common.errors import ByhandError
from exercises.problems import problem_writer
from grader.export.autograder import PROBLEMS, SETTINGS
from grader.export.packages import LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.problems.problem import Problem

PACKAGES = ("answer_keys", "exercises", "grader", "templates")
NOT_THERE = ("matplotlib",)  # draws class reports; nothing is drawn on Gradescope
ROOT = Path(templates.__file__).parent.parent
_SETUP = """\
#!/usr/bin/env bash
# Run once, when Gradescope builds the image: a Python that is new enough, and what byhand needs.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1
apt-get update

# Only worksheets that were printed into a new PDF need these; older systems have them under other names.
apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b || true
apt-get install -y --no-install-recommends libharfbuzz-subset0 || true

python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then # Ubuntu 22.04 comes with 3.10, and has 3.11 beside it
    apt-get install -y --no-install-recommends python3.11
    python=python3.11
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    apt-get install -y --no-install-recommends \\
        "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi
"$python" -m venv "$root/venv"
# The versions that this bundle was made and tried with; where one is not made for this Python, any that byhand takes.
"$root/venv/bin/python" -m pip install --quiet -r "$root/source/requirements.txt" ||
    "$root/venv/bin/python" -m pip install --quiet -r "$root/source/bounds.txt"
cd "$root/source"
PYTHONPATH="$root/source/byhand" "$root/venv/bin/python" -P -c 'import grader.export.autograder, grader.files.collect'
"""
_RUN = """\
#!/usr/bin/env bash
# Run for each submission: grades it and writes results/results.json.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}
export PYTHONPATH="$root/source/byhand"
exec "${BYHAND_PYTHON:-$root/venv/bin/python}" -P -m grader.export.autograder "$root"
"""


def bundle(
    problems: Sequence[Problem], *, visibility: str, hints: bool = False, points: float | None = None
) -> bytes:
    """The zip to upload. `points`: what a full sheet earns; None for its own marks."""
    settings = {"visibility": visibility, "hints": hints, "points": points}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", _SETUP, run=True)
        _add(archive, "run_autograder", _RUN, run=True)
        _add(archive, "requirements.txt", "".join(f"{line}\n" for line in pinned()))
        _add(archive, "bounds.txt", "".join(f"{line}\n" for line in requirements()))
        _add(archive, SETTINGS, json.dumps(settings, indent=1) + "\n")
        for problem in problems:
            _add(archive, f"{PROBLEMS}/{problem.code}.toml", problem_writer.write(problem))
        for path in _sources():
            _add(archive, f"byhand/{path.relative_to(ROOT).as_posix()}", path.read_bytes())
    return out.getvalue()


def requirements() -> list[str]:
    """What byhand needs, with the bounds of its own metadata."""
    try:
        found = requires("byhand") or []
    except PackageNotFoundError:
        raise ByhandError(
            "byhand is not installed, only lying here; install it with `pip install .`"
        ) from None
    return sorted(line for line in found if "extra ==" not in line and not line.startswith(NOT_THERE))


def pinned() -> list[str]:
    """The same in the versions that are installed here, with all that these need in turn."""
    found: dict[str, str] = {}
    waiting = [_named(line) for line in requirements()]
    while waiting:
        name = waiting.pop()
        try:
            if name in found:
                continue
            found[name] = f"{name}=={version(name)}"
            needs = requires(name) or []
        except PackageNotFoundError:
            continue  # for another platform or Python
        waiting += [_named(line) for line in needs if "extra ==" not in line]
    return sorted(found.values())


def _named(requirement: str) -> str:
    """The library that a line of requirements is about."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _sources() -> Iterator[Path]:
    """Every file of byhand."""
    yield ROOT / "byhand.py"
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
            if path.is_file() and not hidden:
                yield path


def _add(archive: ZipFile, name: str, content: str | bytes, *, run: bool = False) -> None:
    entry = ZipInfo(name, LONG_AGO)
    entry.external_attr = (stat.S_IFREG | (0o755 if run else 0o644)) << 16
    archive.writestr(entry, content, ZIP_DEFLATED)
