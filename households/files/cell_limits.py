"""What a cell may use, and how the kernel is told. Pure.

`bound` is called by a cell on itself and cannot be taken back. Where a system knows one of the limits not, the others
hold; `missing` names it for the operator.
"""

import contextlib
import ctypes
import os
import signal
from dataclasses import dataclass
from pathlib import Path

try:
    import resource
except ImportError:  # no Unix
    resource = None  # type: ignore[assignment]

MB = 1024 * 1024
_NAMES = ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NPROC")
_NOBODY = 65534
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


@dataclass(frozen=True, slots=True)
class CellLimits:
    """Seconds of the processor and by the clock, bytes of memory beyond what every cell has, bytes of the answer."""

    cpu: int
    deadline: int
    memory: int
    answer: int
    nice: int = 10  # whoever asks for a page comes first


PICTURE = CellLimits(cpu=5, deadline=15, memory=320 * MB, answer=32 * MB)  # a photo takes 0.3 s, at most 220 MB
PAPER = CellLimits(cpu=10, deadline=30, memory=320 * MB, answer=32 * MB)
LIST = CellLimits(cpu=15, deadline=45, memory=640 * MB, answer=64 * MB)
COUNTY = CellLimits(cpu=120, deadline=400, memory=3072 * MB, answer=512 * MB)  # a county's households from a page
REGISTER = CellLimits(
    cpu=900, deadline=1800, memory=8192 * MB, answer=1024 * MB, nice=0
)  # the operator's own, by command


def bound(limits: CellLimits) -> None:
    """From now on this process opens nothing, neither file nor connection, and ends when it has used up what it may."""
    with contextlib.suppress(OSError):
        os.nice(limits.nice)
    libc = _libc()
    if libc:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        _be_nobody()
    amounts = (limits.cpu, _memory_now() + limits.memory, 0, 0, 0, 0)
    for name, amount in zip(_NAMES, amounts, strict=True):
        if name not in missing():
            _no_more_than(getattr(resource, name), amount)


def missing() -> list[str]:
    """The limits that this system does not know."""
    return [name for name in _NAMES if not hasattr(resource, name)]


def _no_more_than(what: int, amount: int) -> None:
    """Both limits, the soft and the hard one; a lower one that the operator set stays."""
    _, hard = resource.getrlimit(what)
    amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(what, (amount, amount))


def _be_nobody() -> None:
    with contextlib.suppress(OSError):
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)


def _memory_now() -> int:
    """The address space of this process in bytes; what it may be at most where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    except OSError:
        return 256 * MB
    return pages * os.sysconf("SC_PAGE_SIZE")


def _libc() -> ctypes.CDLL | None:
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "prctl") else None
