"""Structured logs without personal data: one JSON object a line, one file a month and role below ``DATA/log``."""

import fcntl
import gzip
import logging
import logging.config
import os
import re
import shutil
import threading
import time
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog

KEEP_DAYS = 400
# The token of a household plate opens its page, so a path that holds one is cut.
PLATE = re.compile(r"(/(?:h|setup)/)[A-Za-z0-9_\-]{6,}")  # the same of an address that sets an account up
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# Six digits of a place, a date of birth, three digits and a check digit; our household codes hold no date there.
IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}\d{3}[\dXx](?!\d)")
# PostgreSQL repeats the refused row's values in these lines.
DETAIL = re.compile(r"^(DETAIL|CONTEXT|详细信息|上下文):.*$", re.MULTILINE)


def redact(text: str) -> str:
    """The text without plate tokens, phone and identity numbers and the database's quotations of rows."""
    for pattern, substitute in ((PLATE, r"\1…"), (PHONE, "<phone>"), (IDENTITY, "<id>"), (DETAIL, r"\1: …")):
        text = pattern.sub(substitute, text)
    return text


def redact_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: redact every text of an event."""
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


class MonthlyFile(logging.Handler):
    """Appends to ``ROLE-YYYY-MM.log``. Nothing is renamed, so several processes may write the same file."""

    def __init__(self, folder: Path, role: str) -> None:
        super().__init__()
        self.folder, self.role = folder, role
        self.month, self.descriptor = "", -1

    def emit(self, record: logging.LogRecord) -> None:
        """One write per line: lines of different processes do not mix."""
        try:
            line = self.format(record) + "\n"
            self._turn_to(time.strftime("%Y-%m"))
            os.write(self.descriptor, line.encode("utf-8", "replace"))
        except OSError:
            self.handleError(record)

    def _turn_to(self, month: str) -> None:
        if month == self.month:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{self.role}-{month}.log"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        if self.descriptor >= 0:
            os.close(self.descriptor)
            threading.Thread(target=compress_old, args=(self.folder,), daemon=True).start()
        self.month, self.descriptor = month, descriptor

    def close(self) -> None:
        """Close the file."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.month, self.descriptor = "", -1
        super().close()


def worth_a_line(record: logging.LogRecord) -> bool:
    """Not Django's complaint about each unhealthy answer of /healthz, which is asked every few seconds."""
    return not (record.name == "django.request" and getattr(record, "status_code", 0) == 503)


def forget_old(folder: Path) -> list[str]:
    """Remove monthly files older than KEEP_DAYS (the law asks for six months). Returns their names."""
    oldest = time.time() - KEEP_DAYS * 86_400
    old = [path for path in folder.glob("*-????-??.log*") if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return sorted(path.name for path in old)


def compress_old(folder: Path) -> list[str]:
    """Compress the files of months that are over, and what turned over. Returns their names; none while another process is at it.

    Not this month's and the last one's: somebody may still have it open. A crash leaves the file as it was.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return _compress_all(folder)
    except BlockingIOError:
        return []
    finally:
        os.close(handle)


def _compress_all(folder: Path) -> list[str]:
    now = time.localtime()  # by which files are named
    last = f"{now.tm_year - (now.tm_mon == 1)}-{(now.tm_mon - 2) % 12 + 1:02}"
    monthly = [path for path in folder.glob("*-????-??.log") if path.stem[-7:] < last]
    done = [path for path in (*monthly, *folder.glob("*.1")) if path.is_file() and not path.is_symlink()]
    for path in done:
        _compress(path)
    return sorted(path.name for path in done)


def _compress(path: Path) -> None:
    aside = path.with_name(f"{path.name}.part")
    found = path.stat()
    with path.open("rb") as plain, os.fdopen(_private(aside), "wb") as file, gzip.open(file, "wb", 6) as packed:
        shutil.copyfileobj(plain, packed, 1 << 20)
    os.utime(aside, (found.st_atime, found.st_mtime))  # its age counts, not when it was compressed
    if os.geteuid() == 0:
        os.chown(aside, found.st_uid, found.st_gid)
    aside.replace(path.with_name(f"{path.name}.gz"))
    path.unlink()


def _private(path: Path) -> int:
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def logging_settings(folder: Path, role: str, audit: Mapping[str, Any]) -> dict[str, Any]:
    """The LOGGING setting: everything from INFO to the file, warnings to standard error as well; `audit` as
    `dongkou.syslog.sending` puts it together."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": final_processors(),
                "foreign_pre_chain": shared_processors(),
            },
            "bare": {"format": "%(message)s"},
        },
        "filters": {"quiet": {"()": "django.utils.log.CallbackFilter", "callback": worth_a_line}},
        "handlers": {
            "file": {"()": MonthlyFile, "folder": folder, "role": role, "formatter": "json", "filters": ["quiet"]},
            "console": {
                "class": "logging.StreamHandler",
                "level": "WARNING",
                "formatter": "json",
                "filters": ["quiet"],
            },
            **audit["handlers"],
        },
        "root": {"handlers": ["file", "console"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "ERROR"},
            "django.request": {"level": "ERROR"},  # refusals stand in our own request log
            "axes": {"level": "ERROR"},  # it names who failed to sign in; the audit keeps that
            "celery.app.trace": {"level": "WARNING"},  # arguments and results of every task
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},  # every message sent
            **audit["loggers"],
        },
    }


def shared_processors() -> list[Any]:
    """What every event gets, ours or a library's."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def final_processors() -> list[Any]:
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        redact_event,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def configure(settings: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: standard logging and structlog in one."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
