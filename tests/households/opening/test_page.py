"""开县第一步: what is done, missing and next, worked out from what is there."""

from django.core.cache import cache
from django.urls import reverse

from households.models import Department, Household, Linkage, User
from households.roles import Role
from households.workdays.workdays import known
from scoring.house.opening import calendar_step
from scoring.months.months import open_month
from scoring.schemes.actions import adopt_scheme
from tests.refusals import refused
from tests.world import MONTH, PASSWORD, World


def page(world: World, role: str = Role.COUNTY_OFFICE) -> str:
    return world.client(role).get(reverse("opening")).content.decode()


def test_page_tells_figures_and_what_is_missing_by_name(world: World) -> None:
    Household.objects.filter(code__startswith=world.strange.code).delete()
    Linkage.objects.filter(division=world.strange).delete()
    User.objects.filter(role=Role.CADRE, division=world.strange).update(is_active=False)
    said = page(world)
    assert "<strong>2</strong> 个乡镇" in said
    assert "<strong>10</strong> 户" in said
    assert "还没有户的村 1 个：南坪村" in said
    assert "本月没有部门联系的村 1 个：南坪村" in said
    assert "还没有村干部账号的村 2 个：西河村、南坪村" in said
    assert "还有 10 户没有户牌" in said
    assert "下一步：户" in said
    assert reverse("import-file", args=["households"]) in said


def test_empty_county_begins_with_its_divisions(world: World) -> None:
    Linkage.objects.all().delete()
    Department.objects.exclude(users__isnull=False).delete()
    Household.objects.all().delete()
    said = page(world)
    assert "还没有户的村 3 个：东山村、西河村、南坪村" in said
    assert "本月没有部门联系的村 3 个：东山村、西河村、南坪村" in said


def test_administrator_is_led_to_accounts_and_not_to_imports(world: World) -> None:
    said = page(world, Role.SYSTEM_ADMIN)
    assert reverse("users") in said
    assert reverse("import-file", args=["households"]) not in said
    assert "由县六零办导入" in said


def test_scheme_is_adopted_in_one_click_by_name(world: World) -> None:
    assert "县里还没有核对采用这一版" in page(world)
    client = world.client(Role.COUNTY_OFFICE)
    client.post(reverse("adopt-scheme"), {"own_password": PASSWORD})
    assert "县里还没有核对采用这一版" not in page(world)
    refused("already", lambda: adopt_scheme(by=world.user(Role.COUNTY_OFFICE)))


def in_menu(world: World) -> bool:
    cache.clear()
    return "开县第一步" in world.client(Role.COUNTY_OFFICE).get(reverse("imports")).content.decode()


def test_menu_leads_there_until_a_month_is_frozen(world: World) -> None:
    open_month(MONTH, world.county.code)
    world.declare()
    assert in_menu(world)
    assert "张台账已申报" in page(world)
    world.freeze()
    assert not in_menu(world)


def test_calendar_is_done_when_this_year_is_known_and_the_next_is_a_hint(world: World) -> None:
    """On 1 December nobody can know the days off of January."""
    office, unknown = world.user(Role.COUNTY_OFFICE), next(year for year in range(2024, 2100) if not known(year))
    december = calendar_step(office, world.county.code, f"{unknown - 1}-12")
    assert december.done and not december.missing and f"{unknown}年的放假安排公布以后" in december.words
    january = calendar_step(office, world.county.code, f"{unknown}-01")
    assert not january.done and january.missing == (f"{unknown}年的放假安排还没有录入",)


def test_page_costs_the_same_queries_however_much_there_is(world: World, django_assert_num_queries: object) -> None:
    client = world.client(Role.COUNTY_OFFICE)
    address = reverse("opening")
    client.get(address)
    for _ in range(2):
        with django_assert_num_queries(14):
            client.get(address)
        Household.objects.filter(code__startswith=world.strange.code).delete()
