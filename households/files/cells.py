"""The one door by which bytes that somebody sent in are opened: each file in a process of its own, a cell.

A cell may use so much time and memory, opens nothing else, and knows nothing of us (`cell_limits`). A file that overdoes
it costs its sender a refusal; the next file finds a new cell. Only so many run at once in one process, and only so many
wait: threads that wait for cells are missing for everybody else.
"""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from households.files import bounds, cell_limits, images, pdf, scanner, senders
from households.files.cell_jobs import unpacked
from households.files.cell_keeper import ASKED, HEAD
from households.files.cell_limits import CellLimits
from households.files.tables import Problem, Severity, Table, TableFault
from households.refusals import Refused

LONGEST_WAIT = 10  # seconds for a free cell
BUSY = 503  # the status of a refusal that is no judgement of the file: it may come again
_FOLDER = Path(__file__).resolve().parents[2]
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[2]); from households.files.cell_keeper import main; main(int(sys.argv[1]))"
)
_MAX_HEAD = 1 << 20

log = structlog.get_logger("households.cells")


class CellDied(Exception):
    """The cell gave no answer: the file asked for more than a file may, or broke its reader."""


def photo(data: bytes) -> images.Made:
    """`images.photo` of bytes that somebody sent in. Refused also when they take too much, or too many are being opened."""
    return _picture("photo", data)


def signature(data: bytes) -> images.Made:
    """`images.signature`, likewise."""
    return _picture("signature", data)


def paper(data: bytes) -> bytes:
    """`pdf.cleaned`, likewise. Raises Unfit."""
    head, body = opened("paper", data, cell_limits.PAPER)
    if "unfit" in head:
        raise pdf.Unfit(str(head["unfit"]))
    return body


def table(
    data: bytes,
    *layouts: Sequence[str],
    within: bounds.Bounds = bounds.COMMAND,
    headings: Mapping[str, str] | None = None,
) -> Table:
    """`tables.read`, likewise. Raises TableFault."""
    head, body = _tabular("table", data, within, [[list(layout) for layout in layouts], asdict(within), headings or {}])
    lines, columns = unpacked(body, head["names"], head["rows"])
    return Table(columns, lines, list(map(_problem, head["notes"])), head["headings"])


def raw_rows(data: bytes, within: bounds.Bounds = bounds.COMMAND) -> tuple[list[tuple[str, ...]], list[int]]:
    """`tables.raw_rows`, likewise. Raises TableFault."""
    head, body = _tabular("raw", data, within, asdict(within))
    lines, columns = unpacked(body, head["names"], head["rows"])
    return list(zip(*columns.values(), strict=True)), lines


def _tabular(job: str, data: bytes, within: bounds.Bounds, given: object) -> tuple[dict[str, Any], bytes]:
    if len(data) > within.size:
        data = data[: within.size + 1]  # enough to be refused by its size
    try:
        head, body = opened(job, data, _limits_of(within), given)
    except Refused as refusal:
        raise TableFault([Problem(1, "文件", refusal.sentence)]) from refusal
    if "faults" in head:
        raise TableFault(map(_problem, json.loads(body)))
    return head, body


def _limits_of(within: bounds.Bounds) -> CellLimits:
    if within is bounds.COMMAND:
        return cell_limits.REGISTER
    return cell_limits.COUNTY if within is bounds.COUNTY else cell_limits.LIST


def _picture(job: str, data: bytes) -> images.Made:
    if len(data) > images.MAX_BYTES:
        raise images.too_large(len(data))
    head, body = opened(job, data, cell_limits.PICTURE)
    width, height = head["size"]
    return images.Made(body, int(width), int(height))


def _problem(given: dict[str, Any]) -> Problem:
    return Problem(**{**given, "severity": Severity(given["severity"])})


def opened(job: str, data: bytes, limits: CellLimits, more: object = None) -> tuple[dict[str, Any], bytes]:
    """The outcome of a job (head and body) inside a cell with `limits`; its refusal raised."""
    sender = senders.current()
    try:
        with own().places.one(alone=sender.costly()):
            scanner.check(data)
            head, body = _asked(job, data, limits, more)
    except CellDied as death:
        sender.used_up += 1
        log.warning("cell_died", job=job, size=len(data), reason=str(death))
        raise Refused("file_too_costly", "这个文件打不开：打开它要用太多时间或内存。", hint=_OTHERWISE[job]) from death
    if "refused" in head:
        code, reason, hint, fields, status = head["refused"]
        raise Refused(code, reason, hint=hint, fields=fields, status=status)
    return head, body


_OTHERWISE = {
    "photo": "请用手机重新拍一张，或截图后上传。",
    "signature": "请重新签名。",
    "paper": "请打印出来拍照上传。",
    "table": "请分成几个文件，或另存为 CSV 再试。",
    "raw": "请分成几个文件，或另存为 CSV 再试。",
}


def _asked(job: str, data: bytes, limits: CellLimits, more: object) -> tuple[dict[str, Any], bytes]:
    first = json.dumps([job, asdict(limits), more]).encode()
    try:
        with own().keeper().cell(limits.deadline) as cell:
            cell.sendall(HEAD.pack(len(first), len(data)) + first)
            cell.sendall(data)
            with cell.makefile("rb") as answer:
                head, size = HEAD.unpack(_exactly(answer, HEAD.size))
                if head > _MAX_HEAD or size > limits.answer:
                    raise CellDied("answer too large")
                outcome = json.loads(_exactly(answer, head))
                if "died" in outcome:
                    raise CellDied(outcome["died"])
                return outcome, _exactly(answer, size)
    except (OSError, ValueError) as trouble:
        raise CellDied(type(trouble).__name__) from trouble


def _exactly(answer: Any, size: int) -> bytes:
    got: bytes = answer.read(size)
    if len(got) < size:
        raise CellDied("no answer")
    return got


class Places:
    """How many cells this process has at once, and how many threads may wait for one."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.lock = threading.Lock()
        self.free = threading.Semaphore(at_once)
        self.most = at_once + waiting
        self.taken = 0

    @contextlib.contextmanager
    def one(self, *, alone: bool = False) -> Iterator[None]:
        """A place, after some waiting. Refused (503) when too many wait already, or for too long.

        With `alone` only when nobody else is there: whoever uses up cells comes after everybody else.
        """
        with self.lock:
            if self.taken >= (1 if alone else self.most):
                raise _busy()
            self.taken += 1
        try:
            if not self.free.acquire(timeout=LONGEST_WAIT):
                raise _busy()
            try:
                yield
            finally:
                self.free.release()
        finally:
            with self.lock:
                self.taken -= 1


def _busy() -> Refused:
    return Refused(
        "files_busy", "现在上传文件的人多，这个文件还没有收。", hint="请稍后再试，写好的内容不会丢。", status=BUSY
    )


_OF_PYTHON = ("LD_LIBRARY_PATH",)  # where a Python that was put in its user's reach has its own library


class _Keeper:
    """The process that forks our cells, and the connection to it."""

    def __init__(self) -> None:
        if cell_limits.missing():
            log.warning("cells_with_fewer_limits", missing=cell_limits.missing())
        self.lock = threading.Lock()
        self.control, theirs = socket.socketpair()
        command = [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(theirs.fileno()), str(_FOLDER)]
        with theirs:
            self.process = subprocess.Popen(
                command,
                env={name: os.environ[name] for name in _OF_PYTHON if name in os.environ},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def cell(self, deadline: int) -> socket.socket:
        """A connection to a new cell, which is ended after `deadline` seconds."""
        ours, theirs = socket.socketpair()
        ours.settimeout(deadline + 5)
        with theirs, self.lock:
            socket.send_fds(self.control, [ASKED.pack(deadline)], [theirs.fileno()])
        return ours

    def end(self) -> None:
        """Close its connection, and it ends."""
        self.control.close()
        self.process.wait()


class _Own:
    """What one process has of this: its places, and its keeper once a file has come."""

    def __init__(self) -> None:
        self.places = Places(settings.CELLS_AT_ONCE, settings.CELLS_WAITING)
        self.starting = threading.Lock()
        self.kept: _Keeper | None = None

    def keeper(self) -> _Keeper:
        """The keeper; a new one when the old one was killed."""
        with self.starting:
            if self.kept is None or self.kept.process.poll() is not None:
                self.end()
                self.kept = _Keeper()
            return self.kept

    def end(self) -> None:
        if self.kept:
            self.kept.end()
        self.kept = None


@cache
def own() -> _Own:
    return _Own()


def keeper_pid() -> int:
    """The process that forks our cells."""
    return own().keeper().process.pid


def end() -> None:
    """Let the keeper go; the next file starts another."""
    own().end()


def _forget() -> None:
    """A child's cells are not its parent's: it holds no end of its keeper, and does not wait for it."""
    if own.cache_info().currsize and (kept := own().kept):
        kept.control.close()
        kept.process.returncode = 0
    own.cache_clear()


atexit.register(end)
os.register_at_fork(after_in_child=_forget)
