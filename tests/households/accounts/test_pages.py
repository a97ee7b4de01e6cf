"""The system admin's pages: the list, new accounts, one-time passwords, closing and opening."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from households.accounts.actions.accounts import create_user
from households.models import Department, Division, User
from tests.world import PASSWORD, World

USERS = "/accounts/users/"
NEW = "/accounts/users/new/"
SECRET = re.compile(r'id="one-time">([^<]+)<')


@pytest.fixture
def client(world: World) -> Client:
    return world.client("system_admin")


@pytest.fixture
def foreigner(world: World) -> User:
    county = Division.objects.create(code="430525", name="洞口县")
    return create_user(
        username="waixian", display_name="外县人", role="auditor", place=county, password=PASSWORD, by=None
    )


def new_account(client: Client, **changed: str) -> object:
    given = {"username": "xinren", "display_name": "新人", "role": "cadre", "place": "东山村"}
    return client.post(NEW, given | changed)


def test_list_shows_own_county_and_departments_only(client: Client, foreigner: User) -> None:
    page = client.get(USERS).content.decode()
    assert "strange-cadre" in page
    assert "林业局" in page
    assert foreigner.username not in page


@pytest.mark.parametrize(
    ("words", "found"), [("南坪", {"strange-cadre"}), ("strange-CADRE", {"strange-cadre"}), ("x", set())]
)
def test_list_finds_by_name_account_or_place(client: Client, words: str, found: set[str]) -> None:
    page = client.get(USERS, {"words": words, "role": "cadre"}).content.decode()
    assert {name for name in ("cadre", "strange-cadre") if f'data-label="账号">{name}<' in page} == found


def test_list_of_a_role_holds_no_other(client: Client) -> None:
    page = client.get(USERS, {"role": "auditor"}).content.decode()
    assert 'data-label="账号">auditor<' in page
    assert 'data-label="账号">cadre<' not in page


def test_list_with_an_unknown_role_shows_everybody(client: Client) -> None:
    assert 'data-label="账号">cadre<' in client.get(USERS, {"role": "emperor"}).content.decode()


@pytest.mark.parametrize("extra", [0, 2])
def test_list_takes_as_many_queries_for_more_accounts(
    world: World, client: Client, extra: int, django_assert_num_queries: object
) -> None:
    for number in range(extra):
        create_user(
            username=f"more{number}",
            display_name="人",
            role="leader",
            place=world.household.group,
            password=PASSWORD,
            by=None,
        )
    client.get(USERS)  # renews the session
    with django_assert_num_queries(6):
        client.get(USERS)


def test_list_turns_pages(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("households.accounts.views.PER_PAGE", 5)
    first = client.get(USERS, {"role": ""}).content.decode()
    assert "第 1 / 3 页，共 15 条" in first
    assert "?role=&amp;page=2" in first
    assert "第 3 / 3 页" in client.get(USERS, {"page": "99"}).content.decode()


@pytest.mark.parametrize("place", ["东山村", "430726201201", "430726201201 ", "４３０７２６２０１２０１"])
def test_new_account_takes_a_place_by_name_or_code(client: Client, world: World, place: str) -> None:
    assert new_account(client, place=place).status_code == 200
    assert User.objects.get(username="xinren").division == world.village


@pytest.mark.parametrize(
    "place", ["东山村第2组", "东山村二组", "东山村 2 组", "罗坪乡东山村第2组", "东山村第二村民小组", "43072620120102"]
)
def test_new_account_takes_a_group_as_people_call_it(client: Client, place: str) -> None:
    new_account(client, place=place, role="leader")
    assert User.objects.get(username="xinren").place_name == "东山村第2组"


def test_places_of_one_name_are_told_apart_by_their_township(client: Client, world: World) -> None:
    Division.objects.create(code="430726202209", name="东山村", parent=world.other_township)
    refused = new_account(client, place="东山村").content.decode()
    assert "有 2 处叫这个名称，请写上乡镇名" in refused
    assert "壶瓶乡东山村（430726202209）" in refused
    new_account(client, place="壶瓶乡东山村")
    assert User.objects.get(username="xinren").division_id == "430726202209"


def test_list_says_who_signed_in_last_when_and_who_is_locked_out(world: World, client: Client) -> None:
    before = client.get(USERS, {"role": "cadre"}).content.decode()
    assert "还没有登录过" in before
    for _ in range(settings.AXES_FAILURE_LIMIT):
        Client().post("/accounts/sign-in/", {"username": "strange-cadre", "password": "wrong"})
    world.client().post("/accounts/sign-in/", {"username": "cadre", "password": PASSWORD})
    after = client.get(USERS, {"role": "cadre"}).content.decode()
    assert f"{timezone.localdate():%Y-%m-%d}" in after
    assert after.count("密码连错，已锁定") == 1


def test_new_account_takes_an_official_township_code(client: Client, world: World) -> None:
    new_account(client, place="430726201000", role="township")
    assert User.objects.get(username="xinren").division == world.township


@pytest.mark.parametrize("place", ["LYJ", "林业局"])
def test_new_account_takes_a_department(client: Client, place: str) -> None:
    new_account(client, place=place, role="department")
    assert User.objects.get(username="xinren").department == Department.objects.get(code="LYJ")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"place": "桃花源"}, "没有找到这个区划或部门"),
        ({"place": "430525"}, "没有找到这个区划或部门"),
        ({"place": "东山社区"}, "名称相近的有：罗坪乡东山村（430726201201）。"),
        ({"place": "洞口村"}, "没有找到这个区划或部门，请核对代码或名称。<"),
        ({"place": "第1组", "role": "leader"}, "有 3 处叫这个名称"),
        ({"place": "罗坪乡"}, "村干部要属于一个村"),
        ({"username": "cadre"}, "已经有了"),
        ({"username": "有 空格"}, "账号只能用汉字、字母、数字"),
        ({"username": ""}, 'class="field-fault"'),
        ({"role": ""}, 'class="field-fault"'),
    ],
)
def test_refused_new_account_says_why(client: Client, foreigner: User, changed: dict[str, str], words: str) -> None:
    before = User.objects.count()
    assert words in new_account(client, **changed).content.decode()
    assert User.objects.count() == before


def test_one_time_password_is_shown_once_and_works_once(world: World, client: Client) -> None:
    answer = new_account(client)
    password = SECRET.search(answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    assert password not in client.get(USERS).content.decode()
    newcomer = world.client()
    newcomer.post("/accounts/sign-in/", {"username": "xinren", "password": password})
    assert newcomer.get("/")["Location"] == "/accounts/password/"


def test_forgotten_password_is_replaced(world: World, client: Client) -> None:
    cadre = world.user("cadre")
    page = client.post(f"{USERS}{cadre.pk}/password/").content.decode()
    cadre.refresh_from_db()
    assert cadre.check_password(SECRET.search(page)[1])
    assert cadre.must_change_password


def test_account_is_closed_and_opened_by_two_buttons_that_a_double_click_does_not_mix_up(
    world: World, client: Client
) -> None:
    account = f"{USERS}{world.user('cadre').pk}"
    assert "账号cadre已停用" in client.post(f"{account}/close/", follow=True).content.decode()
    assert client.post(f"{account}/close/").status_code == 409
    assert not User.objects.get(username="cadre").is_active
    assert "账号cadre已启用。" in client.post(f"{account}/reopen/", follow=True).content.decode()
    assert client.post(f"{account}/reopen/").status_code == 409
    assert User.objects.get(username="cadre").is_active


def test_closing_ones_own_account_is_refused_on_a_page(world: World, client: Client) -> None:
    answer = client.post(f"{USERS}{world.user('system_admin').pk}/close/")
    assert answer.status_code == 422
    assert "不能停用自己的账号。" in answer.content.decode()
    assert User.objects.get(username="system_admin").is_active


def test_htmx_refusal_is_the_box_alone(world: World, client: Client) -> None:
    answer = client.post(f"{USERS}{world.user('system_admin').pk}/close/", headers={"HX-Request": "true"})
    assert answer["HX-Retarget"] == "#refusals"
    assert answer.content.decode().strip().startswith('<div class="notice notice-error"')


@pytest.mark.parametrize("what", ["password", "close", "reopen", "ask"])
def test_account_of_another_county_is_not_found(client: Client, foreigner: User, what: str) -> None:
    assert client.post(f"{USERS}{foreigner.pk}/{what}/").status_code == 404
    foreigner.refresh_from_db()
    assert foreigner.is_active
    assert foreigner.check_password(PASSWORD)
