"""A household asks to have something corrected; its village answers with words, once."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.models import AuditEvent, CorrectionRequest, CorrectionState, Plate
from households.own_data.actions import LONGEST, answer_correction, ask_correction
from households.refusals import Refused
from households.roles import Role
from tests.audit_failure import audit_down
from tests.plates import own_plate
from tests.world import World

WORDS = "户主的名字写错了，应该是张三峰"


def asked(world: World) -> CorrectionRequest:
    return ask_correction(household=world.household, words=WORDS)


def answered(world: World, one: CorrectionRequest, role: str = Role.CADRE) -> CorrectionRequest:
    return answer_correction(request=one, corrected=True, words="已经改好", by=world.user(role))


def test_request_goes_to_the_village_and_its_answer_back(world: World) -> None:
    plate, pin = own_plate(world.household)
    home, cadre = Client(), world.client(Role.CADRE)
    home.post(reverse("plate", args=[plate.token]), {"pin": pin})
    page = reverse("own-data", args=[plate.token])
    home.post(page, {"words": WORDS})
    assert "户请求更正自己的信息" in cadre.get(reverse("home")).content.decode()
    assert WORDS in cadre.get(reverse("corrections")).content.decode()
    one = CorrectionRequest.objects.get()
    cadre.post(reverse("correction", args=[one.pk]), {"corrected": "no", "words": "身份证上就是这个字"})
    text = home.get(page).content.decode()
    assert "没有更正" in text and "身份证上就是这个字" in text
    assert "户请求更正自己的信息" not in cadre.get(reverse("home")).content.decode()


def test_words_lie_sealed(world: World) -> None:
    one = asked(world)
    [stored] = CorrectionRequest.objects.extra(select={"raw": "asked"}).values_list("raw", flat=True)
    assert WORDS.encode() not in bytes(stored)
    assert one.due_on > timezone.localdate()
    line = AuditEvent.objects.get(action="correction.ask")
    assert WORDS not in str(line.detail)


def test_one_request_at_a_time(world: World) -> None:
    one = asked(world)
    with pytest.raises(Refused, match="还没有答复"):
        asked(world)
    answered(world, one)
    assert asked(world).state == CorrectionState.OPEN


def test_answer_is_given_once(world: World) -> None:
    one = asked(world)
    answered(world, one)
    with pytest.raises(Refused, match="已经答复过"):
        answered(world, one)
    assert CorrectionRequest.objects.get().answer_words == "已经改好"


@pytest.mark.parametrize("words", ["", "   ", "长" * (LONGEST + 1)])
def test_nothing_is_asked_without_words(world: World, words: str) -> None:
    with pytest.raises(Refused):
        ask_correction(household=world.household, words=words)
    assert not CorrectionRequest.objects.exists()


def test_others_neither_see_nor_answer(world: World) -> None:
    one = asked(world)
    for user in (world.stranger(Role.CADRE), world.user(Role.TOWNSHIP)):
        with pytest.raises(Refused, match="不能答复"):
            answer_correction(request=one, corrected=True, words="好", by=user)
        assert WORDS not in world.client(user).get(reverse("correction", args=[one.pk])).content.decode()
    assert WORDS not in world.client(world.stranger(Role.CADRE)).get(reverse("corrections")).content.decode()


def test_nothing_is_asked_or_answered_when_the_audit_fails(world: World) -> None:
    with audit_down():
        asked(world)
    assert not CorrectionRequest.objects.exists()
    one = asked(world)
    with audit_down():
        answered(world, one)
    assert CorrectionRequest.objects.get().state == CorrectionState.OPEN


@pytest.mark.parametrize("change", [{"state": "done"}, {"state": "other"}])
def test_database_refuses_half_an_answer(world: World, change: dict[str, str]) -> None:
    one = asked(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.filter(pk=one.pk).update(**change)


def test_page_takes_the_same_queries_however_many(world: World, django_assert_num_queries: object) -> None:
    cadre = world.client(Role.CADRE)
    for household in world.households[:3]:
        ask_correction(household=household, words=WORDS)
        cadre.get(reverse("corrections"))
        with django_assert_num_queries(4):
            cadre.get(reverse("corrections"))
    assert Plate.objects.count() == 0
