"""Audit lines leave the machine: as syslog (RFC 5424) to another host or a local socket, and into a file for an agent.

Nobody waits for a receiver: one that does not answer within two seconds is left alone for half a minute, and what was not
sent meanwhile is counted in the log. The audit log itself is complete in any case.
"""

import logging
import os
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import structlog

LOGGER = "dongkou.audit.sent"
_PRIORITY = 13 * 8 + 6  # facility "log audit", severity "informational"
_PATIENCE, _PAUSE = 2.0, 30.0  # seconds
_KINDS = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM, "unix": socket.SOCK_DGRAM}
_PORT = 514

log = structlog.get_logger("dongkou.syslog")


class BadTarget(ValueError):
    """What was set names no receiver."""


class SyslogHandler(logging.Handler):
    """Sends each record's message. Over TCP a line begins with its length (RFC 6587, octet counting)."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target, self.where = target, urlsplit(target)
        self.host = socket.gethostname() or "-"
        self.socket: socket.socket | None = None
        self.lost, self.quiet_until = 0, 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """One line; a connection that was closed meanwhile is opened once more."""
        if time.monotonic() < self.quiet_until:
            self.lost += 1
            return
        line = self._line(record)
        try:
            try:
                self._send(line)
            except OSError:
                self._hang_up()
                self._send(line)
        except OSError as trouble:
            self._hang_up()
            self.lost += 1
            self.quiet_until = time.monotonic() + _PAUSE
            log.warning("audit_not_sent", to=self.target, trouble=str(trouble), lost=self.lost)

    def _line(self, record: logging.LogRecord) -> bytes:
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        at = f"{seconds}.{int(record.msecs):03d}Z"
        head = f"<{_PRIORITY}>1 {at} {self.host} dongkou {os.getpid()} audit - "
        line = head.encode() + b"\xef\xbb\xbf" + self.format(record).encode()
        return b"%d " % len(line) + line if self.where.scheme == "tcp" else line

    def _send(self, line: bytes) -> None:
        if self.socket is None:
            self.socket = self._connect()
        self.socket.sendall(line)

    def _connect(self) -> socket.socket:
        if self.where.scheme == "tcp":
            return socket.create_connection((self.where.hostname, self.where.port or _PORT), timeout=_PATIENCE)
        kind, address = _KINDS[self.where.scheme], self._address()
        opened = socket.socket(socket.AF_UNIX if self.where.scheme == "unix" else address[0], kind)
        opened.settimeout(_PATIENCE)
        try:
            opened.connect(address[1])
        except OSError:
            opened.close()
            raise
        return opened

    def _address(self) -> tuple[Any, Any]:
        if self.where.scheme == "unix":
            return socket.AF_UNIX, self.where.path
        found = socket.getaddrinfo(self.where.hostname, self.where.port or _PORT, type=socket.SOCK_DGRAM)[0]
        return found[0], found[4]

    def _hang_up(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def close(self) -> None:
        """Close the connection."""
        self._hang_up()
        super().close()


def checked(target: str) -> str:
    """udp://host:514, tcp://host:601, unix:///dev/log, or nothing. Raises BadTarget."""
    if not target:
        return ""
    try:
        url = urlsplit(target)
        known = url.scheme in _KINDS and url.port != 0
        known &= url.path.startswith("/") if url.scheme == "unix" else bool(url.hostname)
    except ValueError:
        known = False
    if not known:
        raise BadTarget(target)
    return target


def sending(target: str, path: str) -> dict[str, Any]:
    """The parts of the LOGGING setting that send audit lines away; without any, nobody even puts a line together."""
    handlers: dict[str, Any] = {}
    if target:
        handlers["audit_syslog"] = {"()": SyslogHandler, "target": checked(target), "formatter": "bare"}
    if path:
        handlers["audit_file"] = {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": path,
            "encoding": "utf-8",
            "delay": True,
            "formatter": "bare",
        }
    level = "INFO" if handlers else "CRITICAL"
    return {
        "handlers": handlers,
        "loggers": {LOGGER: {"handlers": list(handlers), "level": level, "propagate": False}},
    }
