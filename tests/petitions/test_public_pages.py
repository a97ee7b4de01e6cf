"""The page on which a petition is redacted: original and copy side by side, a look before it is public, and back again."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from petitions.models import Petition, Publication
from petitions.publishing.actions import Redacted, publish
from tests.petitions.desk import Desk

pytestmark = pytest.mark.django_db
TEXTS = {"title": "村道损坏", "text": "村里一段路坏了。", "answer": "已经修复。"}


def send(office: Client, petition: Petition, step: str = "publish", *, op_id: Any = None, **given: Any) -> Any:
    sent = {"op_id": str(op_id or uuid4()), "step": step} | TEXTS | given
    return office.post(reverse("petition-publish", args=[petition.number]), sent)


def shown(office: Client, petition: Petition) -> str:
    return office.get(reverse("petition-publish", args=[petition.number])).content.decode()


def test_original_stands_beside_a_first_suggestion(desk: Desk, office: Client) -> None:
    petition = desk.answered(text="张三丰家12号门前的路，打13800000001。")
    html = shown(office, petition)
    assert "张三丰家12号门前的路" in html
    assert "来信人家（门牌略）门前的路，打（电话略）。" in html
    assert "路已经修好。" in html


def test_look_publishes_nothing_and_says_what_is_left(desk: Desk, office: Client) -> None:
    petition = desk.answered()
    html = send(office, petition, "look", text="张三丰家12号").content.decode()
    assert "还不能公开" in html and "来信人的姓名" in html and "门牌" in html
    assert 'value="publish"' not in html
    assert not Publication.objects.exists()


def test_clean_copy_is_offered_to_be_published(desk: Desk, office: Client) -> None:
    html = send(office, desk.answered(), "look").content.decode()
    assert 'value="publish"' in html and "没有找到姓名、电话" in html


def test_warning_asks_to_be_read_first(desk: Desk, office: Client) -> None:
    petition = desk.answered()
    html = send(office, petition, text="12号门前").content.decode()
    assert "逐条看过" in html and 'name="seen"' in html
    assert send(office, petition, text="12号门前", seen="on").status_code == 302


def test_published_page_shows_who_did_it_and_lets_it_be_taken_back(desk: Desk, office: Client) -> None:
    petition = desk.answered()
    assert send(office, petition).status_code == 302
    html = shown(office, petition)
    assert desk.office.display_name in html and "撤下" in html
    back = office.post(reverse("petition-unpublish", args=[petition.number]), {"op_id": str(uuid4()), "note": "不妥"})
    assert back.status_code == 302
    assert "撤下过" in shown(office, petition) and "不妥" in shown(office, petition)


def test_taking_back_without_a_reason_is_refused(desk: Desk, office: Client) -> None:
    petition = desk.answered()
    send(office, petition)
    answer = office.post(reverse("petition-unpublish", args=[petition.number]), {"op_id": str(uuid4())})
    assert answer.status_code == 422
    assert Publication.objects.filter(withdrawn_at=None).count() == 1


def test_refusal_keeps_what_was_typed(desk: Desk, office: Client) -> None:
    answer = send(office, desk.answered(), answer="请打13800000001")
    assert answer.status_code == 422
    assert "请打13800000001" in answer.content.decode()


def test_second_try_is_another_request(desk: Desk, office: Client) -> None:
    petition, op_id = desk.answered(), uuid4()
    html = send(office, petition, op_id=op_id, text="张三丰").content.decode()
    fresh = re.search(r'name="op_id" value="([^"]+)"', html)
    assert fresh and fresh[1] != str(op_id)
    assert send(office, petition, op_id=fresh[1]).status_code == 302


def test_sending_twice_publishes_once(desk: Desk, office: Client) -> None:
    petition, op_id = desk.answered(), uuid4()
    assert {send(office, petition, op_id=op_id).status_code for _ in range(2)} == {302}
    assert Publication.objects.count() == 1


def test_empty_text_comes_back(desk: Desk, office: Client) -> None:
    answer = send(office, desk.answered(), title="")
    assert answer.status_code == 422
    assert TEXTS["text"] in answer.content.decode()
    assert not Publication.objects.exists()


def test_accusation_page_says_never(desk: Desk, office: Client) -> None:
    petition = desk.assign(desk.accept(desk.accusation()), "department:SLJ")
    html = shown(office, petition)
    assert "检举控告件" in html and 'name="step"' not in html
    assert send(office, petition).status_code == 409


@pytest.mark.parametrize(("only", "numbers"), [("", 2), ("public", 1), ("waiting", 1), ("x", 2)])
def test_list_of_what_could_be_public(desk: Desk, office: Client, only: str, numbers: int) -> None:
    done, open_one = desk.answered(), desk.answered()
    desk.file(title="还没答复")
    desk.assign(desk.accept(desk.accusation()), "department:SLJ")
    publish(op_id=uuid4(), petition=done, by=desk.office, redacted=Redacted(**TEXTS))
    html = office.get(reverse("petition-publishing"), {"only": only}).content.decode()
    assert sum(one.number in html for one in (done, open_one)) == numbers
    assert "还没答复" not in html and "采伐证" not in html


def test_list_costs_few_queries(desk: Desk, office: Client) -> None:
    for _ in range(3):
        desk.answered()
    with CaptureQueriesContext(connection) as caught:
        office.get(reverse("petition-publishing"))
    assert len(caught) <= 9


def test_empty_list_says_what_will_stand_there(office: Client) -> None:
    assert "没有这样的件" in office.get(reverse("petition-publishing")).content.decode()


def test_petition_page_leads_the_office_there(desk: Desk, office: Client) -> None:
    petition = desk.answered()
    address = reverse("petition-publish", args=[petition.number])
    assert address in office.get(reverse("petition", args=[petition.number])).content.decode()
    handler = desk.world.client(desk.handler).get(reverse("petition", args=[petition.number])).content.decode()
    assert address not in handler
