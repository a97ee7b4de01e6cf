"""The auditor's page."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from households import audit
from households.models import AuditEvent
from tests.world import STRANGE, VILLAGE, World


@pytest.fixture
def client(world: World) -> Client:
    audit.record(world.user("cadre"), "event.record", place=VILLAGE, subject="here", clause="WJ02", empty="")
    audit.record(world.user("township"), "sheet.return", place=STRANGE, subject="strange", reason="漏报")
    audit.record(None, "scheme.publish", subject="nowhere")
    audit.record(None, "event.record", place="430525101001", subject="foreign")
    return world.client("auditor")


def subjects(page: str) -> set[str]:
    return {word for word in ("here", "strange", "nowhere", "foreign") if f'data-label="对象">{word}<' in page}


def test_auditor_sees_his_county_and_what_has_no_place(client: Client) -> None:
    page = client.get("/audit/").content.decode()
    assert subjects(page) == {"here", "strange", "nowhere"}
    assert "430525101001" not in page


def test_line_is_told_in_chinese_words(client: Client) -> None:
    page = client.get("/audit/").content.decode()
    for words in ("登记例外", "条款 WJ02", "东山村", "审核退回", "原因 漏报", "县六零办（命令行）"):
        assert words in page
    assert "empty" not in page


def test_actor_is_told_by_name_and_post(client: Client) -> None:
    page = client.get("/audit/").content.decode()
    assert "村干部甲，村干部" in page
    assert "乡镇工作人员甲，乡镇工作人员" in page


def test_actions_are_chosen_under_headings(client: Client) -> None:
    page = client.get("/audit/").content.decode()
    assert '<optgroup label="月度台账">' in page
    assert '<optgroup label="信访件">' in page


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"actor": "cadre"}, {"here"}),
        ({"action": "sheet.return"}, {"strange"}),
        ({"place": "430726201"}, {"here"}),
        ({"place": "430525"}, set()),
        ({"since": "2000-01-02"}, {"here", "strange", "nowhere"}),
        ({"until": "2000-01-02"}, set()),
        ({"actor": "nobody"}, set()),
        ({"actor": "村干部甲"}, {"here"}),
    ],
)
def test_filter_narrows_the_list(client: Client, given: dict[str, str], found: set[str]) -> None:
    assert subjects(client.get("/audit/", given).content.decode()) == found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"place": "村"}, "代码只能是数字"),
        ({"since": "2026-10-02", "until": "2026-10-01"}, "结束的日子不能早于开始的日子"),
        ({"until": "9999-12-31"}, "年份应在 2000 到 2999 之间"),
        ({"action": "nothing"}, 'class="field-fault"'),
    ],
)
def test_unreadable_filter_is_explained_and_shows_nothing(client: Client, given: dict[str, str], words: str) -> None:
    page = client.get("/audit/", given).content.decode()
    assert words in page
    assert subjects(page) == set()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_odd_page_numbers_are_ignored(client: Client, before: str) -> None:
    assert "here" in client.get("/audit/", {"before": before}).content.decode()


def test_older_lines_are_one_link_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("households.audit_log.views.PER_PAGE", 2)
    newest = client.get("/audit/", {"place": "430726"}).content.decode()
    lines = AuditEvent.objects.filter(place__startswith="430726")
    older = f"place=430726&amp;before={lines[1].pk}"
    assert older in newest
    assert (
        f'data-label="对象">{lines[2].subject}<'
        in client.get(f"/audit/?{older.replace('&amp;', '&')}").content.decode()
    )


@pytest.mark.parametrize("more", [0, 3])
def test_page_takes_as_many_queries_for_more_lines(
    world: World, client: Client, more: int, django_assert_num_queries: object
) -> None:
    for number in range(more):
        audit.record(None, "event.record", place=world.sister.code, subject=number)
    client.get("/audit/")  # renews the session
    with django_assert_num_queries(5):
        client.get("/audit/")


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_database_refuses_to_change_the_log(statement: str) -> None:
    audit.record(None, "scheme.publish")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(AuditEvent._meta.db_table))
