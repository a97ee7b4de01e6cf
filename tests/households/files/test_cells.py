"""Files in cells of their own: a hostile one costs its sender a refusal, the next one is read, and this process stays as it was."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest

from dongkou.layout import BASE_DIR
from households.files import cells, images, pdf, tables
from households.files.bounds import COMMAND, COUNTY, PAGE, Bounds
from households.files.cell_limits import MB, CellLimits
from households.files.tables import TableFault
from households.refusals import Refused
from tests.attack import hostile_files
from tests.rewards.pictures import photographs

LAYOUT = ("code", "name")
PLAIN = b"code,name\n1,2\n"
ROOM = 60  # MB that this process may grow by, whatever was opened
WORN = b"code,name\n1,2\n"  # a million times more: over a second of work
GIVEN = [[LAYOUT], {"size": 1 << 40, "unpacked": 1, "cells": 1, "rows": 1 << 40}, {}]


def memory(name: str) -> int:
    """A line of this process's own account, in MB."""
    account = Path("/proc/self/status").read_text(encoding="ascii")
    return int(account.partition(f"{name}:")[2].split()[0]) // 1024


@contextmanager
def calm() -> Iterator[None]:
    """Whatever is opened inside needs no memory of ours, and after it an ordinary file is opened as ever."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
    before = memory("VmRSS")
    yield
    assert memory("VmHWM") - before < ROOM
    assert cells.photo(photographs.photo()) == images.photo(photographs.photo())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_the_same_out_of_a_cell(kind: str) -> None:
    data = photographs.saved(photographs.pixels(), kind)
    assert cells.photo(data) == images.photo(data)


def test_signature_is_the_same_out_of_a_cell() -> None:
    assert cells.signature(photographs.signature()) == images.signature(photographs.signature())
    with pytest.raises(Refused, match="还没有签名"):
        cells.signature(photographs.blank())


@pytest.mark.parametrize("text", [PLAIN, "code,name\n1,洞口\n".encode("gb18030"), b"code,name\n1,\n2,\n"])
def test_table_is_the_same_out_of_a_cell(text: bytes) -> None:
    assert cells.table(text, LAYOUT) == tables.read(text, LAYOUT)


def test_faults_of_a_table_are_the_same_out_of_a_cell() -> None:
    wrong = b"code,nome\n1,2\n"
    with pytest.raises(TableFault) as here:
        tables.read(wrong, LAYOUT)
    with pytest.raises(TableFault) as there:
        cells.table(wrong, LAYOUT)
    assert there.value.problems == here.value.problems


@pytest.mark.parametrize("name", hostile_files.PICTURES)
def test_hostile_picture_is_refused(name: str) -> None:
    data = hostile_files.PICTURES[name]()
    with calm(), pytest.raises(Refused) as refused:
        cells.photo(data)
    assert refused.value.code.startswith("picture_") and refused.value.hint


@pytest.mark.parametrize(
    ("name", "within"),
    [
        *((name, PAGE) for name in hostile_files.WORKBOOKS),
        ("two cells", COMMAND),
        ("thousands of parts", COMMAND),
        ("two cells", COUNTY),
    ],
)
def test_hostile_workbook_is_refused(name: str, within: Bounds) -> None:
    data = hostile_files.WORKBOOKS[name]()
    with calm(), pytest.raises(TableFault) as refused:
        cells.table(data, LAYOUT, within=within)
    assert ["太大" in problem.reason for problem in refused.value.problems] == [True]


def test_workbook_whose_empty_cells_are_only_coloured_is_read() -> None:
    coloured = hostile_files.cells("A1", "B1", "A2", "B2").replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    )
    assert len(cells.table(hostile_files.workbook(coloured), ("1", "1"), within=PAGE)) == 1


@pytest.mark.parametrize(
    "limits",
    [
        CellLimits(cpu=1, deadline=300, memory=4096 * MB, answer=MB),
        CellLimits(cpu=300, deadline=1, memory=4096 * MB, answer=MB),
        CellLimits(cpu=300, deadline=300, memory=100 * MB, answer=MB),
    ],
    ids=["processor", "clock", "memory"],
)
def test_cell_that_goes_beyond_a_limit_is_a_refusal(limits: CellLimits) -> None:
    data = WORN * 1_000_000
    with calm(), pytest.raises(Refused) as refused:
        cells.opened("table", data, limits, GIVEN)
    assert refused.value.code == "file_too_costly" and "太多时间或内存" in refused.value.reason


def test_answer_beyond_its_limit_is_not_taken() -> None:
    with pytest.raises(Refused) as refused:
        cells.opened("table", PLAIN * 2, CellLimits(cpu=5, deadline=20, memory=99 * MB, answer=3), GIVEN)
    assert refused.value.code == "file_too_costly"


def test_keeper_that_was_killed_is_started_again() -> None:
    cells.photo(photographs.photo())
    before = cells.keeper_pid()
    os.kill(before, 9)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert cells.photo(photographs.photo()).width == 640
    assert cells.keeper_pid() != before


def test_forked_process_has_a_keeper_of_its_own() -> None:
    """And holds no end of ours, which would outlive us as long as the child lives."""
    ours, kept = cells.keeper_pid(), cells.own().keeper()
    child = os.fork()
    if child == 0:
        forgot = kept.control.fileno() == -1 and kept.process.returncode == 0
        os._exit(0 if forgot and cells.photo(photographs.photo()).width == 640 and cells.keeper_pid() != ours else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert cells.photo(photographs.photo()).width == 640


def test_keeper_knows_no_key_and_holds_no_connection_but_ours() -> None:
    cells.photo(photographs.photo())
    place = Path(f"/proc/{cells.keeper_pid()}")
    assert (place / "environ").read_bytes() == b""
    held = {link.readlink().name.partition(":")[0] for link in (place / "fd").iterdir() if int(link.name) > 2}
    assert held <= {"socket", "urandom"}
    assert sum(link.readlink().name.startswith("socket:") for link in (place / "fd").iterdir()) == 1
    assert "django" not in (place / "maps").read_text(encoding="utf-8")


def test_cell_opens_neither_file_nor_connection() -> None:
    tried = (
        "import sys, os, socket; sys.path.insert(0, sys.argv[1])\n"
        "from households.files import cell_limits\n"
        "cell_limits.bound(cell_limits.PICTURE)\n"
        "def refused(act):\n"
        "    try: act()\n"
        "    except OSError: return True\n"
        "print(refused(lambda: open('/etc/hostname')), refused(socket.socket), refused(os.fork), os.getuid() != 0)\n"
    )
    told = subprocess.run(
        [sys.executable, "-I", "-c", tried, str(BASE_DIR)], capture_output=True, check=True, text=True
    )
    assert told.stdout.split() == ["True", "True", "True", "True"]


def test_more_files_than_there_is_room_for_are_sent_back_in_words() -> None:
    places = cells.Places(at_once=1, waiting=0)
    with places.one(), pytest.raises(Refused, match="上传文件的人多") as refused, places.one():
        pass
    assert (refused.value.status, refused.value.code) == (503, "files_busy")
    with places.one():  # the place is free again
        assert places.taken == 1


def test_table_that_takes_too_much_is_a_fault_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells.cell_limits, "LIST", CellLimits(cpu=5, deadline=60, memory=99 * MB, answer=3))
    with pytest.raises(TableFault, match="太多时间或内存"):
        cells.table(PLAIN, LAYOUT, within=PAGE)


INSIDE = {"images", "pdf", "tables", "workbooks", "cell_jobs", "cell_keeper"}
OPENS = re.compile(
    r"\b(?:images\.(?:photo|signature)|pdf\.cleaned|tables\.read|workbooks\.read"
    r"|Image\.open|Pdf\.open|pikepdf\.open|CalamineWorkbook\.\w+)\("
)


def test_nobody_opens_what_was_sent_in_but_a_cell() -> None:
    rooms = [
        path
        for room in ("dongkou", "households", "petitions", "rewards", "scoring")
        for path in (BASE_DIR / room).rglob("*.py")
    ]
    outside = [path for path in rooms if path.parent.name != "files" or path.stem not in INSIDE]
    assert [path.name for path in outside if OPENS.search(path.read_text(encoding="utf-8"))] == []
    assert all(
        OPENS.search((BASE_DIR / f"households/files/{name}.py").read_text(encoding="utf-8"))
        for name in ("images", "cell_jobs")
    )


@pytest.mark.parametrize("name", hostile_files.PAPERS)
def test_hostile_paper_is_refused_or_comes_out_with_its_page_alone(name: str) -> None:
    data = hostile_files.PAPERS[name]()
    with calm():
        try:
            kept = cells.paper(data)
        except (Refused, pdf.Unfit) as refusal:
            assert getattr(refusal, "code", "") in ("file_too_costly", "broken", "empty", "long")
            return
    with pikepdf.open(io.BytesIO(kept)) as read:
        file = io.BytesIO()
        read.save(file, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert [word for word in hostile_files.EVIL if word in file.getvalue()] == []
    assert kept.count(b"/Type /Page ") == 1
