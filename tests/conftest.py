"""What all tests share: golden files, and hypothesis settings that keep the suite quick and repeatable."""

import logging
import os
import shutil
import sys
from collections import Counter
from functools import wraps
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
# Tests are imported by path: let them find `making` beside them, `benchmarks` in the project folder, and the scripts.
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / ".ci")]

# The same examples on every run, so that a red suite is never a matter of luck; `make test-all` tries more of them,
# and HYPOTHESIS_PROFILE=explore looks further.
QUIET = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("byhand", derandomize=True, max_examples=20, **QUIET)
settings.register_profile("all", derandomize=True, max_examples=60, **QUIET)
settings.register_profile("explore", derandomize=False, max_examples=1000, **QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "byhand"))

# Where HarfBuzz-subset is missing, which nothing needs, WeasyPrint says so of every font.
logging.getLogger("weasyprint").addFilter(
    lambda record: not record.msg.startswith("Using fontTools instead of HarfBuzz-Subset")
)


BROWSER_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    """A real browser, for the tests of `make test-browser`."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True, scope="session")
def no_reader_stumbles():
    """A reader that fails at a file costs its user that file only; here it fails the test."""
    from grader.files import read

    @wraps(read.stumbled)
    def fail(error):
        raise AssertionError("a reader stumbled") from error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "stumbled", fail)
        yield


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="Accept the current output as the expected one."
    )


def pytest_collection_modifyitems(items):
    """Of a test marked `part(n)` every n-th of its cases is for `make test`; the others are slow."""
    seen = Counter()
    for item in items:
        mark = item.get_closest_marker("part")
        if mark is not None:
            test = item.nodeid.partition("[")[0]
            if seen[test] % mark.args[0]:
                item.add_marker(pytest.mark.slow)
            seen[test] += 1


@pytest.fixture
def golden(request):
    """Compare a text with tests/golden/NAME; with --update-golden, make it the expected one."""

    def compare(name, text):
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no golden file {name}; make it with --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return compare
