"""待办和消息: what waits for each post, what it was told, in how many queries, and that nobody's reading is kept."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from dongkou.layout import BASE_DIR
from households.inbox.actions import KEPT, forget, post_of, tell
from households.inbox.kinds import kind_of
from households.inbox.reads import told
from households.models import PostMessage, User
from households.roles import Role
from scoring.ledger import expiry
from scoring.ledger.owners import Owner
from scoring.objections.actions.filing import ObjectionFiling, file_by_household
from scoring.restatements import actions as restating
from scoring.reviews.actions.reviewing import return_sheet, revoke
from tests.audit_failure import audit_down
from tests.constraints import broken
from tests.scoring.earning import earn
from tests.scoring.objections.objecting import ruled
from tests.scoring.restatements.adjusting import ask_addition
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
ADDRESS = "/inbox/"
MAX_QUERIES = 10
RETURNED = "2024年5月的台账被乡镇退回"


def words(user: User) -> list[str]:
    return [one.words for one in told(user)]


def page(world: World, role: str) -> str:
    return world.client(role).get(ADDRESS).content.decode()


def returned(world: World) -> None:
    world.declare(world.village)
    return_sheet(sheet=world.sheet(), reason="三组还有两户没有填", by=world.user(Role.TOWNSHIP))


def frozen(world: World) -> None:
    """A month behind us, and what was told of its end."""
    world.frozen_month()
    PostMessage.objects.all().delete()


def test_it_says_so_when_nothing_waits_and_nothing_happened(world: World) -> None:
    said = page(world, Role.AUDITOR)
    assert "现在没有等您办的事" in said and "最近没有消息" in said


def test_returned_sheet_waits_for_the_cadre_and_is_told_them_once(world: World) -> None:
    returned(world)
    said = page(world, Role.CADRE)
    assert said.count(RETURNED) == 1
    assert "张台账被乡镇退回" in said
    assert reverse("sheet", args=[MONTH]) in said
    assert words(world.user(Role.SUPERVISOR)) == words(world.stranger(Role.CADRE)) == []


def test_who_takes_the_post_over_reads_on(world: World) -> None:
    returned(world)
    User.objects.filter(pk=world.user(Role.SUPERVISOR).pk).update(role=Role.CADRE)
    [said] = words(User.objects.get(pk=world.user(Role.SUPERVISOR).pk))
    assert said.startswith(RETURNED)


def test_post_of_a_place_that_absorbed_another_reads_its_messages(world: World) -> None:
    returned(world)
    other = world.stranger(Role.CADRE)
    other.former_places = [VILLAGE]
    assert len(words(other)) == 1


def test_declared_sheets_wait_for_the_township_by_month(world: World) -> None:
    world.declare(world.village, world.sister)
    said = page(world, Role.TOWNSHIP)
    assert re.search(r"<strong>2</strong>\s*<span>个村已申报，等您审核<small>2024年5月", said)
    assert "个村已申报" not in world.client(world.stranger(Role.TOWNSHIP)).get(ADDRESS).content.decode()


def test_review_that_the_county_sends_back_is_told_the_township(world: World) -> None:
    world.declare(world.village)
    world.approve(world.village)
    revoke(sheet=world.sheet(), reason="抽查的户没有看", by=world.user(Role.COUNTY_OFFICE))
    assert words(world.user(Role.TOWNSHIP)) == ["2024年5月的审核被县里退回，请重新审核。"]


def test_ruling_is_told_the_panel_and_who_recorded_and_nobody_else(world: World) -> None:
    event = world.record(world.household.code, "WJ02")
    frozen(world)
    filed = file_by_household(op_id=uuid4(), filing=ObjectionFiling(MONTH, world.household.code, "不是我家", event.pk))
    ruled(filed["id"], world.user(Role.TOWNSHIP), upheld=False)
    heard = {role for role in Role if words(world.user(role))}
    assert heard == {Role.CADRE, Role.SUPERVISOR}
    assert "不是我家" not in page(world, Role.SUPERVISOR)


def test_decided_correction_is_told_whoever_asked_for_it(world: World) -> None:
    frozen(world)
    asked = ask_addition(world, world.household.code)
    restating.refuse(op_id=uuid4(), adjustment=asked.pk, reason="证据不足", by=world.user(Role.COUNTY_OFFICE))
    assert words(world.user(Role.TOWNSHIP)) == [f"您这里申请的锁定后调整（第 {asked.pk} 号）：不同意。"]


def test_points_of_village_and_department_that_will_lapse_are_told_there(world: World) -> None:
    for owner in (Owner("division", VILLAGE), Owner("department", "LYJ"), Owner("household", world.household.code)):
        earn(owner, 10, year=2024)
    for place in expiry.places():
        expiry.remind(place, on=date(2025, 12, 11))
        expiry.remind(place, on=date(2025, 12, 12))
    PostMessage.objects.update(at=timezone.now())
    for role in (Role.CADRE, Role.DEPARTMENT):
        [said] = words(world.user(role))
        assert "2024年获得的积分还没有用" in said
    assert words(world.user(Role.TOWNSHIP)) == []


def test_same_thing_told_twice_is_there_once(world: World) -> None:
    for _ in range(2):
        tell("sheet.return", key=1, to=[post_of(world.user(Role.CADRE))] * 2, about=[MONTH])
    assert PostMessage.objects.count() == 1


def test_nothing_is_told_when_the_action_fails(world: World) -> None:
    world.declare(world.village)
    with audit_down():
        return_sheet(sheet=world.sheet(), reason="再看", by=world.user(Role.TOWNSHIP))
    assert not PostMessage.objects.exists()


def test_database_refuses_posts_that_nobody_holds_and_halves(world: World) -> None:
    good = {"key": "a", "kind": "k", "role": Role.CADRE, "place": VILLAGE}
    for wrong, name in (({"role": "mayor"}, "message_to_a_known_post"), ({"place": ""}, "message_whole")):
        broken(lambda given=good | wrong: PostMessage.objects.create(**given), name)


def test_old_messages_are_shown_no_more_and_then_go(world: World) -> None:
    returned(world)
    PostMessage.objects.update(at=timezone.now() - timedelta(days=31))
    assert words(world.user(Role.CADRE)) == []
    assert forget() == 0
    PostMessage.objects.update(at=timezone.now() - KEPT - timedelta(days=1))
    assert forget() == 1


def test_message_of_a_kind_that_nobody_speaks_for_is_left_out(world: World) -> None:
    tell("gone", key=1, to=[post_of(world.user(Role.CADRE))], about=[])
    assert words(world.user(Role.CADRE)) == []


def test_every_kind_that_the_code_tells_is_spoken_for() -> None:
    rooms = ("households", "scoring", "petitions", "rewards", "dongkou")
    sources = [path.read_text() for room in rooms for path in Path(BASE_DIR, room).rglob("*.py")]
    told_of = {name for text in sources for name in re.findall(r'\btell\(\s*"([a-z._]+)"', text)}
    assert told_of and [name for name in told_of if kind_of(name) is None] == []


def test_reading_leaves_no_trace(world: World) -> None:
    returned(world)
    client = world.client(Role.CADRE)
    client.get(ADDRESS)
    before = {model: model.objects.count() for model in apps.get_models()}
    client.get(ADDRESS)
    assert {model: model.objects.count() for model in apps.get_models()} == before


def test_number_stands_in_the_menu_of_the_next_page(world: World) -> None:
    client = world.client(Role.TOWNSHIP)
    world.declare(world.village, world.sister)
    first = client.get("/").content.decode()
    assert 'hx-get="/inbox/number/"' in first
    assert '<span hx-swap-oob="innerHTML:.inbox-number">2</span>' in client.get("/inbox/number/").content.decode()
    then = client.get("/").content.decode()
    assert then.count('<span class="inbox-number">2</span>') == 3
    assert 'hx-get="/inbox/number/"' not in then


def test_number_is_of_the_post_and_not_kept_for_another(world: World) -> None:
    world.declare(world.village)
    world.client(Role.TOWNSHIP).get(ADDRESS)
    moved = world.user(Role.TOWNSHIP)
    User.objects.filter(pk=moved.pk).update(division=world.other_township)
    said = world.client(User.objects.get(pk=moved.pk)).get("/inbox/number/").content.decode()
    assert ">1<" not in said


@pytest.mark.parametrize("role", list(Role))
def test_inbox_takes_few_queries_however_much_waits(
    world: World, role: str, django_assert_max_num_queries: object
) -> None:
    returned(world)
    client = world.client(role)
    client.get(ADDRESS)
    cache.clear()
    client.get(ADDRESS)
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(ADDRESS)
