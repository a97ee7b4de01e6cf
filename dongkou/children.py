"""What belongs to every child process: it does not outlive its parent, and its log does not grow for ever."""

import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
LOG_BYTES = 20_000_000
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(last_signal: signal.Signals) -> None:
    """From now on the kernel sends this process the signal when its parent dies, however the parent dies."""
    _libc.prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)


def dies_with_parent(last_signal: signal.Signals) -> Callable[[], None]:
    """For ``preexec_fn``; also unblocks the signals that the parent waits for."""

    def prepare_child() -> None:
        die_with_parent(last_signal)
        signal.pthread_sigmask(signal.SIG_SETMASK, set())

    return prepare_child


def open_log(log: Path) -> BinaryIO:
    """A child's log to append to. Not through a link: the folder is the child's own, and root may be who opens."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    return os.fdopen(os.open(log, flags, 0o600), "ab")


def turn_over(log: Path) -> None:
    """Put a log that has grown long aside; one earlier file is kept."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
