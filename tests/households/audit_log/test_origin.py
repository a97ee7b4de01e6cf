"""Where a line came from, what people were refused, and what they took away."""

import json
import logging

import pytest
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject

from dongkou.middleware import signed_in
from households import audit
from households.models import AuditEvent
from households.roles import Role
from households.sealing.sealing import unseal
from tests.world import PASSWORD, VILLAGE, World

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"


def last(action: str) -> AuditEvent:
    return AuditEvent.objects.filter(action=action).latest("pk")


@pytest.fixture
def came_in(world: World) -> AuditEvent:
    """The line of a sign-in from ADDRESS."""
    Client(REMOTE_ADDR=ADDRESS).post("/accounts/sign-in/", {"username": "cadre", "password": PASSWORD})
    return last("account.sign_in")


def test_line_keeps_address_sealed_and_session_as_a_digest(came_in: AuditEvent) -> None:
    assert ADDRESS.encode() not in bytes(came_in.address)
    assert unseal(came_in.address).decode() == ADDRESS
    assert len(came_in.session) == 16


def test_line_of_a_command_comes_from_nowhere(world: World) -> None:
    audit.record(None, "roots.publish")
    assert (last("roots.publish").address, last("roots.publish").session) == (None, "")


def test_auditor_sees_the_address_with_a_reason_that_is_written_down(came_in: AuditEvent, world: World) -> None:
    auditor = world.client(Role.AUDITOR)
    page = f"/audit/{came_in.pk}/address/"
    assert page in auditor.get("/audit/").content.decode()
    assert ADDRESS not in auditor.get(page).content.decode()
    assert ADDRESS not in auditor.post(page, {"reason": " "}).content.decode()
    assert not AuditEvent.objects.filter(action="audit.unmask").exists()
    assert ADDRESS in auditor.post(page, {"reason": "查异常登录"}).content.decode()
    line = last("audit.unmask")
    assert (line.subject, line.detail) == (str(came_in.pk), {"reason": "查异常登录"})


def test_line_of_another_county_is_not_there(world: World) -> None:
    audit.record(None, "event.record", place="430525101001")
    foreign = last("event.record")
    answer = world.client(Role.AUDITOR).post(f"/audit/{foreign.pk}/address/", {"reason": "查异常登录"})
    assert answer.status_code == 404
    assert not AuditEvent.objects.filter(action="audit.unmask").exists()


def test_refusals_are_written_and_counted_from_the_tenth_on(world: World) -> None:
    cadre = world.client(Role.CADRE)
    for _ in range(105):
        assert cadre.get("/audit/").status_code == 403
    found = AuditEvent.objects.filter(action="access.refused", actor="cadre").order_by("pk")
    assert [line.detail["times"] for line in found] == [*range(1, 11), 100]
    assert (found[0].subject, found[0].detail["status"]) == ("/audit/", 403)


def test_a_file_taken_away_is_written_once_an_hour(world: World) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    for _ in range(2):
        answer = office.get(f"/rankings/{world.month}/village/?format=csv")
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="data.download", actor="county_office").count() == 1


def test_nobody_is_looked_up_for_the_log(rf: RequestFactory) -> None:
    def looked_up() -> None:
        raise AssertionError

    request = rf.get("/pictures/")
    request.user = SimpleLazyObject(looked_up)
    assert signed_in(request) is None


def test_request_line_tells_account_and_origin_but_neither_name_nor_address(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    client = world.client(Role.CADRE)
    with caplog.at_level(logging.INFO, "dongkou.request"):
        client.get("/", REMOTE_ADDR=ADDRESS)
    told = str(caplog.records[-1].msg)
    assert str(world.user(Role.CADRE).pk) in told
    assert ADDRESS not in json.dumps(told)
    assert VILLAGE not in told
