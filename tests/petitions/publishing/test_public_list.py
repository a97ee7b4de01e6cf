"""What everybody may read: only what a person redacted, of what may be public at all, and nothing that leads back."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from households.accounts.actions.accounts import create_user
from households.models import AuditEvent
from households.refusals import Refused
from households.roles import Role
from petitions.board.board import board
from petitions.board.periods import year_to_date
from petitions.cases.actions.merging import classify
from petitions.models import Petition, Publication
from petitions.publishing.actions import Redacted, publish, wish, withdraw_publication
from petitions.publishing.reads import asked, found, year_figures
from petitions.steps import closing
from petitions.steps.handling import recuse
from tests.petitions.desk import LUOPING, LYJ, Desk
from tests.petitions.filers import Filer, open_with
from tests.world import COUNTY, OTHER_TOWNSHIP, PASSWORD, STRANGE, TOWNSHIP, World

pytestmark = pytest.mark.django_db
TITLE, TEXT, ANSWER = "村道损坏", "村里一段路坏了，出行不便。", "路面已经修复，请监督。"


def public(desk: Desk, petition: Petition, *, op_id: Any = None, by: Any = None, **more: Any) -> Publication:
    redacted = Redacted(**{"title": TITLE, "text": TEXT, "answer": ANSWER} | more)
    return publish(op_id=op_id or uuid4(), petition=petition, by=by or desk.office, redacted=redacted)


def refusal(desk: Desk, petition: Petition, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        public(desk, petition, **more)
    assert (
        not Publication.objects.filter(petition=petition, withdrawn_at=None).exists()
        or caught.value.code == "public_already"
    )
    return caught.value.code


def listed(**query: str) -> str:
    answer = Client().get(reverse("petitions-public"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_redacted_copy_stands_in_the_list_and_the_original_stays(desk: Desk) -> None:
    petition = desk.answered()
    public(desk, petition)
    html = listed()
    assert TITLE in html and TEXT in html and ANSWER in html
    kept = Petition.objects.get(pk=petition.pk)
    assert (kept.title, kept.text) == ("门前的路", "门前的路断了三个月。")


def test_nothing_leads_from_the_copy_to_the_petition(desk: Desk) -> None:
    petition = desk.answered()
    public(desk, petition)
    html = listed()
    for secret in (petition.number, petition.number[-6:], petition.title, "断了三个月", "张三丰", "13800000001"):
        assert secret not in html
    assert "公开号" in html


def test_public_numbers_count_publications_not_petitions(desk: Desk) -> None:
    first, second, third = (desk.answered() for _ in range(3))
    numbers = [public(desk, petition).serial for petition in (third, first)]
    withdraw_publication(op_id=uuid4(), petition=third, by=desk.office, reason="改一改")
    assert [*numbers, public(desk, second).serial] == [1, 2, 3]


def test_same_id_publishes_once(desk: Desk) -> None:
    petition, op_id = desk.answered(), uuid4()
    assert public(desk, petition, op_id=op_id) == public(desk, petition, op_id=op_id)
    assert Publication.objects.count() == 1
    assert refusal(desk, petition) == "public_already"


def test_publishing_is_audited_without_words(desk: Desk) -> None:
    petition = desk.answered()
    public(desk, petition)
    withdraw_publication(op_id=uuid4(), petition=petition, by=desk.office, reason="有人认出来了")
    lines = AuditEvent.objects.filter(subject=petition.number, action__in=["petition.publish", "petition.unpublish"])
    assert [line.actor for line in lines] == [desk.office.username] * 2
    assert all(TITLE not in f"{line.detail}" and "认出来" not in f"{line.detail}" for line in lines)


@pytest.mark.parametrize("stage", ["file", "accepted", "assigned", "handled"])
def test_unanswered_petition_is_not_public(desk: Desk, stage: str) -> None:
    assert refusal(desk, getattr(desk, stage)()) == "not_publishable"


@pytest.mark.parametrize("stage", ["answered", "confirmed", "closed"])
def test_answered_petition_may_be(desk: Desk, stage: str) -> None:
    assert public(desk, getattr(desk, stage)()).pk


def accused(desk: Desk) -> Petition:
    petition = desk.answered()
    return classify(op_id=uuid4(), petition=petition, by=desk.office, content="accusation", accused=(LUOPING,))


def test_accusation_is_never_public(desk: Desk) -> None:
    assert refusal(desk, accused(desk)) == "not_publishable"


def test_what_was_an_accusation_is_never_public(desk: Desk) -> None:
    petition = accused(desk)
    classify(op_id=uuid4(), petition=petition, by=desk.office, content="appeal", accused=())
    assert refusal(desk, Petition.objects.get(pk=petition.pk)) == "not_publishable"


def test_becoming_an_accusation_takes_it_off(desk: Desk) -> None:
    petition = desk.answered()
    public(desk, petition)
    classify(op_id=uuid4(), petition=petition, by=desk.office, content="accusation", accused=(LYJ,))
    assert TITLE not in listed()
    gone = Publication.objects.get()
    assert (gone.title, gone.text, gone.answer) == ("", "", "") and gone.withdrawn_by == desk.office
    assert AuditEvent.objects.get(action="petition.unpublish").place == petition.county


def test_classifying_otherwise_leaves_it_public(desk: Desk) -> None:
    petition = desk.answered()
    public(desk, petition)
    classify(op_id=uuid4(), petition=petition, by=desk.office, kind="repeat")
    assert TITLE in listed()


def test_database_refuses_the_publication_of_an_accusation(desk: Desk) -> None:
    petition = accused(desk)
    row = {"county": COUNTY, "year": 2026, "serial": 9, "channel": "people", "title": "x", "text": "x", "answer": "x"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.create(petition=petition, published_at=timezone.now(), published_by=desk.office, **row)


@pytest.mark.parametrize(
    "change",
    [
        "title = '改'",
        "petition_id = petition_id + 1",
        "serial = 99",
        "withdrawn_at = now(), withdrawn_by_id = NULL, year = 2000",
    ],
)
def test_database_refuses_to_change_what_was_public(desk: Desk, change: str) -> None:
    public(desk, desk.answered())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE petitions_publication SET {change}")


def test_reopened_petition_is_hidden_until_it_is_answered_again(desk: Desk) -> None:
    petition = desk.answered()
    public(desk, petition)
    closing.reopen(op_id=uuid4(), petition=petition, by=desk.office, note="没有好")
    assert TITLE not in listed()
    desk.answer(desk.handle(petition))
    assert TITLE in listed()


def test_tied_person_cannot_publish(desk: Desk) -> None:
    petition = desk.answered()
    recuse(op_id=uuid4(), petition=petition, by=desk.office, person=desk.office, note="亲戚")
    assert refusal(desk, petition) == "conflict_of_interest"


def test_named_person_cannot_publish(desk: Desk) -> None:
    person = {"username": "second", "display_name": "钱信访", "role": Role.PETITION_OFFICE, "password": PASSWORD}
    named = create_user(**person, place=desk.world.county, by=None)
    assert refusal(desk, desk.answered(text="钱信访不理人"), by=named) == "conflict_of_interest"


@pytest.mark.parametrize(
    ("field", "words"),
    [("title", "张三丰的路"), ("text", "打13800000001"), ("answer", "请张三丰来"), ("answer", "座机 0744-3322110")],
)
def test_name_or_number_of_the_filer_is_refused(desk: Desk, field: str, words: str) -> None:
    assert refusal(desk, desk.answered(), **{field: words}) == "not_redacted"
    assert refusal(desk, desk.answered(), **{field: words, "seen": True}) == "not_redacted"


def test_warning_must_have_been_read(desk: Desk) -> None:
    petition = desk.answered()
    assert refusal(desk, petition, text="12号门前的路") == "not_seen"
    assert public(desk, petition, text="12号门前的路", seen=True).text == "12号门前的路"


def test_enterprise_is_named_with_its_word_alone(desk: Desk) -> None:
    petition = desk.answered(channel="enterprise", way="enterprise", enterprise="雪峰米业")
    assert refusal(desk, petition, text="雪峰米业停电") == "not_redacted"
    assert public(desk, petition, text="雪峰米业停电", enterprise_agreed=True).pk


@pytest.mark.parametrize("field", ["title", "text", "answer"])
@pytest.mark.parametrize("words", ["", "  ", "长" * 5001])
def test_every_text_is_needed(desk: Desk, field: str, words: str) -> None:
    assert refusal(desk, desk.answered(), **{field: words}) == "invalid"


def test_filers_no_is_respected_before_and_after(desk: Desk) -> None:
    petition = desk.answered()
    wish(op_id=uuid4(), petition=petition, allowed=False)
    assert refusal(desk, petition) == "not_publishable"
    wish(op_id=uuid4(), petition=petition, allowed=True)
    public(desk, petition)
    wish(op_id=uuid4(), petition=petition, allowed=False)
    assert TITLE not in listed()
    assert Publication.objects.get().withdrawn_by is None


def test_withdrawing_needs_a_reason_and_something_public(desk: Desk) -> None:
    petition = desk.answered()
    for reason, code in (("", "note_missing"), ("不妥", "not_public")):
        with pytest.raises(Refused) as caught:
            withdraw_publication(op_id=uuid4(), petition=petition, by=desk.office, reason=reason)
        assert caught.value.code == code


def test_withdrawn_words_are_gone_and_the_reason_is_sealed(desk: Desk) -> None:
    petition = desk.answered()
    public(desk, petition)
    withdraw_publication(op_id=uuid4(), petition=petition, by=desk.office, reason="有人认出张三丰")
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM petitions_publication p")
        [(row,)] = cursor.fetchall()
    assert TITLE not in row and "张三丰" not in row
    assert Publication.objects.get().reason == "有人认出张三丰"
    assert public(desk, petition).serial == 2


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"甲", "乙"}),
        ({"channel": "net"}, {"乙"}),
        ({"township": OTHER_TOWNSHIP}, {"乙"}),
        ({"township": TOWNSHIP, "channel": "net"}, set()),
        ({"q": "水管"}, {"乙"}),
        ({"q": "修复"}, {"甲", "乙"}),
        ({"q": "%"}, set()),
        ({"year": "1999"}, set()),
        ({"channel": "x", "township": "'", "year": "abcd"}, {"甲", "乙"}),
    ],
)
def test_list_is_narrowed(desk: Desk, query: dict[str, str], titles: set[str]) -> None:
    public(desk, desk.answered(), title="甲")
    public(desk, desk.answered(channel="net", way="rednet", place=STRANGE), title="乙", text="水管爆了")
    assert {one.title for one in found(COUNTY, asked(query))} == titles


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(["q", "channel", "township", "year"]), st.text(max_size=60)))
def test_any_query_gives_a_filter(query: dict[str, str]) -> None:
    wanted = asked(query)
    assert len(wanted.words) <= 30 and "\0" not in wanted.words


def test_other_county_has_an_empty_list_or_none(desk: Desk) -> None:
    public(desk, desk.answered())
    assert list(found("430525", asked({}))) == []
    assert Client().get(reverse("petitions-public"), {"county": "430525"}).status_code == 404


def test_year_in_figures_is_that_of_the_board(desk: Desk) -> None:
    for make in (desk.answered, desk.closed, desk.file, desk.accusation):
        make()
    today = timezone.localdate()
    this, _ = year_figures(COUNTY, today)
    total = board(year_to_date(today), COUNTY).total.now
    assert (this.taken, this.due, this.answered) == (total.taken, total.due, total.answered)
    assert f"收到 <b>{this.taken}</b> 件" in listed()


def test_empty_list_says_so(world: World) -> None:
    assert "还没有公开的件" in listed()
    assert "没有找到这样的件" in listed(q="没有的")


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_few_queries(desk: Desk, number: int) -> None:
    for _ in range(number):
        public(desk, desk.answered())
    with CaptureQueriesContext(connection) as caught:
        listed(q="路")
    assert len(caught) <= 8, [query["sql"][:120] for query in caught]


def test_public_pages_lead_to_the_list(world: World) -> None:
    for name in ("petition-new", "petition-follow", "home"):
        assert reverse("petitions-public") in Client().get(reverse(name)).content.decode()


def test_filer_says_no_when_filing(world: World) -> None:
    petition, _ = Filer().filed(keep_private="on")
    assert petition.public_wish.allowed is False
    other, _ = Filer().filed(title="别的事")
    assert not hasattr(other, "public_wish")


def test_filer_says_no_and_yes_on_his_page(desk: Desk) -> None:
    made = desk.filed()
    public(desk, desk.answer(desk.handle(desk.assign(desk.accept(made.petition)))))
    filer = Filer()
    open_with(filer.client, made.petition.number, made.code)
    assert filer.act("keep_private").status_code == 302
    assert TITLE not in listed()
    page = filer.client.get(reverse("petition-follow")).content.decode()
    assert "您说过不要公开" in page
    filer.act("allow_public")
    assert "您说过不要公开" not in filer.client.get(reverse("petition-follow")).content.decode()


def test_filer_of_an_accusation_is_not_asked(desk: Desk) -> None:
    made = desk.filed(content="accusation", accused=(LYJ,))
    client = Client()
    open_with(client, made.petition.number, made.code)
    assert "公开列表" not in client.get(reverse("petition-follow")).content.decode().split("<footer")[0]


@pytest.mark.parametrize("name", ["petition-publish", "petition-unpublish", "petition-publishing"])
def test_only_the_petition_office_redacts(desk: Desk, name: str) -> None:
    parts = [] if name == "petition-publishing" else [desk.answered().number]
    for role in (Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.CADRE):
        check_closed(desk.world.client(role), name, parts)


def check_closed(client: Client, name: str, parts: list[str]) -> None:
    assert {client.get(reverse(name, args=parts)).status_code, client.post(reverse(name, args=parts)).status_code} == {
        403
    }
