"""The clock that runs while a file is read: seconds of the processor, here and in the process that opens files.

The system counts for this process and rings; what the other one has used is taken off here. Where the system has no
such clock, and where nobody has set it, there is always time left.
"""

from __future__ import annotations

import math

AGAIN = 0.5  # seconds until it rings once more, should a library have taken no notice
_LEAST = 0.001
_MISSING = (ImportError, AttributeError, ValueError, OSError)


def start(seconds: float) -> None:
    """Set the clock; it rings by the signal SIGPROF."""
    try:
        import signal

        signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN if seconds else 0.0)
    except _MISSING:
        return


def stop() -> None:
    """Stop the clock."""
    start(0.0)


def left() -> float:
    """The seconds that are left; endless if no clock runs."""
    try:
        import signal

        return signal.getitimer(signal.ITIMER_PROF)[0] or math.inf
    except _MISSING:
        return math.inf


def take(seconds: float) -> None:
    """Take seconds off that were used elsewhere."""
    if math.isfinite(rest := left()):
        start(max(_LEAST, rest - seconds))
