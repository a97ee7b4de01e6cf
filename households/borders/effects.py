"""What a change of places does to the register itself, as sentences of its preview."""

from collections.abc import Iterator

from households.borders.plans import BorderPlan
from households.changes.rooms import ChangeEffect
from households.codes import Level, is_level
from households.models import User
from households.months import label, month_of, spoken_with_year
from households.roles import Role
from households.sql import rows

FEW = 6
_PLATES = (
    "SELECT count(*) FROM staged_move m JOIN households_plate p ON p.household_id = m.old AND p.revoked_at IS NULL"
)
_CONTACTS = (
    "SELECT count(*) FROM staged_move m JOIN households_contact c ON c.household_id = m.old AND c.valid_to IS NULL"
)
_GRIDS = """
    SELECT count(*) FROM staged_move m JOIN households_contact c ON c.household_id = m.old AND c.valid_to IS NULL
    WHERE c.kind = 'micro' AND NOT EXISTS (SELECT FROM staged_way w WHERE w.old = left(m.old, 14) AND w.new = left(m.new, 14))
"""
_PROPOSALS = """
    SELECT count(*) FROM staged_move m JOIN households_householdproposal p ON p.household_id = m.old AND p.state = 'waiting'
"""
_LINKED = """
    SELECT DISTINCT w.new, d.name FROM (
        SELECT old, new FROM staged_way UNION SELECT left(old, 12), left(new, 12) FROM staged_move
    ) w JOIN households_linkage l ON l.division_id = w.old AND (l.to_month = '' OR l.to_month >= %(month)s)
    JOIN households_department d ON d.code = l.department_id WHERE length(w.new) <= 12 AND w.old <> w.new ORDER BY 1, 2
"""


def own_effects(found: BorderPlan) -> Iterator[ChangeEffect]:
    """In the order in which they are read."""
    yield from _when(found)
    yield from _places(found)
    yield from _households(found)
    yield from _people(found)
    yield from _linkages(found)


def _when(found: BorderPlan) -> Iterator[ChangeEffect]:
    yield ChangeEffect(f"从{spoken_with_year(found.counts_from)}起算；以前的月份、排名、公示和名称都不变。")
    if month_of(found.counts_from) > month_of(found.day):
        start = label(month_of(found.counts_from))
        why = "以前的月份已经申报、审核、公示或锁定，或者那时有户还在办别的变更"
        yield ChangeEffect(f"生效日期是{spoken_with_year(found.day)}，从{start}起算：{why}，不改动。")


def _places(found: BorderPlan) -> Iterator[ChangeEffect]:
    makes = [f"{found.name(code)}（{code}）" for code in found.places.makes]
    if makes:
        yield ChangeEffect(f"新设 {len(makes)} 个区划：{_few(makes)}。")
    ways = [f"{found.name(old)} → {found.name(new)}" for old, new in sorted(found.places.ways.items())]
    if ways:
        yield ChangeEffect(f"停用 {len(ways)} 个区划，旧编码以后不再用，旧网址仍可查历史：{_few(ways)}。")
    for code, name in sorted(found.places.renames.items()):
        before = found.known[code].name
        yield ChangeEffect(f"{before}（{code}）更名为{name}；以前的月份仍写{before}。")


def _few(words: list[str]) -> str:
    return "；".join(words[:FEW]) + (f" 等 {len(words)} 个" if len(words) > FEW else "")


def _households(found: BorderPlan) -> Iterator[ChangeEffect]:
    if not (count := len(found.households.pairs)):
        return
    yield ChangeEffect(f"{count} 户换新的户编号，原编号以后不再用；户主、电话、地址、外出标记、更正请求都跟着走。")
    if plates := _count(_PLATES):
        yield ChangeEffect(f"{plates} 块户牌照常扫码、密码不变；牌上印的是旧编号，请在“户牌”里重印这 {plates} 块再换。")
    if contacts := _count(_CONTACTS):
        yield ChangeEffect(f"{contacts} 条联系关系跟着到新编号。")
    if grids := _count(_GRIDS):
        yield ChangeEffect(f"其中 {grids} 户离开原来的组，也离开原来的微网格，请重新指定。")
    if proposals := _count(_PROPOSALS):
        yield ChangeEffect(f"{proposals} 件等着办的户籍变更申请退回，请提出的人按新编号再提。")


def _count(sql: str) -> int:
    return int(rows(sql)[0][0])


def _people(found: BorderPlan) -> Iterator[ChangeEffect]:
    ways = found.places.ways
    people = User.objects.filter(division__in=list(ways), is_active=True).order_by("pk")
    told = [
        f"{one.display_name}（{one.get_role_display()}）到{found.name(ways[str(one.division_id)])}" for one in people
    ]
    if told:
        yield ChangeEffect(f"{len(told)} 个账号转到新的地方，要重新登录：{_few(told)}。")
    served = {ways[str(one.division_id)] for one in people if one.role == Role.CADRE}
    bare = [code for code in found.places.makes if is_level(code, Level.VILLAGE) and code not in served]
    if bare:
        names = "、".join(found.name(code) for code in bare)
        yield ChangeEffect(f"{names}还没有村干部账号，请在“账号”里建，否则没有人申报。")


def _linkages(found: BorderPlan) -> Iterator[ChangeEffect]:
    linked: dict[str, list[str]] = {}
    for code, department in rows(_LINKED, {"month": month_of(found.counts_from)}):
        if code in found.places.makes or code in found.places.ways.values():
            linked.setdefault(code, []).append(department)
    for code, departments in linked.items():
        start = label(month_of(found.counts_from))
        yield ChangeEffect(
            f"{found.name(code)}从{start}起由{'、'.join(departments)}联系；要改的，请在“部门和联村”里改。"
        )
