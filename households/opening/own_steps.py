"""The steps of a first day that this room knows: places, households, departments, linkages, accounts, plates."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils import timezone

from households.codes import sql_within
from households.house.navigation import NavigationEntry
from households.models import User, sql_active, sql_living
from households.months import month_of
from households.opening.actions import FIRST
from households.opening.steps import NAMED, OpeningStep, StepLink, is_over, listed
from households.permissions import Permission, may
from households.roles import Role
from households.sql import rows

_TODAY = "%(today)s"
_INSIDE = sql_within("d.code", "%(county)s")
_COUNTS = f"""
    SELECT length(d.code), count(*) FROM households_division d WHERE {_INSIDE} AND {sql_active("d", _TODAY)} GROUP BY 1
"""
_WITHOUT = f"""
    SELECT d.name, count(*) OVER () FROM households_division d
    WHERE {_INSIDE} AND length(d.code) = %(digits)s AND {sql_active("d", _TODAY)} AND NOT EXISTS ({{there}})
    ORDER BY d.code LIMIT {NAMED}
"""
_BELOW = f"SELECT FROM households_division v WHERE v.parent_id = d.code AND {sql_active('v', _TODAY)}"
_HOUSEHOLD = f"SELECT FROM households_household h WHERE {sql_within('h.code', 'd.code')}"
_LINKED = """SELECT FROM households_linkage l WHERE l.division_id IN (d.code, left(d.code, 9), left(d.code, 6))
             AND l.from_month <= %(month)s AND (l.to_month = '' OR l.to_month >= %(month)s)"""
_STAFFED = "SELECT FROM households_user u WHERE u.division_id = d.code AND u.role = %(role)s AND u.is_active"
_HOUSEHOLDS = f"""
    SELECT count(*), count(p.id) FROM households_household d
    LEFT JOIN households_plate p ON p.household_id = d.code AND p.revoked_at IS NULL
    WHERE {_INSIDE} AND {sql_living("d", _TODAY)}
"""
_DEPARTMENTS = "SELECT (SELECT count(*) FROM households_department), (SELECT count(*) FROM households_linkage)"
_POSTS = f"""
    SELECT u.role, count(*) FROM households_user u LEFT JOIN households_division d ON d.code = u.division_id
    WHERE u.is_active AND (u.division_id IS NULL OR {_INSIDE}) GROUP BY 1
"""


def steps(user: User, county: str) -> Iterator[OpeningStep]:
    """What is there and what is missing in the county."""
    today = timezone.localdate()
    given = {"county": county, "today": today, "month": month_of(today), "digits": 12, "role": Role.CADRE}
    levels: dict[int, int] = dict(rows(_COUNTS, given))
    [(households, plates)] = rows(_HOUSEHOLDS, given)
    yield _divisions(user, levels, given)
    yield _households(user, levels, households, given)
    yield from _departments(user, given)
    yield _accounts(user, given)
    yield _plates(user, households, plates)


def _divisions(user: User, levels: dict[int, int], given: dict[str, object]) -> OpeningStep:
    towns, villages = levels.get(9, 0), levels.get(12, 0)
    missing = _without("还没有村的乡镇", _BELOW, given | {"digits": 9})
    return OpeningStep(
        10,
        "区划",
        bool(towns and villages and not missing),
        "先有乡镇和村（社区），才能导入户、开账号。",
        ((towns, "个乡镇"), (villages, "个村（社区）")),
        missing or (() if villages else ("还没有乡镇和村",)),
        _bring(user, "divisions", "导入区划"),
        _office(user),
    )


def _households(user: User, levels: dict[int, int], households: int, given: dict[str, object]) -> OpeningStep:
    missing = _without("还没有户的村", _HOUSEHOLD, given)
    return OpeningStep(
        20,
        "户",
        bool(households and not missing),
        "全县一个文件，或者一村一个文件；组随户自动建立。",
        ((households, "户"), (levels.get(14, 0), "个组")),
        missing or (() if households else ("还没有户",)),
        _bring(user, "households", "导入户"),
        _office(user),
    )


def _departments(user: User, given: dict[str, object]) -> Iterator[OpeningStep]:
    [(departments, linkages)] = rows(_DEPARTMENTS)
    yield OpeningStep(
        30,
        "县直部门",
        bool(departments),
        "联村的县直部门，和村同奖同罚。",
        ((departments, "个部门"),),
        () if departments else ("还没有部门",),
        _bring(user, "departments", "导入部门"),
        _office(user),
    )
    missing = _without("本月没有部门联系的村", _LINKED, given)
    yield OpeningStep(
        40,
        "联村关系",
        bool(linkages and not missing),
        "哪个部门联哪个村或乡镇，从哪个月起。联乡镇的，乡镇下面的村都算有。",
        ((linkages, "条"),),
        missing or (() if linkages else ("还没有联村关系",)),
        _bring(user, "linkages", "导入联村关系"),
        _office(user),
    )


def _accounts(user: User, given: dict[str, object]) -> OpeningStep:
    held: dict[str, int] = dict(rows(_POSTS, given))
    posts = (*FIRST, Role.PETITION_OFFICE)
    missing = tuple(f"还没有人担任{role.label}" for role in posts if not held.get(role))
    missing += _without("还没有村干部账号的村", _STAFFED, given)
    missing += _without("还没有工作人员账号的乡镇", _STAFFED, given | {"digits": 9, "role": Role.TOWNSHIP})
    links = (
        StepLink("批量开账号", reverse("import-file", args=["accounts"])),
        StepLink("账号", reverse("users")),
        StepLink("要职账号", reverse("account-requests")),
    )
    may_make = may(user, Permission.MANAGE_ACCOUNTS)
    return OpeningStep(
        50,
        "账号",
        not missing,
        "一人一个账号。要职账号由两个人经手。",
        tuple((held[role], Role(role).label) for role in Role if held.get(role)),
        missing,
        links if may_make else (),
        "" if may_make else "由系统管理员开；县里的要职第一次由本人打开启动系统时打印的地址设置",
    )


def _plates(user: User, households: int, plates: int) -> OpeningStep:
    looks = plates and may(user, Permission.SEE_HOUSEHOLDS)
    missing = (f"还有 {households - plates} 户没有户牌",) if households > plates else ()
    prints = households and may(user, Permission.PRINT_PLATES)
    links = [StepLink("成批制牌", reverse("plate-runs"))] if prints else []
    links += [StepLink("没打开过的户牌", reverse("never-opened-home"))] if looks else []
    return OpeningStep(
        80,
        "户牌",
        bool(households) and not missing,
        "全县或一个乡镇一次制好，按乡镇打印；或者各村在“户牌”里自己发。当面交、签收；可以一边开月一边发。",
        ((plates, "块户牌"),),
        missing,
        tuple(links),
        "由县六零办成批制，或由各村村干部发",
    )


def _without(what: str, there: str, given: dict[str, object]) -> tuple[str, ...]:
    found = rows(_WITHOUT.format(there=there), given)
    return listed(what, [name for name, _ in found], found[0][1] if found else 0)


def _bring(user: User, slug: str, label: str) -> tuple[StepLink, ...]:
    if not may(user, Permission.IMPORT_REGISTER):
        return ()
    return (
        StepLink(label, reverse("import-file", args=[slug])),
        StepLink("下载模板", reverse("import-template", args=[slug])),
    )


def _office(user: User) -> str:
    return "" if may(user, Permission.IMPORT_REGISTER) else "由县六零办导入"


def entries(user: User, _month: object) -> Iterable[NavigationEntry]:
    """In the menu until the county's first month is frozen."""
    if may(user, Permission.SEE_OPENING) and not is_over(user.division_id or ""):
        yield NavigationEntry(1, "开县第一步", "flag", ("opening",))
