"""The virus scanner: a small server that speaks clamd's protocol stands in for the county's."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from dongkou.environment import env_socket
from households.files import cells
from households.files.tables import TableFault
from households.models import AuditEvent
from households.refusals import Refused
from households.roles import Role
from tests.rewards.pictures import photographs
from tests.world import VILLAGE, World

MARK = b"EICAR-LIKE-MARK"
CLEAN, SICK = photographs.photo(), photographs.photo(comment=MARK)


class Clamd(socketserver.StreamRequestHandler):
    """INSTREAM as clamd's manual has it: pieces with their lengths, an empty one at the end, one line in answer."""

    def handle(self) -> None:
        assert self.rfile.readline() == b"nINSTREAM\n"
        seen = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            seen += self.rfile.read(size)
        self.server.seen.append(len(seen))
        self.wfile.write(b"stream: Win.Test.EICAR FOUND\n" if MARK in seen else b"stream: OK\n")


@pytest.fixture
def scanner(settings: LazySettings) -> Iterator[socketserver.TCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.SCANNER = server.server_address
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def away(settings: LazySettings) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Clamd) as server:
        settings.SCANNER = server.server_address  # and nobody listens there any more


def test_clean_file_is_shown_to_the_scanner_whole_and_opened(scanner: socketserver.TCPServer) -> None:
    assert cells.photo(CLEAN).width == 640
    assert scanner.seen == [len(CLEAN)]


@pytest.mark.usefixtures("scanner")
def test_infected_file_is_refused_whatever_it_is() -> None:
    for act in (cells.photo, cells.signature, cells.paper):
        with pytest.raises(Refused, match="查出了病毒") as refused:
            act(SICK)
        assert (refused.value.code, refused.value.status) == ("file_infected", 422)
    with pytest.raises(TableFault, match="查出了病毒"):
        cells.table(MARK, ("a",))


@pytest.mark.usefixtures("away")
def test_file_waits_while_the_scanner_is_away() -> None:
    with pytest.raises(Refused, match="查不了病毒") as refused:
        cells.photo(CLEAN)
    assert refused.value.status == 503


@pytest.mark.usefixtures("away")
def test_file_is_taken_unseen_where_the_county_says_so(settings: LazySettings) -> None:
    settings.SCANNER_AWAY = "take"
    assert cells.photo(CLEAN).width == 640


def test_nobody_is_asked_without_a_scanner(settings: LazySettings) -> None:
    assert settings.SCANNER is None
    assert cells.photo(SICK).width == 640


@pytest.mark.usefixtures("scanner")
def test_infected_upload_of_staff_is_on_the_audit_log(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {"list": SimpleUploadedFile("清单.csv", MARK), "how": "rehearse"}
    answer = world.client(Role.PETITION_OFFICE).post(reverse("petition-import"), sent)
    assert "查出了病毒" in answer.content.decode()
    [line] = AuditEvent.objects.filter(action="file.infected")
    assert (line.subject, line.actor) == ("Win.Test.EICAR", world.user(Role.PETITION_OFFICE).username)


@pytest.mark.usefixtures("scanner")
def test_infected_file_of_a_stranger_reaches_the_security_administrator(world: World, client: Client) -> None:
    """Without where it came from: it may have come with an accusation."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    words = {"content": "appeal", "title": "路灯", "text": "路灯坏了。", "place": VILLAGE, "op_id": str(uuid4())}
    for _ in range(12):
        answer = client.post(reverse("petition-new"), words | {"files": SimpleUploadedFile("a.pdf", b"%PDF" + MARK)})
        assert "查出了病毒" in answer.content.decode()
    lines = AuditEvent.objects.filter(action="file.infected")
    assert [(line.subject, line.actor, line.address, line.session) for line in lines] == [
        ("Win.Test.EICAR", "未登录", None, "")
    ] * 10
    page = world.client(Role.SECURITY_ADMIN).get(reverse("security")).content.decode()
    assert "上传的文件有病毒" in page and "Win.Test.EICAR" in page


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("", None),
        ("unix:/run/c.ctl", "/run/c.ctl"),
        ("/run/c.ctl", "/run/c.ctl"),
        ("av.example:3310", ("av.example", 3310)),
    ],
)
def test_place_of_the_scanner_is_read(monkeypatch: pytest.MonkeyPatch, said: str, place: object) -> None:
    monkeypatch.setenv("DONGKOU_SCANNER", said)
    assert env_socket("DONGKOU_SCANNER") == place


@pytest.mark.parametrize("said", ["clamd", "127.0.0.1:", ":3310", "127.0.0.1:99999", "127.0.0.1:x"])
def test_place_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("DONGKOU_SCANNER", said)
    with pytest.raises(ImproperlyConfigured, match="DONGKOU_SCANNER"):
        env_socket("DONGKOU_SCANNER")
