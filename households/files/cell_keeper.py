"""The process from which cells are born: it has loaded the readers and nothing else, opens no file of anybody, and forks.

Each file gets a process of its own, which ends with it: what one file did to its reader, the next one does not meet. The
keeper is started with an empty environment and one connection, so its cells know no key, no database and no request.
Started by `households.files.cells`; knows no Django.
"""

import codecs
import gc
import io
import json
import os
import select
import signal
import socket
import struct
import time
from dataclasses import asdict

import pikepdf
from PIL import Image

from households.files import bounds, cell_jobs, cell_limits
from households.files.cell_limits import CellLimits

HEAD = struct.Struct("!IQ")  # bytes of the JSON that comes first, and of what follows it
ASKED = struct.Struct("!I")  # seconds until the deadline
_LOOK = 0.1  # seconds between two looks at the cells that run


def main(number: int) -> None:
    """Fork a cell for each connection that comes through the one of the parent; end when that is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is ours
    control = socket.socket(fileno=number)
    _warm()
    running: dict[int, float] = {}
    while True:
        ready, _, _ = select.select([control], [], [], _LOOK if running else None)
        _look_after(running)
        if not ready:
            continue
        asked, connections, _, _ = socket.recv_fds(control, ASKED.size, 1)
        if not asked:
            break
        cell = os.fork()
        if cell == 0:
            control.close()
            _live(socket.socket(fileno=connections[0]))
        os.close(connections[0])
        running[cell] = time.monotonic() + ASKED.unpack(asked)[0]
    for cell in running:
        os.kill(cell, signal.SIGKILL)


def _warm() -> None:
    """Have loaded whatever a reader loads when it is first needed: a cell can open nothing any more."""
    Image.init()
    for name in _ENCODINGS.split():
        codecs.lookup(name)
    picture, paper = io.BytesIO(), io.BytesIO()
    Image.new("P", (9, 9)).save(picture, "PNG", transparency=0)
    with pikepdf.new() as blank:
        blank.add_blank_page()
        blank.save(paper, encryption=pikepdf.Encryption(owner="o", user=""))
    files = {"photo": picture.getvalue(), "paper": paper.getvalue(), "table": b"PK\x03\x04"}
    for job, data in files.items():
        cell_jobs.done(job, data, [[["a"]], asdict(bounds.PAGE), {}])
    gc.collect()
    gc.freeze()


def _look_after(running: dict[int, float]) -> None:
    """Bury the cells that have ended, and end those that are over their time."""
    now = time.monotonic()
    for cell, deadline in list(running.items()):
        if now > deadline:
            os.kill(cell, signal.SIGKILL)
        if os.waitpid(cell, os.WNOHANG)[0]:
            del running[cell]


def _live(connection: socket.socket) -> None:
    """The whole life of a cell."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        with connection.makefile("rb") as given:
            head, size = HEAD.unpack(given.read(HEAD.size))
            job, limits, more = json.loads(given.read(head))
            cell_limits.bound(CellLimits(**limits))
            outcome = cell_jobs.done(job, given.read(size), more)
        _answer(connection, *outcome)
    except BaseException as trouble:
        _answer(connection, {"died": type(trouble).__name__}, b"")
    finally:
        os._exit(0)


def _answer(connection: socket.socket, head: cell_jobs.Head, body: bytes) -> None:
    first = json.dumps(head).encode()
    connection.sendall(HEAD.pack(len(first), len(body)) + first)
    connection.sendall(body)


_ENCODINGS = (
    "ascii latin-1 cp437 cp1252 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 gb2312 gbk gb18030 big5 big5hkscs hz"
)
