"""Work spread over processes ends with whoever wanted it: none is left behind, whatever it was doing."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from exercises.common import processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
PATIENCE = 30  # seconds, of a busy machine
SPREAD = "import time; from exercises.common.processes import spread; list(spread(time.sleep, [(99,)] * 4))"
ROOT = Path(__file__).parent.parent
GENERATE = [ROOT / "byhand.py", "generate", "--shape", "2-2-1", "--count", "900", "--seed", "1", "--out"]


def children(parent):
    """The processes that a process has started, and theirs."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, above = path.read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(above) == parent and state != "Z":
            own = int(path.parent.name)
            found += [own, *children(own)]
    return found


def alive(pids):
    states = {pid: Path(f"/proc/{pid}/stat") for pid in pids}
    return [
        pid
        for pid, path in states.items()
        if path.exists() and ") Z " not in path.read_text(encoding="utf-8")
    ]


def soon(true):
    """Wait until something is true; the seconds it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < PATIENCE
        time.sleep(0.02)
    return time.monotonic() - start


@contextmanager
def started(*args):
    """A program of ours at work, with its processes."""
    command = [sys.executable, *map(str, args)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            soon(lambda: len(children(process.pid)) > 2)  # one of them only keeps account
            time.sleep(0.5)
            yield process, children(process.pid)
        finally:
            process.kill()


@pytest.mark.parametrize("what", ["spread", "generate"])
def test_processes_end_when_their_parent_is_gone(tmp_path, what):
    with started(*(["-c", SPREAD] if what == "spread" else [*GENERATE, tmp_path])) as (process, below):
        process.kill()
        assert soon(lambda: not alive(below)) < 5


@pytest.mark.parametrize("what", ["spread", "generate"])
def test_ctrl_c_ends_the_work_at_once(tmp_path, what):
    with started(*(["-c", SPREAD] if what == "spread" else [*GENERATE, tmp_path])) as (process, below):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=5) != 0
        assert soon(lambda: not alive(below)) < 5


def test_whoever_stops_half_way_waits_for_nobody():
    start, before = time.monotonic(), children(os.getpid())
    calls = processes.spread(time.sleep, [(0,), *[(99,)] * 9])
    next(calls)
    mine = set(children(os.getpid())).difference(before)
    assert len(mine) > 1
    calls.close()
    assert time.monotonic() - start < PATIENCE
    assert len(alive(mine)) <= 1  # the one that keeps account
