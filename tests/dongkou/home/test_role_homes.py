"""`/` for everyone who is signed in."""

import pytest

from households.house.navigation import entries
from households.roles import Role
from scoring.months.months import open_month
from tests import copies
from tests.world import World

WORDS = {
    Role.GROUP_LEADER: ("东山村第1组", "打开台账", "要办的事"),
    Role.CADRE: ("东山村", "打开台账", "月度台账"),
    Role.SUPERVISOR: ("东山村", "打开台账", "排名"),
    Role.TOWNSHIP: ("罗坪乡", "去审核", "2 个村"),
    Role.DEPARTMENT: ("林业局", "看本月排名", "2 个村"),
    Role.PETITION_OFFICE: ("石门县", "信访局", "3 个村"),
    Role.COUNTY_OFFICE: ("石门县", "按乡镇看", "3 个村"),
    Role.SYSTEM_ADMIN: ("石门县账号", "新建账号", "按角色"),
    Role.SECURITY_ADMIN: ("石门县安全", "看安全事件"),
    Role.AUDITOR: ("石门县审计", "查审计记录", "最新记录"),
}
ABSENT = {
    Role.GROUP_LEADER: ("审核</a>", "账号</a>", "审计记录"),
    Role.CADRE: ("去审核", "账号</a>", "审计记录"),
    Role.SYSTEM_ADMIN: ("月度台账", "排名", "审计记录"),
    Role.AUDITOR: ("月度台账", "排名", "/accounts/users/"),
    Role.SECURITY_ADMIN: ("月度台账", "排名", "/accounts/users/", "审计记录"),
    Role.COUNTY_OFFICE: ("去审核", "审计记录"),
}
QUERIES = {
    Role.GROUP_LEADER: 10,
    Role.CADRE: 17,  # of these for what waits: confirmations, reminders, stocktake, ballots, and one for all that is only counted
    Role.SUPERVISOR: 13,  # the same
    Role.TOWNSHIP: 17,  # read up to where, reminders, all that is only counted
    Role.DEPARTMENT: 16,
    Role.PETITION_OFFICE: 17,  # confirmations, wishes to erase
    Role.COUNTY_OFFICE: 20,  # one's account, the clock, forced freezings, runs, reviews, all that is only counted; awards
    Role.SYSTEM_ADMIN: 7,  # one's own account, requests that wait for this person and for others
    Role.SECURITY_ADMIN: 5,
    Role.AUDITOR: 7,
}


@pytest.mark.parametrize("role", WORDS)
def test_home_speaks_to_the_role(world: World, role: str) -> None:
    page = world.client(role).get("/").content.decode()
    assert [words for words in WORDS[role] if words not in page] == []


@pytest.mark.parametrize("role", ABSENT)
def test_home_offers_nothing_the_role_may_not_open(world: World, role: str) -> None:
    page = world.client(role).get("/").content.decode()
    assert [words for words in ABSENT[role] if words in page] == []


@pytest.mark.parametrize("months", [1, 2])
@pytest.mark.parametrize("role", QUERIES)
def test_home_takes_few_queries_however_many_months(
    world: World, role: str, months: int, django_assert_num_queries: object
) -> None:
    copies.once(f"home after {months} months", lambda: gone_by(world, months))
    client = world.client(role)
    client.get("/")  # renews the session
    with django_assert_num_queries(QUERIES[role]):
        client.get("/")


def gone_by(world: World, months: int) -> None:
    for month in ("2024-04", "2024-05")[:months]:
        world.record(world.household.code, "WJ02") if month == "2024-05" else None
        world.frozen_month(month)


def test_home_of_a_village_shows_no_neighbour(world: World) -> None:
    world.frozen_once()
    page = world.client(Role.CADRE).get("/").content.decode()
    assert "100.00" in page
    assert "西河村" not in page
    assert "南坪村" not in page


def test_home_of_a_township_shows_no_other_township(world: World) -> None:
    page = world.client(Role.TOWNSHIP).get("/").content.decode()
    assert "东山村" in page
    assert "南坪村" not in page


def test_county_in_figures_of_accounts(world: World) -> None:
    page = world.client(Role.SYSTEM_ADMIN).get("/").content.decode()
    assert "<strong>15</strong><span>启用</span>" in page


def test_auditor_sees_failures_of_the_last_days(world: World) -> None:
    world.client().post("/accounts/sign-in/", {"username": "cadre", "password": "wrong"})
    page = world.client(Role.AUDITOR).get("/").content.decode()
    assert "<strong>1</strong>" in page
    assert "登录失败" in page


def test_auditor_reads_who_acted_by_name_and_post(world: World) -> None:
    world.client(Role.CADRE).post("/accounts/sign-out/")
    name = world.user(Role.CADRE).display_name
    assert f"{name}，村干部" in world.client(Role.AUDITOR).get("/").content.decode()


def test_current_page_is_marked_in_the_navigation(world: World) -> None:
    page = world.client(Role.AUDITOR).get("/audit/").content.decode()
    assert '<a href="/audit/" aria-current="page">' in page
    assert page.count('aria-current="page"') == 1
    assert page.count('aria-current="true"') == 1  # the same room in the menu of a phone


def test_head_is_answered_and_post_is_not(world: World) -> None:
    head, post = world.client(Role.CADRE).head("/"), world.client(Role.CADRE).post("/")
    assert (head.status_code, head.content) == (200, b"")
    assert (post.status_code, post["Allow"]) == (405, "GET, HEAD")


def test_rooms_of_petitions_stand_on_a_second_row(world: World) -> None:
    found = {entry.label: entry for entry in entries(world.user(Role.PETITION_OFFICE), "2024-06", "promises")}
    rooms = {room.label: room.current for room in found["信访"].rooms}
    assert found["信访"].current and rooms["承诺"] and not rooms["接访"]


def test_second_row_is_shown_on_pages_of_petitions_alone(world: World) -> None:
    client = world.client(Role.PETITION_OFFICE)
    assert "sub-nav" in client.get("/petitions/promises/").content.decode()
    assert "sub-nav" not in client.get("/").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_every_room_of_the_navigation_opens(world: World, role: str) -> None:
    client, user = world.client(role), world.user(role)
    for entry in entries(user, "2024-06", ""):
        for room in entry.rooms:
            answer = client.get(room.url)
            assert answer.status_code == 200, room
            assert f'<a href="{room.url}" aria-current="page">' in answer.content.decode(), room


REACHED = {
    Role.TOWNSHIP: ("月度台账", "户名册", "审核"),
    Role.COUNTY_OFFICE: ("月度台账", "户名册", "审核"),
    Role.DEPARTMENT: ("月度台账", "户名册"),
    Role.SUPERVISOR: ("月度台账", "户名册"),
}


@pytest.mark.parametrize("role", REACHED)
def test_menu_names_what_the_role_works_with(world: World, role: str) -> None:
    labels = [entry.label for entry in entries(world.user(role), "", "home")]
    assert [label for label in REACHED[role] if label not in labels] == []


@pytest.mark.parametrize("month", ["", "2024-05"])
@pytest.mark.parametrize("role", list(Role))
def test_every_entry_of_the_menu_leads_somewhere(world: World, role: str, month: str) -> None:
    world.frozen_once()
    client, user = world.client(role), world.user(role)
    home = client.get("/").content.decode()
    for entry in entries(user, month, ""):
        answer = client.get(entry.url, follow=True)
        assert answer.status_code == 200, entry
        assert f'<a href="{entry.url}"' in home or month, entry
        here = answer.resolver_match.url_name
        assert [each.label for each in entries(user, month, here) if each.current] == [entry.label], here


@pytest.mark.parametrize("role", list(Role))
def test_menu_of_a_phone_holds_every_room(world: World, role: str) -> None:
    page = world.client(role).get("/").content.decode()
    menu = page.partition('<details class="container-xl rooms"')[2].partition("</details>")[0]
    assert [entry.label for entry in entries(world.user(role), "", "home") if f"{entry.label}<" not in menu] == []


def test_menu_opens_the_month_that_is_due(world: World) -> None:
    open_month("2024-04")
    world.frozen_month()
    township = world.client(Role.TOWNSHIP)
    urls = {entry.label: entry.url for entry in entries(world.user(Role.TOWNSHIP), "", "home")}
    assert township.get(urls["排名"])["Location"] == "/rankings/2024-05/village/"  # frozen, though this month runs
    assert township.get(urls["部门排名"])["Location"] == "/departments/rankings/2024-05/"


def test_menu_opens_the_review_that_waits(world: World) -> None:
    world.declare()
    url = next(entry.url for entry in entries(world.user(Role.TOWNSHIP), "", "home") if entry.label == "审核")
    assert world.client(Role.TOWNSHIP).get(url)["Location"] == "/township/review/2024-05/"
