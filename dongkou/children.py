"""What a child process does before its program begins, so that no child outlives its parent."""

import ctypes
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
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
