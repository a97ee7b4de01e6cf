"""The one-time password must be changed before anything else."""

import pytest
from django.test import Client

from households.accounts.actions import accounts
from households.models import AuditEvent, User
from tests.world import PASSWORD, World

PAGE = "/accounts/password/"
NEW = "Chuntian-2025"


@pytest.fixture
def newcomer(world: World) -> User:
    return accounts.create_user(
        username="xinren", display_name="新人", role="cadre", place=world.village, password=PASSWORD, by=None
    )


@pytest.fixture
def client(world: World, newcomer: User) -> Client:
    return world.client(newcomer)


def change(client: Client, current: str = PASSWORD, password: str = NEW, again: str | None = None) -> object:
    return client.post(PAGE, {"current": current, "password": password, "again": password if again is None else again})


@pytest.mark.parametrize("path", ["/", "/accounts/users/", "/audit/", "/rules/"])
def test_every_page_leads_to_the_change(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_no_post_goes_through_before_the_change(client: Client) -> None:
    before = AuditEvent.objects.count()
    assert client.post("/accounts/users/new/", {"username": "x"})["Location"] == PAGE
    assert AuditEvent.objects.count() == before


def test_api_says_so_in_its_own_shape(client: Client) -> None:
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")


def test_page_says_why_and_offers_no_navigation(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    assert "您用的是一次性密码" in page
    assert 'class="container-xl main-nav"' not in page


def test_newcomer_may_leave(client: Client) -> None:
    assert client.post("/accounts/sign-out/")["Location"] == "/"


def test_change_opens_the_pages_and_keeps_the_session(client: Client) -> None:
    assert change(client)["Location"] == "/"
    page = client.get("/").content.decode()
    assert "密码已修改" in page
    assert "东山村" in page


def test_demo_account_is_not_held_up(world: World) -> None:
    User.objects.filter(username="cadre").update(must_change_password=True)
    assert "东山村" in world.client("cadre").get("/").content.decode()


def test_change_ends_the_other_sessions(world: World, newcomer: User, client: Client) -> None:
    elsewhere = world.client(newcomer)
    change(client)
    assert elsewhere.get(PAGE)["Location"].startswith("/accounts/sign-in/")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"current": "wrong"}, "现在的密码不对。"),
        ({"again": "Chuntian-2026"}, "两次输入的新密码不一样。"),
        ({"password": "Ab1-short"}, "密码至少 10 位，现在是 9 位。"),
        ({"password": "onlysmallletters"}, "三种"),
        ({"password": "Xinren-2025-a"}, "密码里不能包含账号。"),
        ({"password": PASSWORD}, "这个密码用过了。"),
    ],
)
def test_refused_change_says_why_and_changes_nothing(
    client: Client, newcomer: User, given: dict[str, str], words: str
) -> None:
    page = change(client, **given).content.decode()
    assert words in page
    newcomer.refresh_from_db()
    assert newcomer.must_change_password
    assert newcomer.check_password(PASSWORD)


def test_every_fault_of_a_change_is_told_at_once(client: Client) -> None:
    page = change(client, current="wrong", password="abc", again="abd").content.decode()
    assert all(words in page for words in ("现在的密码不对。", "现在是 3 位。", "三种", "两次输入的新密码不一样。"))
