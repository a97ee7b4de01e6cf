"""给我家的消息: what a household reads behind its plate, in how many queries, and its word on SMS."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.models import OutboxMessage
from households.outbox import reads
from households.own_data.registry import as_json
from households.sms.gateway import FileGateway
from tests.petitions.filers import Filer, text_of
from tests.plates import own_plate
from tests.world import World

pytestmark = pytest.mark.django_db


def message(key: str, household: str) -> OutboxMessage:
    return OutboxMessage.objects.create(key=key, kind="objection.ruled", household=household)


def test_household_reads_its_own_messages_and_no_others(world: World, settings: Any) -> None:
    settings.SMS = FileGateway(Path("/nowhere"))
    message("a", world.household.code)
    OutboxMessage.objects.create(key="b", kind="points.lapsing", household=world.households[1].code)
    filer = Filer(world.household)
    page = text_of(filer.client, reverse("household-messages", args=[filer.token]))
    assert "关于您家的异议有了裁定。" in page and "快到期" not in page
    assert "138****0001" in page and "13800000001" not in page
    assert reverse("household-messages", args=[filer.token]) in text_of(
        filer.client, reverse("plate", args=[filer.token])
    )


def test_messages_are_for_nobody_without_the_pin(world: World) -> None:
    message("a", world.household.code)
    plate, _pin = own_plate(world.household)
    answer = Client().get(reverse("household-messages", args=[plate.token]), follow=True)
    assert "异议有了裁定" not in answer.content.decode()


def test_looking_writes_nothing_and_takes_as_many_queries_for_three(world: World) -> None:
    filer = Filer(world.household)
    address = reverse("household-messages", args=[filer.token])
    counted = []
    for keys in ("a", "bc"):
        for key in keys:
            message(key, world.household.code)
        text_of(filer.client, address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text_of(filer.client, address)
        counted.append(len(asked))
        written = [one["sql"] for one in asked if not one["sql"].startswith("SELECT")]
        assert [sql for sql in written if "outbox" in sql] == []
    assert counted[0] == counted[1]


def test_household_switches_sms_off_and_on(world: World) -> None:
    filer = Filer(world.household)
    address = reverse("choose-household-sms", args=[filer.token])
    page = filer.client.post(address, {"wanted": "0"}, follow=True).content.decode()
    assert "您家现在<strong>不要短信</strong>" in page and not reads.wants_sms(world.household.code)
    filer.client.post(address, {"wanted": "1"})
    assert reads.wants_sms(world.household.code)


def test_own_copy_holds_messages_and_the_word_on_sms(world: World) -> None:
    message("a", world.household.code)
    plate, _pin = own_plate(world.household)
    kept = as_json(plate)["kept"]
    assert kept["给您家的消息"][0]["内容"] == "关于您家的异议有了裁定。"
    assert kept["短信"] == [{"项目": "要不要短信", "内容": "要"}]
