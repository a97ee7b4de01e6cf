"""Logs are JSON lines without personal data."""

import fcntl
import gzip
import json
import logging
import os
import time

import pytest
import structlog
from django.db import IntegrityError, connection

from dongkou import logs
from dongkou.logs import KEEP_DAYS, MonthlyFile, final_processors, forget_old, redact, shared_processors

TOKEN = "aG9uZ3hpbmctdGVzdC10b2tlbg"


@pytest.fixture
def written(tmp_path):
    """A logger, and a function that reads back what it wrote."""
    handler = MonthlyFile(tmp_path, "web")
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=final_processors(), foreign_pre_chain=shared_processors()
    )
    handler.setFormatter(formatter)
    logger = logging.Logger("test", logging.INFO)  # noqa: LOG001 (one that nobody else has)
    logger.addHandler(handler)
    yield (
        logger,
        lambda: [json.loads(line) for file in tmp_path.iterdir() for line in file.read_text().split("\n")[:-1]],
    )
    handler.close()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Not Found: /h/{TOKEN}/", "Not Found: /h/…/"),
        (f"/api/v1/h/{TOKEN}/session/", "/api/v1/h/…/session/"),
        ("电话 13812345678 无效", "电话 <phone> 无效"),
        ("430525199001011234 错误", "<id> 错误"),
        ("43052519900101123X", "<id>"),
        ("duplicate key\nDETAIL:  Key (phone)=(x) already exists.", "duplicate key\nDETAIL: …"),
        ("430525101002010001 户", "430525101002010001 户"),
        ("/village/sheet/2026-10/", "/village/sheet/2026-10/"),
    ],
)
def test_personal_data_are_cut_out(text, kept):
    assert redact(text) == kept


def test_a_line_is_one_json_object_with_time_level_and_logger(written):
    logger, read = written
    logger.warning("第一行\n第二行")
    (line,) = read()
    assert line["event"] == "第一行\n第二行"
    assert line["level"] == "warning"
    assert line["timestamp"].endswith("Z")


def test_a_traceback_is_kept_and_redacted(written):
    logger, read = written
    try:
        raise ValueError("household of 13812345678")
    except ValueError:
        logger.exception("failed")
    (line,) = read()
    assert "ValueError" in line["exception"]
    assert "13812345678" not in line["exception"]


@pytest.mark.django_db
def test_a_database_refusal_does_not_quote_the_row(written):
    logger, read = written
    name = "".join(("曾", "建", "国"))  # not to be quoted from this very line
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE people (name text UNIQUE)")
        cursor.execute("INSERT INTO people VALUES (%s)", [name])
        with pytest.raises(IntegrityError) as refusal:
            cursor.execute("INSERT INTO people VALUES (%s)", [name])
    logger.error("failed", exc_info=refusal.value)
    (line,) = read()
    assert "people_name_key" in line["exception"]
    assert name not in json.dumps(line, ensure_ascii=False)


def test_each_month_has_its_file_for_its_owner_only(written, tmp_path, monkeypatch):
    logger, _ = written
    for month in ("2198-10", "2198-11"):
        monkeypatch.setattr("time.strftime", lambda _format, month=month: month)
        logger.info("line")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["web-2198-10.log", "web-2198-11.log"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_request_line_holds_neither_token_nor_query_nor_body(client, settings, db):
    file = next(handler for handler in logging.getLogger().handlers if isinstance(handler, MonthlyFile))
    client.post(f"/h/{TOKEN}/?pin=4711", {"pin": "815642"})
    path = max(file.folder.glob("tests-*.log"))
    lines = map(json.loads, path.read_text().splitlines())
    line = [line for line in lines if line["event"] == "request"][-1]  # threads of earlier tests write here, too
    assert (line["method"], line["path"]) == ("POST", "/h/…/")
    assert "4711" not in str(line)
    assert "815642" not in str(line)


def test_only_files_older_than_a_year_are_forgotten(tmp_path):
    for name, days in (("web-2025-09.log", KEEP_DAYS + 1), ("web-2026-05.log", 183), ("postgresql.log", 1000)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (time.time() - days * 86_400,) * 2)
    assert forget_old(tmp_path) == ["web-2025-09.log"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["postgresql.log", "web-2026-05.log"]


def test_celery_leaves_the_log_as_the_settings_say():
    """Its --loglevel would raise the root's level, and no outcome of a job would reach a file."""
    from dongkou.celery import app

    level = logging.getLogger().level
    app.log.already_setup = False
    app.log.setup(loglevel=logging.CRITICAL, redirect_stdouts=False)
    assert logging.getLogger().level == level


def test_months_that_are_over_are_compressed_once(tmp_path, monkeypatch):
    """Not this month's and the last one's; the age of a file is that of its lines."""
    monkeypatch.setattr(logs.time, "localtime", lambda: time.struct_time((2027, 1, 5, 0, 0, 0, 0, 0, 0)))
    names = ["web-2026-10.log", "web-2026-11.log", "web-2026-12.log", "web-2027-01.log", "postgresql.log.1", "web.out"]
    for name in names:
        (tmp_path / name).write_text(f"{name}\n" * 1000, encoding="utf-8")
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    assert logs.compress_old(tmp_path) == ["postgresql.log.1", "web-2026-10.log", "web-2026-11.log"]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"web-2026-10.log.gz", "web-2026-11.log.gz", "postgresql.log.1.gz", *names[2:4], "web.out"}
    packed = tmp_path / "web-2026-10.log.gz"
    assert gzip.decompress(packed.read_bytes()).decode() == "web-2026-10.log\n" * 1000
    assert (packed.stat().st_mtime, packed.stat().st_mode & 0o777) == (1_700_000_000, 0o600)
    assert logs.compress_old(tmp_path) == []
    monkeypatch.setattr(logs.time, "time", lambda: 1_700_000_000 + (logs.KEEP_DAYS + 1) * 86_400)
    assert {"web-2026-10.log.gz", "web-2026-12.log"} <= set(logs.forget_old(tmp_path))


def test_file_that_is_written_is_not_compressed_in_a_month_that_has_only_begun_here(written, tmp_path, monkeypatch):
    """In the first hours of a month the world's time is still in the one before; clocks are put back, too."""
    logger, read = written
    logger.info("in the night of the first")
    ahead = tmp_path / "web-2199-12.log"
    ahead.write_text("x", encoding="utf-8")
    monkeypatch.setattr(logs.time, "gmtime", lambda: time.struct_time((2000, 1, 31, 20, 0, 0, 0, 0, 0)))
    assert logs.compress_old(tmp_path) == []
    ahead.unlink()
    logger.info("and on")
    assert [line["event"] for line in read()] == ["in the night of the first", "and on"]


def test_two_processes_do_not_compress_at_once(tmp_path):
    (tmp_path / "web-2020-01.log").write_text("x", encoding="utf-8")
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        assert logs.compress_old(tmp_path) == []
    finally:
        os.close(handle)
    assert logs.compress_old(tmp_path) == ["web-2020-01.log"]
