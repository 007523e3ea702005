"""What pip cannot install: the optional stops nobody, the rest is installed where we may, and named otherwise."""

import os
import subprocess
import sys
import warnings

import pytest
import system
from house import ROOT


@pytest.fixture
def machine(monkeypatch):
    """A machine on which some packages are missing, and what was run on it; `sudo` says whether it asks."""

    def make(*missing, root=True, sudo=True, offline=False):
        here, ran = set(missing), []

        def run(command, **_):
            ran.append(command)
            if command[-1] == "true":
                return subprocess.CompletedProcess(command, 0 if sudo else 1)
            if not offline:
                here.discard(command[-1])
            return subprocess.CompletedProcess(command, 100 if offline else 0, "no network")

        groups = {
            group: tuple(
                need._replace(here=lambda need=need: need.package not in here)
                for need in system.GROUPS[group]
            )
            for group in system.GROUPS
        }
        monkeypatch.setattr(system, "GROUPS", groups)
        monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(system.os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(system.subprocess, "run", run)
        return ran

    return make


def test_where_all_is_there_nothing_is_run_or_said(machine, capsys):
    ran = machine()
    assert [system.main(group) for group in system.GROUPS] == [0, 0, 0, 0, 0]
    assert ran == []
    assert capsys.readouterr() == ("", "")


def test_the_optional_is_not_asked_for_by_the_demo_and_stops_no_test(machine, capsys):
    ran = machine("libharfbuzz-subset0", "poppler-utils", root=False, sudo=False)
    assert system.main("pages") == 0
    assert ran == []
    assert system.main("everything") == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "without HarfBuzz-subset (libharfbuzz-subset0) pages look the same, and take longer to make",
        "without pdftoppm (poppler-utils) tests that look at rendered pages are skipped",
    ]
    assert said.err == ""


@pytest.mark.parametrize(("root", "first"), [(True, "env"), (False, "sudo")])
def test_what_is_needed_is_installed_where_we_may_and_said_before(machine, capsys, root, first):
    ran = machine("libpango-1.0-0", "libharfbuzz-subset0", root=root)
    assert system.main("pages") == 0
    installs = [command for command in ran if "install" in command]
    assert [command[-1] for command in installs] == ["libpango-1.0-0"]
    assert installs[0][0] == first
    assert capsys.readouterr().out == "installing libpango-1.0-0 with apt-get, for Pango\n"


@pytest.mark.parametrize("case", [{"root": False, "sudo": False}, {"offline": True}])
def test_what_is_needed_and_cannot_be_installed_is_named(machine, capsys, case):
    machine("libpangoft2-1.0-0", **case)
    assert system.main("pages") == 1
    said = capsys.readouterr().err
    assert "byhand needs PangoFT2." in said
    assert "sudo apt-get install libpangoft2-1.0-0;" in said


def test_a_library_is_found_by_its_name_or_not_at_all():
    assert system.loads("nowhere-at-all", "libpango-1.0.so.0")
    assert not system.loads("libnowhere-at-all.so.0", "nowhere-at-all")


def test_a_warning_of_what_is_optional_is_no_error_and_others_are():
    warnings.warn("HarfBuzz-Subset will be required by future versions.", DeprecationWarning, stacklevel=1)
    with pytest.raises(DeprecationWarning):
        warnings.warn("Something else will be required.", DeprecationWarning, stacklevel=1)


def test_it_runs_before_there_is_an_environment():
    """On any Python, with nothing but the standard library."""
    command = [sys.executable, "-I", "-S", str(ROOT / ".ci" / "system.py"), "python"]
    assert subprocess.run(command, env={"PATH": os.defpath}, check=True, capture_output=True).stdout == b""
