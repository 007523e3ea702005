"""Tell whether the system libraries that byhand needs, and pip cannot install, are here.

Exit status 1 if a library that WeasyPrint loads is missing; a missing pdftoppm is only reported.
Needs nothing but the standard library, so that it can run before the environment exists.
"""

import ctypes
import ctypes.util
import shutil
import sys

# For each library, the names WeasyPrint tries, and what the library is called in a sentence.
LIBRARIES = {
    "Pango": ("pango-1.0-0", "pango-1.0", "libpango-1.0.so.0", "libpango-1.0.dylib"),
    "PangoFT2": ("pangoft2-1.0-0", "pangoft2-1.0", "libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "HarfBuzz-subset": (
        "harfbuzz-subset",
        "harfbuzz-subset-0.0",
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.0.dylib",
    ),
}
INSTALL = {
    "Debian or Ubuntu": (
        "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils"
    ),
    "Fedora": "sudo dnf install pango harfbuzz poppler-utils",
    "macOS": "brew install pango harfbuzz poppler",
}


def loads(names: tuple[str, ...]) -> bool:
    """Try to load a library as cffi does for WeasyPrint: by its name, then by where the system finds it."""
    for name in names:
        for candidate in (name, ctypes.util.find_library(name)):
            if candidate is None:
                continue
            try:
                ctypes.CDLL(candidate)
            except OSError:
                continue
            return True
    return False


def install_hint() -> str:
    """Return the clause that says how to install everything."""
    return "; ".join(f"on {system}: {command}" for system, command in INSTALL.items())


def main() -> int:
    """Check everything, and say in one sentence what is missing."""
    missing = [library for library, names in LIBRARIES.items() if not loads(names)]
    viewer_missing = shutil.which("pdftoppm") is None
    if missing:
        needed = [*missing, *(["pdftoppm (optional)"] if viewer_missing else [])]
        print(
            f"byhand cannot make PDFs here because {', '.join(needed)} could not be found; "
            f"install what is missing ({install_hint()}).",
            file=sys.stderr,
        )
        return 1
    if viewer_missing:
        print(
            "byhand works here, but without poppler's pdftoppm the tests that look at rendered pages are "
            f"skipped; to run them too, install it ({install_hint()}).",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
