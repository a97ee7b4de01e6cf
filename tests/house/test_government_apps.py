"""The rules on government apps hold of the whole program: of its columns, addresses, pages and forms; faults are planted."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.forms import FileField
from django.urls import URLPattern, URLResolver, get_resolver

from dongkou.layout import BASE_DIR
from dongkou.self_check.columns import kept_columns
from dongkou.self_check.doors import DOORS, MACHINERY, doors_of
from dongkou.self_check.forbidden import (
    ALLOWED_ADDRESSES,
    ALLOWED_NAMES,
    ALLOWED_OF_PERSONS,
    ALLOWED_SENTENCES,
    PUBLIC_MONEY,
    forbidden_addresses,
    forbidden_columns,
    forbidden_sentences,
)
from households.permissions import ROLES
from households.roles import Role
from script.imports import ROOMS, modules
from tests.addresses import all_views
from tests.world import MONTH, World

# Lists of what must not be asked for hold the words themselves; the invented story of the demo speaks of paper lists.
ABOUT_THEM = re.compile(r"scoring/schemes/protected_acts\.py|dongkou/self_check/|/demo/|/migrations/")
# Where a file must come, the file is what the form is for: a list, the photo of a paper that is keyed in, a photo that is added.
FORMS_FOR_FILES = {
    "CarriedForm",
    "EventPhotoForm",
    "HandInForm",
    "ImportForm",
    "PaperForm",
    "PaperPhotoForm",
    "PhotoForm",
    "SchemeFileForm",
}


def routes() -> dict[str, str]:
    def walk(entries: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
        for entry in entries:
            here = before + re.sub(r"<[^>]*>", "", str(entry.pattern))
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, here)
            else:
                yield entry.name or "", here

    return dict(walk(get_resolver().url_patterns))


def pages() -> dict[str, str]:
    """Everything that a page can say: templates, scripts, and the words in our modules."""
    files = [*BASE_DIR.glob("templates/**/*.html"), *BASE_DIR.glob("static/js/**/*.js"), *modules(*ROOMS).values()]
    texts = {str(file.relative_to(BASE_DIR)): file.read_text("utf-8") for file in files}
    return {file: text for file, text in texts.items() if not ABOUT_THEM.search(file)}


@pytest.mark.django_db
def test_no_column_counts_people_or_sells() -> None:
    columns = kept_columns()
    assert forbidden_columns(columns) == []
    assert {"households_user.session_epoch", "rewards_item.cost_fen"} <= {column.full for column in columns}
    named = {column.full for column in columns} | {column.table for column in columns}
    assert {*ALLOWED_NAMES, *ALLOWED_OF_PERSONS, *PUBLIC_MONEY} <= named


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE households_user ADD sign_in_count integer", "households_user.sign_in_count：使用情况的计数"),
        ("ALTER TABLE households_user ADD diligence integer", "households_user.diligence：按人记的数"),
        ("ALTER TABLE households_user ADD minutes_online integer", "households_user.minutes_online：使用情况的计数"),
        ("ALTER TABLE households_signin ADD reads_total integer", "households_signin.reads_total：使用情况的计数"),
        ("ALTER TABLE households_postmessage ADD read_by bigint", "households_postmessage.read_by：谁看过的计数"),
        ("ALTER TABLE rewards_item ADD price numeric", "rewards_item.price：经营"),
        ("ALTER TABLE rewards_redemption ADD paid_fen bigint", "rewards_redemption.paid_fen：经营（不是公家的钱）"),
        ("ALTER TABLE scoring_scoreevent ADD latitude numeric", "scoring_scoreevent.latitude：行踪"),
        ("CREATE TABLE households_leaderboard (id bigint)", "households_leaderboard：人员的排名"),
        ("CREATE VIEW households_advert AS SELECT 1 AS shown", "households_advert：经营"),
        (
            "CREATE TABLE households_day (person bigint REFERENCES households_user, day date, done int, UNIQUE (person, day))",
            "households_day.done：按人记的数",
        ),
    ],
)
def test_planted_column_is_noticed(statement: str, said: str) -> None:
    """Also one that no model knows: whoever counts by a table of their own is found, too."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert any(said in sentence for sentence in forbidden_columns(kept_columns()))


def test_no_address_leads_to_it() -> None:
    assert forbidden_addresses(routes()) == []
    assert ALLOWED_ADDRESSES.keys() <= routes().keys()


@pytest.mark.parametrize(
    "route", ["staff/leaderboard/", "village/check-in/", "shop/cart/", "accounts/usage/", "h/likes/"]
)
def test_planted_address_is_noticed(route: str) -> None:
    assert forbidden_addresses({"planted": route}) == [f"网址 planted（{route}）"]


def test_no_page_says_it() -> None:
    texts = pages()
    assert len(texts) > 900
    assert forbidden_sentences(texts) == []
    assert all(any(word in text for text in texts.values()) for word in ALLOWED_SENTENCES)


@pytest.mark.parametrize(
    "sentence", ["本月登录次数前十名", "今日打卡", "广告", "微信支付", "村干部活跃度", "已读人数 3"]
)
def test_planted_sentence_is_noticed(sentence: str) -> None:
    assert forbidden_sentences({"templates/planted.html": f"<p>{sentence}</p>"})


def test_every_act_of_a_household_has_a_door_of_paper() -> None:
    """Whatever is open without an account and no machinery: the same by paper or by a person, and that way exists."""
    open_ones = {view.name for view in all_views() if view.audience and view.audience.public}
    assert open_ones == {name for door in DOORS for name in door.names} | MACHINERY
    assert all(door.instead for door in DOORS)
    views = {view.name: view for view in all_views()}
    for door in DOORS:
        for way in door.ways:
            near = {Role.CADRE, Role.TOWNSHIP, Role.PETITION_OFFICE, Role.COUNTY_OFFICE, Role.GROUP_LEADER}
            permission = views[way].audience.permission  # type: ignore[union-attr]
            assert permission is None or any(permission in ROLES[role] for role in near), way


def test_planted_page_without_a_door_is_noticed() -> None:
    assert doors_of("plate-shop") and not doors_of("plate-lottery")


def test_no_form_of_people_demands_a_file() -> None:
    from django import forms

    def below(kind: type) -> Iterator[type]:
        for one in kind.__subclasses__():
            yield from (one, *below(one))

    get_resolver().url_patterns  # noqa: B018 (all forms are imported)
    demanding = {
        one.__name__
        for one in below(forms.BaseForm)
        if one.__module__.split(".")[0] in ROOMS
        and any(isinstance(each, FileField) and each.required for each in getattr(one, "base_fields", {}).values())
    }
    assert demanding == FORMS_FOR_FILES


def test_no_script_asks_where_somebody_is() -> None:
    scripts = [path.read_text("utf-8") for path in BASE_DIR.glob("static/js/**/*.js")]
    assert len(scripts) > 50
    assert not [one for one in scripts if re.search(r"geolocation|watchPosition|getCurrentPosition", one)]


@pytest.mark.django_db
def test_rankings_name_no_official(world: World) -> None:
    """Villages, townships and departments are ranked, never who works there."""
    names = [user.display_name for user in [*world.people.values(), *world.strangers.values()]]
    client = world.client(Role.COUNTY_OFFICE)
    for address in (f"/rankings/{MONTH}/village/", f"/rankings/{MONTH}/township/", f"/departments/rankings/{MONTH}/"):
        page = client.get(address).content.decode()
        main = page[page.index("<main") :]
        assert "东山村" in main or "罗坪乡" in main or "林业局" in main
        assert [name for name in names if name and name in main] == []
