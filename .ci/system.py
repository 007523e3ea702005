"""See to what pip cannot install: system libraries, Python's own module for environments, and programs.

    system.py python        what making an environment needs
    system.py pages         what printing needs; what is only useful is named in a line
    system.py runtime       what making the practice page's run-time files needs
    system.py browser       what the tests of the practice page need
    system.py everything    the first two, and what some tests use

What is missing is installed where that may be done without asking anybody: on Debian and Ubuntu, as root or by a sudo
that wants no password. Exit status 1 if something that is needed is still missing. Uses nothing but the
standard library, so that it runs before the environment exists.
"""

import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple


class Need(NamedTuple):
    """Something that must or may be there; `without` says what is lost when a thing that may be there is not."""

    name: str
    here: Callable[[], bool]
    package: str  # on Debian and Ubuntu
    elsewhere: str  # what brings it on Fedora; Homebrew's name is the same or near it
    without: str = ""


def loads(*names: str) -> bool:
    """Try to load a library as WeasyPrint does: by each of its names, then by where the system finds it."""
    return any(_loads(name) for name in names) or any(
        _loads(place) for place in map(ctypes.util.find_library, names) if place
    )


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def makes_environments() -> bool:
    """Tell whether this Python has the modules that Debian ships apart."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


VENV = Need(
    "Python's module venv", makes_environments, f"python3.{sys.version_info.minor}-venv", "python3-libs"
)
PANGO = Need(
    "Pango",
    lambda: loads("libpango-1.0.so.0", "libpango-1.0.dylib", "pango-1.0"),
    "libpango-1.0-0",
    "pango",
)
PANGOFT2 = Need(
    "PangoFT2",
    lambda: loads("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "pangoft2-1.0"),
    "libpangoft2-1.0-0",
    "pango",
)
SUBSET = Need(
    "HarfBuzz-subset",
    lambda: loads("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "harfbuzz-subset"),
    "libharfbuzz-subset0",
    "harfbuzz",
    "pages look the same, and take longer to make",
)
POPPLER = Need(
    "pdftoppm", lambda: shutil.which("pdftoppm") is not None, "poppler-utils", "poppler-utils",
    "tests that look at rendered pages are skipped",
)  # fmt: skip
MAKE = Need("make", lambda: shutil.which("make") is not None, "make", "make")
CHROMIUM = Need(
    "Chromium", lambda: any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium", "chromium",
)  # fmt: skip
NPM = Need("npm", lambda: all(map(shutil.which, ("npm", "node"))), "npm", "npm")
GROUPS = {
    "python": (VENV,),
    "pages": (PANGO, PANGOFT2),
    "runtime": (NPM,),
    "browser": (CHROMIUM, NPM),
    "everything": (VENV, MAKE, PANGO, PANGOFT2, SUBSET, POPPLER),
}


def superuser() -> list[str] | None:
    """Find the words before a command that make it root's without a question; None if there are none."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "--non-interactive"]
    may = (
        shutil.which("sudo")
        and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0
    )
    return sudo if may else None


def install(packages: list[str], root: list[str]) -> None:
    """Install packages quietly, each by itself; what apt-get has to say is shown only if it fails."""
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for words in (["update"], *(["install", "--yes", "--no-install-recommends", name] for name in packages)):
        done = subprocess.run(
            [*root, *quiet, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stdout, file=sys.stderr)


def hint(needs: list[Need]) -> str:
    """Say how to install these by hand."""
    debian = " ".join(need.package for need in needs)
    others = " ".join(dict.fromkeys(need.elsewhere for need in needs))
    return f"Debian or Ubuntu: sudo apt-get install {debian}; Fedora: sudo dnf install {others}; macOS: brew install pango"


def main(group: str) -> int:
    """See to a group of needs, and say in a line what is installed, what is lost, or what must be done by hand."""
    missing = [need for need in GROUPS[group] if not need.here()]
    root = superuser() if missing else None
    if root is not None:
        packages = [need.package for need in missing]
        print(f"installing {' '.join(packages)} with apt-get, for {', '.join(n.name for n in missing)}")
        sys.stdout.flush()
        install(packages, root)
        missing = [need for need in missing if not need.here()]
    for need in missing:
        if need.without:
            print(f"without {need.name} ({need.package}) {need.without}")
    needed = [need for need in missing if not need.without]
    if needed:
        names = ", ".join(need.name for need in needed)
        print(f"byhand needs {names}. To install what is missing, on {hint(needed)}.", file=sys.stderr)
    return 1 if needed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
