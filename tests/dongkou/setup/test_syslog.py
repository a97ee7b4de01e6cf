"""Audit lines leave the machine: into a listening socket, and into a file. Nothing waits for a receiver that is gone."""

import json
import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from dongkou.syslog import LOGGER, BadTarget, SyslogHandler, checked, sending
from households import audit

HEAD = re.compile(r"<110>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ dongkou \d+ audit - \ufeff(\{.*\})")


@pytest.fixture
def sent_to() -> Iterator[object]:
    """``sent_to(target)`` has audit lines sent there for the time of the test."""
    logger, handlers = logging.getLogger(LOGGER), []
    level = logger.level

    def begin(target: str) -> SyslogHandler:
        handlers.append(SyslogHandler(target))
        logger.addHandler(handlers[-1])
        logger.setLevel(logging.INFO)
        return handlers[-1]

    yield begin
    logger.setLevel(level)
    for handler in handlers:
        logger.removeHandler(handler)
        handler.close()


def listening(family: int, kind: int, address: object) -> socket.socket:
    opened = socket.socket(family, kind)
    opened.bind(address)
    opened.settimeout(5)
    return opened


def told(line: bytes) -> dict[str, object]:
    return json.loads(HEAD.fullmatch(line.decode()).group(1))


@pytest.mark.django_db(transaction=True)
def test_a_line_arrives_by_udp_once_it_is_committed(sent_to) -> None:
    with listening(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)) as receiver:
        sent_to(f"udp://127.0.0.1:{receiver.getsockname()[1]}")
        with pytest.raises(RuntimeError), transaction.atomic():
            audit.record(None, "roots.publish", subject="never")
            raise RuntimeError
        audit.record(None, "roots.publish", place="430726", subject="2024-06-12", chains=3)
        line = told(receiver.recv(65_536))
    assert (line["action"], line["subject"], line["detail"]) == ("roots.publish", "2024-06-12", {"chains": 3})
    assert len(line["mac"]) == 64
    assert "address" not in line


@pytest.mark.django_db(transaction=True)
def test_lines_arrive_by_tcp_with_their_length(sent_to) -> None:
    with listening(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)) as receiver:
        receiver.listen()
        sent_to(f"tcp://127.0.0.1:{receiver.getsockname()[1]}")
        audit.record(None, "roots.publish", subject="一")
        audit.record(None, "roots.publish", subject="二")
        connection, _ = receiver.accept()
        with connection, connection.makefile("rb") as stream:
            found = []
            for _ in range(2):
                length = b"".join(iter(lambda: stream.read(1), b" "))
                found.append(told(stream.read(int(length)))["subject"])
    assert found == ["一", "二"]


@pytest.mark.django_db(transaction=True)
def test_a_line_arrives_at_a_local_socket(sent_to, tmp_path: Path) -> None:
    with listening(socket.AF_UNIX, socket.SOCK_DGRAM, str(tmp_path / "log")) as receiver:
        sent_to(f"unix://{tmp_path}/log")
        audit.record(None, "roots.publish", subject="here")
        assert told(receiver.recv(65_536))["subject"] == "here"


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_is_gone_is_counted_and_stops_nothing(sent_to, tmp_path: Path) -> None:
    handler = sent_to(f"unix://{tmp_path}/nobody")
    audit.record(None, "roots.publish", subject="first")
    audit.record(None, "roots.publish", subject="second")
    assert handler.lost == 2


def test_a_file_and_a_receiver_are_asked_for_by_name() -> None:
    parts = sending("udp://10.0.0.9:514", "/var/log/audit.jsonl")
    assert set(parts["handlers"]) == {"audit_syslog", "audit_file"}
    assert parts["loggers"][LOGGER]["level"] == "INFO"
    assert sending("", "")["handlers"] == {}


@pytest.mark.parametrize("target", ["10.0.0.9:514", "udp://", "unix:relative", "tls://host:6514", "udp://host:0"])
def test_what_names_no_receiver_is_refused(target: str) -> None:
    with pytest.raises(BadTarget):
        checked(target)
