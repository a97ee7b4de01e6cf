"""The review pages: who sees what, every exception opened, one decision even when two people press at once."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from households.roles import Role
from scoring.models import Review, ScoreEvent
from scoring.reviews.actions.reviewing import exceptions_of
from scoring.reviews.reads import open_sheet
from scoring.reviews.rules import DRAWN
from scoring.sheets.actions.sheets import apply_ops
from scoring.states import SheetState
from tests.answers import whole
from tests.scoring.reviews.reviewing_pages import decide, queue, sheet_page
from tests.world import MONTH, STRANGE, VILLAGE, World

BOX = re.compile(r'name="opened" value="([0-9]+)" form="decide"\s+data-opened( checked|)>')
SEES = [Role.CADRE, Role.SUPERVISOR, Role.DEPARTMENT, Role.PETITION_OFFICE, Role.COUNTY_OFFICE]


@pytest.fixture
def declared(world: World) -> World:
    """东山村 with a deduction, an entry that waits for a second person, and a 零非访 entry; all villages declared."""
    world.record(f"{VILLAGE}010001", "WR02")
    world.record(f"{VILLAGE}010002", "WJ04")
    world.record(f"{VILLAGE}020001", "FF01", by=world.user(Role.PETITION_OFFICE), document_no="洞公决字第9号")
    world.record(f"{STRANGE}010001", "WR05", by=world.stranger(Role.CADRE))
    world.declare()
    return world


def test_queue_links_the_waiting_villages(declared: World) -> None:
    text = queue(declared.client(Role.TOWNSHIP)).content.decode()
    assert reverse("review-sheet", args=[MONTH, VILLAGE]) in text
    assert text.index("东山村") < text.index("西河村")
    assert "2 条等第二人确认" in text
    assert "南坪村" not in text


def test_queue_of_a_month_nobody_began_is_not_found(declared: World) -> None:
    client = declared.client(Role.TOWNSHIP)
    for month in ("2031-01", "2024-13", "nonsense"):
        answer = queue(client, month)
        assert (answer.status_code, "东山村" in whole(answer)) == (404, False)


def test_sheet_shows_what_a_reviewer_must_know(declared: World) -> None:
    text = sheet_page(declared.client(Role.TOWNSHIP)).content.decode()
    event = ScoreEvent.objects.get(clause__code="WR02")
    for words in (event.clause.text, "张*", "村干部 村干部甲", "没有（这一条不要求）", f'value="{event.pk}"'):
        assert words in text
    assert "张三丰" not in text
    assert "13800000001" not in text


def test_reviewer_reads_the_document_of_what_he_confirms(declared: World) -> None:
    text = sheet_page(declared.client(Role.TOWNSHIP)).content.decode()
    assert "洞公决字第9号" in text
    assert "审核通过并确认 2 条" in text


@pytest.mark.parametrize("role", [Role.CADRE, Role.SUPERVISOR, Role.DEPARTMENT])
def test_petition_entries_stay_secret_from_onlookers(declared: World, role: str) -> None:
    text = sheet_page(declared.client(role)).content.decode()
    assert "洞公决字第9号" not in text
    assert "零非访条款" in text


@pytest.mark.parametrize("role", SEES)
def test_onlookers_see_the_sheet_without_the_decision(declared: World, role: str) -> None:
    client = declared.client(role)
    text = sheet_page(client).content.decode()
    assert "东山村" in queue(client).content.decode()
    assert "逐条打开看过" not in text
    assert reverse("review-decide", args=[MONTH, VILLAGE]) not in text
    assert decide(client, declared).status_code == 403
    assert declared.sheet().state == SheetState.DECLARED


def test_neighbours_find_nothing(declared: World) -> None:
    stranger = declared.client(declared.stranger(Role.TOWNSHIP))
    assert sheet_page(stranger).status_code == 404
    assert decide(stranger, declared).status_code == 404
    assert "东山村" not in queue(stranger).content.decode()
    assert declared.sheet().state == SheetState.DECLARED


def test_group_leader_cannot_open_the_whole_village(declared: World) -> None:
    answer = sheet_page(declared.client(Role.GROUP_LEADER))
    assert answer.status_code == 404
    assert "张*" not in whole(answer) and "零非访条款" not in whole(answer)


def test_approval_confirms_and_leads_to_the_next_village(declared: World) -> None:
    client = declared.client(Role.TOWNSHIP)
    response = decide(client, declared)
    assert response.url == reverse("review-sheet", args=[MONTH, declared.sister.code])
    assert declared.sheet().state == SheetState.REVIEWED
    assert not ScoreEvent.objects.pending().filter(code__startswith=VILLAGE).exists()
    assert "东山村已通过" in client.get(response.url).content.decode()


def test_last_approval_leads_back_to_the_queue(declared: World) -> None:
    client = declared.client(Role.TOWNSHIP)
    decide(client, declared)
    assert decide(client, declared, village=declared.sister).url == reverse("review", args=[MONTH])


def test_approval_with_one_exception_unopened_is_refused(declared: World) -> None:
    ids = [event.pk for event in exceptions_of(declared.sheet())]
    response = decide(declared.client(Role.TOWNSHIP), declared, opened=ids[:-1])
    text = response.content.decode()
    assert response.status_code == 422
    assert "还有 1 条例外没有打开看过" in text
    assert {box for box, ticked in BOX.findall(text) if ticked} == {str(pk) for pk in ids[:-1]}
    assert declared.sheet().state == SheetState.DECLARED


def test_opened_ids_that_are_no_numbers_count_for_nothing(declared: World) -> None:
    junk = ["", "x", "-1", "9" * 30, "１２"]
    response = decide(declared.client(Role.TOWNSHIP), declared, opened=junk)
    assert "还有 3 条例外没有打开看过" in response.content.decode()


def test_return_opens_the_sheet_and_shows_the_reason(declared: World) -> None:
    client = declared.client(Role.TOWNSHIP)
    assert decide(client, declared, "return", reason="第 2 组漏录一户", opened=[]).status_code == 302
    assert declared.sheet().state == SheetState.OPEN
    assert "第 2 组漏录一户" in queue(client).content.decode()


def test_return_without_a_reason_is_refused(declared: World) -> None:
    response = decide(declared.client(Role.TOWNSHIP), declared, "return", reason="  ")
    assert response.status_code == 422
    assert "要写明原因" in response.content.decode()
    assert declared.sheet().state == SheetState.DECLARED


def test_reviewed_sheet_can_still_be_returned_but_not_approved(declared: World) -> None:
    client = declared.client(Role.TOWNSHIP)
    decide(client, declared)
    text = sheet_page(client).content.decode()
    assert 'value="return"' in text
    assert 'value="approve"' not in text
    assert decide(client, declared, "return", reason="公示前发现漏录").status_code == 302


def test_double_click_decides_once(declared: World) -> None:
    client = declared.client(Role.TOWNSHIP)
    same = {"op_id": str(uuid4()), "seen_version": declared.sheet().version}
    first, second = decide(client, declared, **same), decide(client, declared, **same)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Review.objects.count() == 1


def test_second_reviewer_is_told(declared: World) -> None:
    seen = declared.sheet().version
    decide(declared.client(Role.TOWNSHIP), declared, seen_version=seen)
    late = decide(declared.client(Role.TOWNSHIP), declared, "return", reason="漏录", seen_version=seen)
    assert late.status_code == 409
    assert "您打开以后有了变化" in late.content.decode()
    assert declared.sheet().state == SheetState.REVIEWED


def test_refusal_page_brings_a_fresh_id(declared: World) -> None:
    op_id = str(uuid4())
    client = declared.client(Role.TOWNSHIP)
    refused = decide(client, declared, op_id=op_id, opened=[])
    assert op_id not in refused.content.decode()
    assert decide(client, declared).status_code == 302


@pytest.mark.parametrize("changes", [{"op_id": "x"}, {"decision": "maybe"}, {"seen_version": ""}])
def test_incomplete_form_changes_nothing(declared: World, changes: dict[str, str]) -> None:
    response = decide(declared.client(Role.TOWNSHIP), declared, **changes)
    assert response.status_code == 400
    assert "没有生效" in response.content.decode()
    assert declared.sheet().state == SheetState.DECLARED


def test_sample_is_of_the_village_and_says_who_has_exceptions(declared: World) -> None:
    opened = open_sheet(declared.sheet())
    drawn = {sampled.household.code: sampled.excepted for sampled in opened.sample}
    excepted = {entry.event.code for entry in opened.entries}
    assert len(drawn) == DRAWN
    assert all(code.startswith(VILLAGE) for code in drawn)
    assert {code for code, told in drawn.items() if told} == drawn.keys() & excepted


def test_sample_stays_the_same_for_one_declaration(declared: World) -> None:
    first, again = open_sheet(declared.sheet()), open_sheet(declared.sheet())
    assert first.sample == again.sample


def test_withdrawn_entries_are_told_with_their_reason(world: World) -> None:
    event = world.record(f"{VILLAGE}010001", "WR02")
    raw = {"op_id": str(uuid4()), "type": "withdraw", "event": event.pk, "reason": "认错了人"}
    apply_ops(month=MONTH, village=world.village, raws=[raw], base_version=None, by=world.user(Role.CADRE))
    world.declare(world.village)
    text = sheet_page(world.client(Role.TOWNSHIP)).content.decode()
    assert "认错了人" in text
    assert "录入后又撤回的 1 条" in text
    assert "没有例外要看" in text


@pytest.mark.parametrize("exceptions", [1, 3])
def test_sheet_takes_the_same_queries_however_many_exceptions(
    world: World, exceptions: int, django_assert_num_queries: object
) -> None:
    for number in range(1, exceptions + 1):
        world.record(f"{VILLAGE}01000{number}", "WR02")
    world.declare(world.village)
    sheet = world.sheet()
    with django_assert_num_queries(9):
        open_sheet(sheet)


def test_silent_village_names_its_cadre_and_leads_to_its_sheet(world: World) -> None:
    world.sheet()
    text = queue(world.client(Role.TOWNSHIP)).content.decode()
    assert "村干部甲" in text
    assert f"/village/sheet/{MONTH}/?village={VILLAGE}" in text
    assert "没有账号" in text  # 西河村


def changes(text: str) -> str:
    """What the page says has changed since the sheet was sent back."""
    return text.partition('id="since"')[2].partition("</section>")[0]


def sent_back(declared: World) -> Client:
    client = declared.client(Role.TOWNSHIP)
    decide(client, declared, "return", reason="二组漏了一条")
    return client


def test_returned_sheet_shows_what_changed_since(declared: World) -> None:
    client = sent_back(declared)
    declared.record(f"{VILLAGE}020003", "WR05")
    gone = ScoreEvent.objects.get(clause__code="WR02")
    raw = {"op_id": str(uuid4()), "type": "withdraw", "event": gone.pk, "reason": "核实后没有"}
    apply_ops(month=MONTH, village=declared.village, raws=[raw], base_version=None, by=declared.user(Role.CADRE))
    declared.declare(declared.village)
    told = changes(sheet_page(client).content.decode())
    assert "二组漏了一条" in told
    assert "新登记：第2组 孙* 0003" in told
    assert f"撤回：第1组 张* 0001，{gone.clause.text}" in told
    assert ScoreEvent.objects.get(clause__code="WJ04").clause.text not in told


def test_sheet_declared_again_unchanged_says_so(declared: World) -> None:
    client = sent_back(declared)
    declared.declare(declared.village)
    assert "一处也没有改" in changes(sheet_page(client).content.decode())


def test_sheet_that_was_never_sent_back_speaks_of_no_change(declared: World) -> None:
    assert changes(sheet_page(declared.client(Role.TOWNSHIP)).content.decode()) == ""


def test_what_was_opened_before_stays_opened_unless_it_moved(declared: World) -> None:
    client = sent_back(declared)
    declared.record(f"{VILLAGE}020003", "WR05")
    declared.declare(declared.village)
    fresh = ScoreEvent.objects.get(clause__code="WR05", code__startswith=VILLAGE)
    text = sheet_page(client).content.decode()
    boxes = dict(BOX.findall(text))
    assert boxes.pop(str(fresh.pk)) == ""
    assert set(boxes.values()) == {" checked"}
