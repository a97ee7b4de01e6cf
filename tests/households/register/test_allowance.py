"""Names and telephones in full: so many a day for each official, told beforehand, and an alarm at the last."""

from typing import Any

import pytest
from django.urls import reverse

from households.models import AuditEvent
from households.register.actions import name_in_full, unmask
from households.roles import Role
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def test_limit_counts_telephones_and_names_and_tells_how_many_are_left(world: World, settings: Any) -> None:
    settings.UNMASK_DAILY = 3
    township, households = world.user(Role.TOWNSHIP), world.households[:2]
    address = reverse("show-phone", args=[world.household.code])
    assert "今天还能看 3 次" in world.client(township).get(address).content.decode()
    name_in_full(households=households, reason="核对名册", by=township)
    refused("unmask_limit", lambda: name_in_full(households=households, reason="核对名册", by=township))
    unmask(household=world.household, reason="通知开会", by=township)
    told = refused("unmask_limit", lambda: unmask(household=world.household, reason="通知开会", by=township))
    assert "今天还能看 0 次" in told.hint
    assert "今天还能看 0 次" in world.client(township).get(address).content.decode()
    answer = world.client(township).post(address, {"reason": "通知开会"})
    assert answer.status_code == 429 and "13800000001" not in answer.content.decode()
    unmask(household=world.household, reason="通知开会", by=world.user(Role.CADRE))


def test_last_one_is_told_to_who_watches(world: World, settings: Any) -> None:
    settings.UNMASK_DAILY = 1
    unmask(household=world.household, reason="通知开会", by=world.user(Role.CADRE))
    line = AuditEvent.objects.get(action="household.unmask_limit")
    assert (line.actor, line.detail) == ("cadre", {"most": 1})
    page = world.client(Role.SECURITY_ADMIN).get(reverse("security")).content.decode()
    assert "当天查看姓名电话到上限" in page and "cadre" in page


def test_refused_look_costs_nothing(world: World, settings: Any) -> None:
    settings.UNMASK_DAILY = 1
    cadre = world.user(Role.CADRE)
    refused("no_phone", lambda: unmask(household=world.households[2], reason="通知开会", by=cadre))
    assert unmask(household=world.household, reason="通知开会", by=cadre) == "13800000001"
