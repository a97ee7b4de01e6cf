"""The demo from beginning to end: the real divisions, made-up households and people, and the months they lived through.

Everything goes through the doors that the county uses itself. One seed gives the same data again, up to passwords, plates
and PINs, which nobody may foresee. A load is a row of steps, each one transaction with a line in the audit log: a load that
was killed goes on where it stopped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction

from households import audit
from households.imports.departments import import_departments
from households.imports.divisions import import_divisions
from households.imports.problems import ImportReport
from households.models import AuditEvent, Department, Division, Household, User
from households.months import first_day, month_of, shift
from households.plates.actions.pins import used_before
from households.plates.actions.plates import issue_plates
from households.refusals import Refused
from households.roles import Role
from households.scope import lies_in
from households.sql import run
from scoring.demo import (
    accounts,
    alarms,
    borders,
    contacts,
    findings,
    lives,
    months,
    objections,
    photographs,
    register,
)
from scoring.demo.accounts import Door, Job
from scoring.demo.months import Cast
from scoring.demo.people import name_of
from scoring.demo.shown import ShownMonth
from scoring.models import HouseholdScore
from scoring.rollup.registers import import_households, import_linkages
from scoring.rollup.rollup import roll_up_marked

DIVISIONS = Path(settings.BASE_DIR) / "households" / "data" / "430525-divisions.csv"
DEPARTMENTS = Path(__file__).parent / "departments.csv"
COUNTY = "430525"
HOME, FAR = "430525103", "430525107"  # 高沙镇 and 山门镇: the townships that have people of their own
SHOWN_SIZES = (64, 48)  # households of the two villages that people will look at
LAND_OFFICE = "县自然资源局"
DISCIPLINE = "005"  # 县纪委监委机关: what accuses the petition office comes to it
SEED = 430525
OPENED = 0.7  # of the plates: the others wait on the list of those that were never opened
STEP, LAST = "demo.step", "plates"
GROWING = (
    "households_household, households_division, scoring_sheet, scoring_declaration (sheet_id, withdrawn_at), "
    "scoring_scoreevent, scoring_householdscore, scoring_divisionscore, scoring_account, scoring_pointentry"
)
Say = Callable[[str], None]


@dataclass(frozen=True)
class DemoPlan:
    """How large a demo is: its months frozen, in review and open, and how households are spread."""

    kind: str
    frozen: tuple[str, ...]
    reviewed: str | None
    current: str


def plan_of(kind: str, today: date) -> DemoPlan:
    """small: two months frozen, one in review, one open; county: eleven frozen, one open."""
    current = month_of(today)
    if kind == "small":
        return DemoPlan(kind, (shift(current, -3), shift(current, -2)), shift(current, -1), current)
    return DemoPlan(kind, tuple(shift(current, -back) for back in range(11, 0, -1)), None, current)


@dataclass(frozen=True)
class ScoringLoad:
    """One load under way. `paper` is where the sign-ins go."""

    plan: DemoPlan
    seed: int
    today: date
    paper: Path
    say: Say

    def rng(self, step: str) -> Random:
        """The chance of one step: the same whether or not the load was interrupted before it."""
        return Random(f"{self.seed} {step}")  # noqa: S311 (made-up data, no secrets)

    def once(self, step: str, act: Callable[[Random], None]) -> None:
        """Do a step in one transaction, unless it was done before."""
        with transaction.atomic():
            if AuditEvent.objects.filter(action=STEP, subject=step).exists():
                return
            act(self.rng(step))
            audit.record(
                None, STEP, place=COUNTY, subject=step, kind=self.plan.kind, seed=self.seed, day=str(self.today)
            )
        run(f"ANALYZE {GROWING}")  # the planner should know the new sizes before the next step


def unfinished() -> bool:
    """Whether a demo was begun and not finished: loading again goes on with it."""
    return _begun() is not None and not AuditEvent.objects.filter(action=STEP, subject=LAST).exists()


def finished_load(paper: Path, say: Say) -> ScoringLoad | None:
    """The load that filled this database, for the rooms above to go on with; None when there was none or it is under way."""
    begun = _begun()
    if begun is None or unfinished():
        return None
    kind, seed, day = begun.detail["kind"], begun.detail["seed"], date.fromisoformat(begun.detail["day"])
    return ScoringLoad(plan_of(kind, day), seed, day, paper, say)


def _begun() -> AuditEvent | None:
    return AuditEvent.objects.filter(action=STEP).order_by("id").first()


def load(*, kind: str, seed: int, today: date, paper: Path, say: Say) -> None:
    """Load the demo into an empty database, or go on with a load that was interrupted; sign-ins go to `paper` (0600).

    Refused when there are divisions already: a demo is never mixed with real data.
    """
    begun = _begun()
    if begun is not None and unfinished():
        say("接着上次没有完成的载入。")
        kind, seed, today = begun.detail["kind"], begun.detail["seed"], date.fromisoformat(begun.detail["day"])
    elif begun is not None or Division.objects.exists():
        raise Refused("not_empty", "数据库里已经有区划，不再载入演示数据。", hint="演示数据只能载入空的数据文件夹。")
    _steps(ScoringLoad(plan_of(kind, today), seed, today, paper, say))


def _steps(load: ScoringLoad) -> None:
    plan = load.plan
    load.once("register", lambda rng: _register(load, rng))
    load.once("people", lambda rng: _people(load, rng))
    cast = _cast(load.today)
    for month in plan.frozen:
        load.once(month, lambda rng, month=month: _freeze_month(load, cast, month, rng))  # type: ignore[misc]
    if plan.reviewed:
        load.once(plan.reviewed, lambda rng: _review_month(load, cast, str(plan.reviewed), rng))
    load.once("contacts", lambda rng: _contacts(load, rng))
    load.once(plan.current, lambda rng: _open_month(load, cast, plan.current, rng))
    load.once("photos", lambda rng: _photos(load, cast, rng))
    load.once("alarms", lambda _rng: _alarms(load, cast))
    load.once("borders", lambda rng: _borders(load, cast, rng))
    load.once("lives", lambda rng: _lives(load, cast, rng))
    load.once(LAST, lambda rng: _plates(load, cast, rng))


def _register(load: ScoringLoad, rng: Random) -> None:
    """Divisions, households, departments and linkages."""
    _must(import_divisions(name=DIVISIONS.name, data=DIVISIONS.read_bytes()))
    _must(import_departments(name=DEPARTMENTS.name, data=DEPARTMENTS.read_bytes()))
    villages = _villages()
    data = register.as_csv(_places(load.plan, villages, rng), register.GROUP_SIZE[load.plan.kind], rng)
    report = _must(import_households(name="demo-households.csv", data=data, today=load.today))
    since = f"{load.plan.frozen[0][:4]}-01"
    departments = {name: code for code, name in Department.objects.values_list("code", "name")}
    sure = (departments[LAND_OFFICE], shown_of(villages)[0])
    linkages = register.linkages_csv(list(departments.values()), list(villages), since, rng, sure=sure)
    _must(import_linkages(name="demo-linkages.csv", data=linkages))
    load.say(f"区划 {Division.objects.count()} 个，户 {report.rows} 户，县直部门 {len(departments)} 个。")


def _villages() -> dict[str, Division]:
    return {village.code: village for village in Division.objects.filter(code__regex="^.{12}$").order_by("code")}


def _places(plan: DemoPlan, villages: dict[str, Division], rng: Random) -> list[register.DemoVillage]:
    codes = list(villages)
    larger = dict(zip(shown_of(villages), SHOWN_SIZES, strict=True))
    small = plan.kind == "small"
    sizes = register.small_sizes(codes, larger, rng) if small else register.county_sizes(codes, rng)
    return [register.DemoVillage(code, village.name, sizes[code]) for code, village in villages.items()]


def _must(report: ImportReport) -> ImportReport:
    if report.refused:
        raise Refused("demo_import", report.errors[0].sentence)
    return report


def shown_of(villages: dict[str, Division]) -> list[str]:
    """One village in each of the two townships with people: the first that is no town community."""
    return [
        next(code for code, village in villages.items() if code.startswith(township) and village.name.endswith("村"))
        for township in (HOME, FAR)
    ]


def contested_of(villages: Mapping[str, Division]) -> str:
    """The next village of the first township: its month is posted, and contested."""
    inside = [code for code, village in villages.items() if code.startswith(HOME) and village.name.endswith("村")]
    return inside[1]


def _jobs(villages: Sequence[str], contested: str, rng: Random) -> list[Job]:
    """One account for each job, a second cadre and township office elsewhere, and the county office's second key."""
    here, there = villages
    land = Department.objects.get(name=LAND_OFFICE)
    wanted: list[tuple[str, Role, str | Department]] = [
        ("cunganbu1", Role.CADRE, here),
        ("cunganbu2", Role.CADRE, there),
        ("zuzhang", Role.GROUP_LEADER, f"{here}01"),
        ("jiandu", Role.SUPERVISOR, here),
        ("xiangzhen1", Role.TOWNSHIP, HOME),
        ("xiangzhen2", Role.TOWNSHIP, FAR),
        ("bumen", Role.DEPARTMENT, land),
        ("xinfang", Role.PETITION_OFFICE, COUNTY),
        ("liulingban", Role.COUNTY_OFFICE, COUNTY),
        ("liulingban2", Role.COUNTY_OFFICE, COUNTY),
        ("guanliyuan", Role.SYSTEM_ADMIN, COUNTY),
        ("guanliyuan2", Role.SYSTEM_ADMIN, COUNTY),
        ("anquan", Role.SECURITY_ADMIN, COUNTY),
        ("shenji", Role.AUDITOR, COUNTY),
        ("jijian", Role.DEPARTMENT, Department.objects.get(code=DISCIPLINE)),
        ("jiandu2", Role.SUPERVISOR, contested),
    ]
    places = Division.objects.in_bulk([place for _, _, place in wanted if isinstance(place, str)])
    return [
        Job(username, name_of(rng), role, places[place] if isinstance(place, str) else place)
        for username, role, place in wanted
    ]


def _people(load: ScoringLoad, rng: Random) -> None:
    """Accounts, and the paper with their passwords."""
    villages = _villages()
    made = accounts.make(_jobs(shown_of(villages), contested_of(villages), rng))
    accounts.write(load.paper, accounts.people_text(made))


def _cast(today: date) -> Cast:
    people = list(User.objects.filter(is_demo=True).order_by("username"))

    def only(role: Role) -> User:
        return next(user for user in people if user.role == role)

    return Cast(
        villages=_villages(),
        cadres={str(user.division_id): user for user in people if user.role == Role.CADRE},
        reviewers={str(user.division_id): user for user in people if user.role == Role.TOWNSHIP},
        county=only(Role.COUNTY_OFFICE),
        petitions=only(Role.PETITION_OFFICE),
        department=only(Role.DEPARTMENT),
        today=today,
    )


def _freeze_month(load: ScoringLoad, cast: Cast, month: str, rng: Random) -> None:
    """A month that is over and done."""
    _play(load, cast, month, rng)
    last = month == load.plan.frozen[-1]
    months.finish(cast, month, contest=(lambda: _object(load, cast, month, rng)) if last else None)
    load.say(f"{month}：已锁定。")


def _object(load: ScoringLoad, cast: Cast, month: str, rng: Random) -> None:
    """The last month before this one is posted, and contested."""
    here = next(iter(cast.cadres))
    objections.kin(here)
    reviewer = cast.reviewer_of(here)
    if reviewer:
        number = objections.play(month, here, rng, township=reviewer, on=load.today)
        load.say(f"{month}：异议 {number} 件。")


def _review_month(load: ScoringLoad, cast: Cast, month: str, rng: Random) -> None:
    """The month before this one: of the shown villages one waits for its township, one was sent back."""
    _play(load, cast, month, rng)
    here, there = cast.cadres
    contested = contested_of(cast.villages)
    months.post_one(cast, month, contested)
    months.review(cast, month, rng, {here: "declared", there: "returned", contested: "posted"})
    number = objections.contest(month, contested, rng)
    found = findings.find(cast, month, here, rng, cadre=cast.cadres[here])
    load.say(f"{month}：乡镇正在审核，一个村在公示，异议 {number} 件，来晚的部门认定 {found} 件。")


def _play(load: ScoringLoad, cast: Cast, month: str, rng: Random) -> None:
    """The month's events: imported for most villages, recorded by their own people in the shown ones."""
    count = months.events(cast, month, rng)
    withdrawn = months.mistakes(cast, month, rng)
    for village in cast.shown:
        count += ShownMonth(cast, village, month, rng).play()
    load.say(f"{month}：例外 {count} 条，撤回 {withdrawn} 条。")


def _open_month(load: ScoringLoad, cast: Cast, month: str, rng: Random) -> None:
    """The month under way: some villages have recorded something, a third have declared already."""
    others = [code for code in cast.villages if code not in cast.cadres]
    count = months.events(cast, month, rng, within=sorted(rng.sample(others, len(others) * 2 // 3)))
    for village in cast.shown:
        count += ShownMonth(cast, village, month, rng).play()
    declared = months.sign(cast, month, sorted(rng.sample(others, len(cast.villages) // 3)))
    found = findings.find(cast, month, next(iter(cast.cadres)), rng)
    load.say(f"{month}：正在录入，例外 {count} 条，已有 {declared} 个村申报，部门认定 {found} 件。")


def _photos(load: ScoringLoad, cast: Cast, rng: Random) -> None:
    """At one exception of the month under way in each village with people."""
    number = sum(photographs.attach(load.plan.current, village, rng) for village in cast.cadres)
    load.say(f"例外的照片 {number} 张。")


def _alarms(load: ScoringLoad, cast: Cast) -> None:
    """What a night's checks would have found, for the page to have rows."""
    inside = Household.objects.filter(lies_in(next(iter(cast.cadres)))).order_by("code")
    codes = list(inside.values_list("code", flat=True)[:2])
    load.say(f"核对报警 {alarms.raise_some(load.plan.frozen[-1], codes)} 条（演示）。")


def _borders(load: ScoringLoad, cast: Cast, rng: Random) -> None:
    """Two villages of the second township with people are one since this month."""
    inside = {code: one for code, one in cast.villages.items() if code.startswith(FAR) and one.name.endswith("村")}
    there = {code: one for code, one in inside.items() if code not in cast.cadres}
    merged = borders.merge_two(there, load.plan.current, rng, today=load.today, by=cast.county)
    if merged:
        load.say(f"区划调整：{merged[1].name}并入{merged[0].name}。")


def _lives(load: ScoringLoad, cast: Cast, rng: Random) -> None:
    """A few households of the first shown village change this month."""
    (here, cadre), *_ = cast.cadres.items()
    leader = User.objects.get(is_demo=True, role=Role.GROUP_LEADER)
    changes = lives.live(village=here, cadre=cadre, leader=leader, today=load.today, rng=rng)
    load.say(f"户籍变更 {changes} 件，一件等村干部办理。")


def _contacts(load: ScoringLoad, rng: Random) -> None:
    """Who looks after whom, in the whole county or, where that is large, in the townships with people; one linkage changes."""
    villages = _villages()
    wanted = [code for code in villages if load.plan.kind == "small" or code.startswith((HOME, FAR))]
    since = first_day(load.plan.frozen[0])
    report = _must(contacts.load_contacts(wanted, shown_of(villages), since, rng))
    visited = contacts.visits(load.today, rng)
    spared = Department.objects.get(name=LAND_OFFICE).code
    contacts.change_one_linkage(load.plan.current, rng, spared=spared)
    load.say(f"联系户：{report.rows} 条，走访 {visited} 次；一个部门从 {load.plan.current} 起改了权重。")


def _plates(load: ScoringLoad, cast: Cast, rng: Random) -> None:
    """Figures brought up to date, plates made, most of them opened, three written below the accounts."""
    roll_up_marked()
    doors = _doors(cast, load.plan.frozen[-1], rng)
    accounts.add_doors(load.paper, doors)


def _doors(cast: Cast, month: str, rng: Random) -> list[Door]:
    """Plates for every household of the first shown village, most of them opened; three of those to try, and a new one."""
    (here, cadre), *_ = cast.cadres.items()
    households = list(Household.objects.filter(lies_in(here), valid_to=None).order_by("code"))
    issued = {plate.household_id: (plate, pin) for plate, pin in issue_plates(households=households, by=cadre)}
    scores = HouseholdScore.objects.filter(lies_in(here), month=month).order_by("code")
    kinds = {
        "六个零都守住": scores.filter(broken=0, bonus=0),
        "有扣分": scores.exclude(broken=0),
        "有加分": scores.filter(broken=0, bonus__gt=0),
    }
    doors = []
    for what, found in kinds.items():
        code = next(code for code in found.values_list("code", flat=True) if code in issued)
        plate, _printed = issued.pop(code)
        name = f"{cast.villages[here].name} {code}（{month} {what}）"
        doors.append(Door(name, f"/h/{plate.token}/", used_before(plate=plate)))
    used = rng.sample(sorted(issued), int(len(issued) * OPENED))
    for code in used:
        used_before(plate=issued.pop(code)[0])
    code, (plate, printed) = next(iter(issued.items()))
    doors.append(Door(f"{cast.villages[here].name} {code}（第一次用，先设自己的密码）", f"/h/{plate.token}/", printed))
    return doors
