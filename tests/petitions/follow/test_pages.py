"""Following by number and code: what the filer reads and does, and that the number alone opens nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from petitions.models import Petition, PetitionEvent, RatedSubject, Rating, Score
from petitions.states import PetitionState
from petitions.steps.handling import tell
from tests.petitions.filers import TEXT, TITLE, Filer, answered, open_with, people_of, text_of
from tests.world import World

FOLLOW = "/petitions/follow/"


@pytest.fixture
def filer(world: World) -> Filer:
    return Filer()


@pytest.fixture
def filed(filer: Filer) -> tuple[Petition, str]:
    return filer.filed(name="张三丰", phone="13800000001")


def test_number_and_code_open_the_petition(filed: tuple[Petition, str]) -> None:
    petition, code = filed
    client = Client()
    response = open_with(client, petition.number, f"{code[:5]} {code[5:]}".lower())
    assert response.status_code == 302 and response["Location"] == FOLLOW
    page = text_of(client, FOLLOW)
    assert TITLE in page and TEXT in page and "已提交" in page


@pytest.mark.parametrize(
    "spelled",
    [
        lambda number, code: (number.replace("-", ""), code),
        lambda number, code: (number.replace("-", " "), f"{code[:5]}-{code[5:]}"),
        lambda number, code: (number.replace("-", "—"), f"　{code[:5]}　{code[5:]}　"),
        lambda number, code: (wide(number), wide(code.lower())),
        lambda number, code: (f"编号：{number}", f"{code[:5]}·{code[5:]}"),
    ],
)
def test_number_and_code_open_however_they_are_typed(
    filed: tuple[Petition, str], spelled: Callable[[str, str], tuple[str, str]]
) -> None:
    client = Client()
    assert open_with(client, *spelled(filed[0].number, filed[1])).status_code == 302
    assert TITLE in text_of(client, FOLLOW)


def wide(text: str) -> str:
    """In full width."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@pytest.mark.parametrize("code", ["", "AAAAAAAAAA", "x" * 500])
def test_number_without_the_code_shows_nothing(filed: tuple[Petition, str], code: str) -> None:
    client = Client()
    response = open_with(client, filed[0].number, code)
    body = response.content.decode()
    assert response.status_code in (404, 422)
    assert not any(secret in body for secret in (TITLE, TEXT, "张三丰", "东山村"))
    assert TITLE not in client.get(FOLLOW).content.decode()


def test_wrong_code_and_unknown_number_look_the_same(filed: tuple[Petition, str]) -> None:
    pages = []
    for number in (filed[0].number, "430726-2026-999999"):
        response = open_with(Client(), number, "AAAAAAAAAA")
        body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        pages.append((response.status_code, body.replace(number, "")))
    assert pages[0] == pages[1]


def test_code_of_another_petition_does_not_fit(filed: tuple[Petition, str]) -> None:
    _other, code = Filer().filed(title="另一件", text="另一件事的内容")
    client = Client()
    assert open_with(client, filed[0].number, code).status_code == 404
    page = client.get(FOLLOW).content.decode()
    assert TITLE not in page and "另一件" not in page


def test_code_never_stands_in_an_address_or_in_the_database(filed: tuple[Petition, str]) -> None:
    petition, code = filed
    response = open_with(Client(), petition.number, code)
    assert code not in response["Location"]
    assert code not in str(Petition.objects.filter(pk=petition.pk).values().get())


def test_too_many_wrong_codes_are_told_so_and_the_right_one_opens(filed: tuple[Petition, str], settings: Any) -> None:
    petition, code = filed
    settings.ADDRESS_FAILURES = 2
    client = Client()
    answers = [open_with(client, petition.number, "AAAAAAAAAA").status_code for _ in range(3)]
    assert answers == [404, 404, 429] and TITLE not in client.get(FOLLOW).content.decode()
    assert open_with(client, petition.number, code).status_code == 302
    assert TITLE in client.get(FOLLOW).content.decode()


def test_session_ends_by_leaving(filer: Filer, filed: tuple[Petition, str]) -> None:
    assert TITLE in text_of(filer.client, FOLLOW)
    filer.client.post(reverse("petition-follow-leave"))
    assert TITLE not in text_of(filer.client, FOLLOW)
    assert filer.act("withdraw", note="不要了")["Location"] == FOLLOW
    assert Petition.objects.get().state == PetitionState.FILED


def test_session_runs_out(filer: Filer, filed: tuple[Petition, str]) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert TITLE not in text_of(filer.client, FOLLOW)


def test_session_row_holds_no_key(filer: Filer, filed: tuple[Petition, str]) -> None:
    cookie = filer.client.cookies["dongkou_petition"]
    row = Session.objects.latest("expire_date")
    assert cookie.value not in (row.session_key, row.session_data)
    assert cookie["httponly"] and cookie["path"] == "/"
    client = Client()
    client.cookies["dongkou_petition"] = row.session_key
    assert TITLE not in text_of(client, FOLLOW)


def test_signing_in_as_staff_opens_no_filers_page(world: World, filed: tuple[Petition, str]) -> None:
    assert [user for user in people_of(world) if TITLE in text_of(world.client(user), FOLLOW)] == []


def test_every_step_is_told_and_nothing_inside(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    petition = answered(world, filed[0], "路面已经修好，请查看。")
    tell(op_id=uuid4(), petition=petition, by=world.user("department"), told="下周再去看一次。")
    page = text_of(filer.client, FOLLOW)
    assert [
        word for word in ("您提交了", "受理", "交给林业局办理", "路面已经修好", "下周再去看") if word not in page
    ] == []
    assert "派人看过" not in page
    assert world.user("department").display_name not in page


def test_filer_confirms(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    answered(world, filed[0])
    assert "解决了没有？" in text_of(filer.client, FOLLOW)
    assert filer.act("confirm").status_code == 302
    assert Petition.objects.get().state == PetitionState.CONFIRMED
    assert "已经解决" in text_of(filer.client, FOLLOW)


def test_filer_says_not_solved(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    answered(world, filed[0])
    filer.act("reopen", note="只修了一半")
    assert Petition.objects.get().state == PetitionState.ASSIGNED
    page = text_of(filer.client, FOLLOW)
    assert "您说没有解决" in page and "只修了一半" in page


def test_not_solved_needs_words(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    answered(world, filed[0])
    response = filer.act("reopen")
    assert response.status_code == 422 and "理由" in response.content.decode()
    assert Petition.objects.get().state == PetitionState.ANSWERED


def test_second_tap_changes_nothing(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    answered(world, filed[0])
    op_id = str(uuid4())
    assert [filer.act("confirm", op_id=op_id).status_code for _ in range(2)] == [302, 302]
    assert PetitionEvent.objects.filter(kind="confirm").count() == 1


def test_filer_rates_office_and_unit_apart(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    answered(world, filed[0])
    filer.act("rate", office="satisfied", unit="unsatisfied", note="来得晚")
    kept = {(rating.subject, rating.score, rating.via, rating.by) for rating in Rating.objects.all()}
    assert kept == {
        (RatedSubject.OFFICE, Score.SATISFIED, "page", None),
        (RatedSubject.UNIT, Score.UNSATISFIED, "page", None),
    }
    assert "您满意吗" not in text_of(filer.client, FOLLOW)


def test_rating_one_leaves_the_other_open(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    answered(world, filed[0])
    filer.act("rate", unit="fair")
    page = text_of(filer.client, FOLLOW)
    assert 'name="office"' in page and 'name="unit"' not in page and "对责任单位：基本满意" in page


def test_rating_without_a_choice_is_told(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    answered(world, filed[0])
    assert filer.act("rate").status_code == 422
    assert Rating.objects.count() == 0


def test_rating_before_the_answer_is_refused(filer: Filer, filed: tuple[Petition, str]) -> None:
    assert filer.act("rate", unit="satisfied").status_code == 409
    assert "您满意吗" not in text_of(filer.client, FOLLOW)


def test_filer_supplements_and_withdraws(filer: Filer, filed: tuple[Petition, str]) -> None:
    filer.act("supplement", note="昨天又有人摔了")
    assert "昨天又有人摔了" in text_of(filer.client, FOLLOW)
    filer.act("withdraw", note="已经自己修好")
    assert Petition.objects.get().state == PetitionState.WITHDRAWN


def test_unknown_step_is_not_found(filer: Filer, filed: tuple[Petition, str]) -> None:
    assert filer.act("close").status_code == 404
    assert (Petition.objects.get().state, Petition.objects.get().seq) == (PetitionState.FILED, 1)


def test_household_follows_on_its_own_page(world: World) -> None:
    filer = Filer(world.household)
    petition, _code = filer.filed(name="张三丰")
    answered(world, petition)
    assert filer.act("rate", petition.number, unit="satisfied").status_code == 302
    assert filer.act("confirm", petition.number)["Location"] == filer.url("page", petition.number)
    assert "对责任单位：满意" in text_of(filer.client, filer.url("page", petition.number))


@pytest.mark.parametrize("more", [0, 5])
def test_page_costs_the_same_however_long_the_history(
    world: World, filer: Filer, filed: tuple[Petition, str], more: int, django_assert_num_queries: object
) -> None:
    petition = answered(world, filed[0])
    for _ in range(more):
        tell(op_id=uuid4(), petition=petition, by=world.user("department"), told="还在看。")
    with django_assert_num_queries(9):  # session, petition, history, names, ratings, files, letters, promises, messages
        filer.client.get(FOLLOW)


def test_filer_keeps_a_copy(world: World, filer: Filer, filed: tuple[Petition, str]) -> None:
    answered(world, filed[0])
    response = filer.client.get(reverse("petition-follow-copy"))
    copy = response.content.decode()
    assert response["Content-Disposition"].startswith("attachment")
    assert [word for word in (TEXT, "张三丰", "13800000001", "路面已经修好") if word not in copy] == []
    assert "派人看过" not in copy and filed[1] not in copy


def test_copy_is_for_the_filer_alone(world: World, filed: tuple[Petition, str]) -> None:
    assert Client().get(reverse("petition-follow-copy"))["Location"] == FOLLOW
    neighbour = Filer(world.households[1])
    assert neighbour.client.get(neighbour.url("copy", filed[0].number)).status_code == 404
