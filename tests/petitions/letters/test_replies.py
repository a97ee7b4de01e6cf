"""Ready-made words: what is shipped, how gaps are filled, and how the petition office keeps them."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from households.models import AuditEvent
from households.refusals import Refused
from households.roles import Role
from petitions.letters import replies
from petitions.letters.actions import keep_template, retire_template
from petitions.letters.replies import GAPS, SHIPPED, USED_FOR, filled, offered
from petitions.models import ReplyTemplate
from petitions.states import PetitionAction
from tests.petitions.desk import Desk
from tests.petitions.filers import text_of
from tests.world import COUNTY

FACTS = dict.fromkeys(GAPS, "某")


# Without a database


def test_shipped_texts_are_named_apart() -> None:
    assert len({one.key for one in SHIPPED}) == len({(one.action, one.name) for one in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.key)
def test_shipped_text_passes_its_own_check(one: replies.Reply) -> None:
    replies.check(one.action, one.name, one.text)
    assert "{" not in filled(one.text, FACTS)


def test_every_main_step_has_a_shipped_text() -> None:
    main = {PetitionAction.ACCEPT, PetitionAction.NOT_ACCEPT, PetitionAction.REDIRECT, PetitionAction.ANSWER}
    assert main | {PetitionAction.EXTEND, PetitionAction.REVIEW} <= {one.action for one in SHIPPED}
    assert {one.action for one in SHIPPED} <= set(USED_FOR)


def test_no_shipped_text_cites_an_article_or_threatens() -> None:
    assert not [one.key for one in SHIPPED if re.search(r"第.{1,4}条|处罚|扣分|责任自负", one.text)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{编号}已受理", "430726-2026-000001已受理"),
        ("{ 编号 }", "430726-2026-000001"),
        ("{未知}", "{未知}"),
        ("{}", "{}"),
        ("{{编号}}", "{430726-2026-000001}"),
    ],
)
def test_gaps_are_filled_and_the_rest_stays(text: str, told: str) -> None:
    assert filled(text, {"编号": "430726-2026-000001"}) == told


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"action": "close"}, "action"),
        ({"name": ""}, "name"),
        ({"name": "长" * 31}, "name"),
        ({"text": ""}, "text"),
        ({"text": "{姓名}您好"}, "text"),
        ({"text": "长" * 2001}, "text"),
    ],
)
def test_faults_of_a_template_are_named(given: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as caught:
        replies.check(**{"action": "accept", "name": "受理", "text": "已受理"} | given)
    assert field in caught.value.fields


# With one


def keep(desk: Desk, **given: Any) -> ReplyTemplate:
    base = {"op_id": uuid4(), "by": desk.office, "action": "tell", "name": "上门", "text": "{承办单位}明天上门。"}
    return keep_template(**base | given)


def names(action: str = "tell") -> list[str]:
    return [one.name for one in offered(COUNTY) if one.action == action]


pages = pytest.mark.django_db


@pages
def test_own_template_stands_beside_the_shipped_ones(desk: Desk) -> None:
    before = names()
    keep(desk)
    assert names() == [*before, "上门"]
    assert "上门" not in [one.name for one in offered("430525")]


@pages
def test_changed_shipped_one_stands_in_its_place(desk: Desk) -> None:
    before = names("accept")
    row = keep(desk, key="accept-plain", action="accept", name=before[0], text="收到了。")
    assert (row.shipped, names("accept")) == ("accept-plain", before)
    assert replies.found(COUNTY, str(row.pk)).text == "收到了。"
    again = keep(desk, key=str(row.pk), action="accept", name=before[0], text="真的收到了。")
    assert again.pk == row.pk and ReplyTemplate.objects.count() == 1


@pages
@pytest.mark.parametrize("key", ["accept-plain", ""])
def test_retired_one_is_offered_no_more(desk: Desk, key: str) -> None:
    key = key or str(keep(desk, action="accept").pk)
    count = len(names("accept"))
    retire_template(op_id=uuid4(), by=desk.office, key=key)
    assert len(names("accept")) == count - 1
    with pytest.raises(Refused) as caught:
        keep(desk, key=key, action="accept")
    assert caught.value.status == 404


@pages
def test_name_is_taken_once(desk: Desk) -> None:
    keep(desk)
    with pytest.raises(Refused) as caught:
        keep(desk)
    assert caught.value.code == "name_taken"


@pages
def test_same_id_again_keeps_one(desk: Desk) -> None:
    op_id = uuid4()
    assert keep(desk, op_id=op_id).pk == keep(desk, op_id=op_id).pk


@pages
def test_keeping_is_audited(desk: Desk) -> None:
    row = keep(desk)
    retire_template(op_id=uuid4(), by=desk.office, key=str(row.pk))
    lines = AuditEvent.objects.filter(subject=f"template {row.pk}").order_by("id")
    assert [line.action for line in lines] == ["petition.template", "petition.template_retire"]


@pages
@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.CADRE])
def test_nobody_else_keeps_templates(desk: Desk, role: str) -> None:
    with pytest.raises(Refused) as caught:
        keep(desk, by=desk.world.user(role))
    assert (caught.value.status, ReplyTemplate.objects.exists()) == (403, False)
    keep(desk)
    page = desk.world.client(role).get(reverse("petition-templates"))
    assert page.status_code == 403 and "明天上门" not in page.content.decode()


@pages
def test_page_lists_edits_and_retires(desk: Desk) -> None:
    client = desk.world.client(desk.office)
    assert "本县改写" not in text_of(client, reverse("petition-templates"))
    sent = {"op_id": str(uuid4()), "action": "tell", "name": "上门", "text": "{承办单位}明天上门。"}
    assert client.post(reverse("petition-template-new"), sent).status_code == 302
    key = str(ReplyTemplate.objects.get().pk)
    assert "本县改写" in text_of(client, reverse("petition-templates"))
    assert "明天上门" in text_of(client, reverse("petition-template", args=[key]))
    assert client.post(reverse("petition-template-retire", args=[key]), {"op_id": str(uuid4())}).status_code == 302
    assert client.get(reverse("petition-template", args=[key])).status_code == 404


@pages
def test_page_shows_what_is_wrong(desk: Desk) -> None:
    sent = {"op_id": str(uuid4()), "action": "tell", "name": "上门", "text": "{姓名}您好"}
    answer = desk.world.client(desk.office).post(reverse("petition-template-new"), sent)
    assert answer.status_code == 422
    assert "没有“{姓名}”这个空" in answer.content.decode()


@pages
def test_steps_form_offers_filled_texts(desk: Desk) -> None:
    petition = desk.handled()
    html = text_of(desk.world.client(desk.handler), reverse("petition", args=[petition.number]))
    assert "答复：已经解决" in html
    assert f"反映的事项（{petition.number}），林业局已经办理完毕" in html
    assert 'data-replies-for="answer-told"' in html and "letters/replies" in html


@pages
def test_filled_texts_name_nobody(desk: Desk) -> None:
    petition = desk.assigned()
    told = replies.for_steps(petition, petition.assignments.all(), list(PetitionAction))
    words = "".join(text for texts in told.values() for _name, text in texts)
    assert "张三丰" not in words and "13800000001" not in words and "林业局" in words


@pages
def test_due_day_is_the_one_of_the_page(desk: Desk) -> None:
    petition = desk.assigned()
    facts = replies.facts_of(petition, [])
    assert facts["到期日"].startswith(f"{petition.due_on.year}年{petition.due_on.month}月{petition.due_on.day}日")
    assert facts["信访局"] == "石门县信访局"
