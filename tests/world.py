"""The small world of the tests, built through the doors: one county, two townships, three villages, twelve households.

                石门县 430726
         罗坪乡 ───────────── 壶瓶乡
      东山村     西河村         南坪村        西河村 is next door, 南坪村 in the other township
    一组  二组     一组           一组
    5户   3户     2户            2户

Everybody works for 东山村, in 罗坪乡; `stranger(role)` does the same job next door. Month by month: MONTH lies in the past, so
that no day in it is in the future, and nothing depends on the day the tests run.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, user_logged_in
from django.contrib.sessions.backends.cached_db import SessionStore
from django.http import HttpRequest
from django.test import Client

from households.accounts.actions.accounts import create_user
from households.imports.departments import import_departments
from households.imports.divisions import import_divisions
from households.middleware import SECOND
from households.models import Department, Division, Household, User
from households.months import previous_month
from households.roles import Role
from scoring.freezing import freeze
from scoring.models import Clause, ScoreEvent, Sheet
from scoring.months.months import open_month, sheet_of
from scoring.reviews.actions.reviewing import approve, exceptions_of
from scoring.rollup.registers import import_households, import_linkages
from scoring.sheets.actions.sheets import apply_ops, declare
from tests import copies

MONTH = "2024-05"
DAY = date(2024, 5, 20)
LONG_AFTER = date(2024, 12, 31)
PASSWORD = "Songshu-47-he"
BACKEND = "django.contrib.auth.backends.ModelBackend"

COUNTY = "430726"
TOWNSHIP, OTHER_TOWNSHIP = "430726201", "430726202"
VILLAGE, SISTER, STRANGE = "430726201201", "430726201202", "430726202201"
DIVISIONS = f"""code,name
{COUNTY},石门县
{TOWNSHIP},罗坪乡
{OTHER_TOWNSHIP},壶瓶乡
{VILLAGE},东山村
{SISTER},西河村
{STRANGE},南坪村
"""
HOUSEHOLDS = f"""division_code,group,household_no,head_name,phone,address
{VILLAGE},1,1,张三丰,13800000001,东山村一组1号
{VILLAGE},1,2,李四光,13800000002,东山村一组2号
{VILLAGE},1,3,王五一,,东山村一组3号
{VILLAGE},1,4,赵六合,,东山村一组4号
{VILLAGE},1,5,单七星,,东山村一组5号
{VILLAGE},2,1,曾八方,,东山村二组1号
{VILLAGE},2,2,欧阳九州,,东山村二组2号
{VILLAGE},2,3,孙十全,,东山村二组3号
{SISTER},1,1,周西河,13900000001,西河村一组1号
{SISTER},1,2,吴西河,,西河村一组2号
{STRANGE},1,1,郑南坪,13700000001,南坪村一组1号
{STRANGE},1,2,冯南坪,,南坪村一组2号
"""
DEPARTMENTS = "code,name\nLYJ,林业局\nSLJ,水利局\n"
LINKAGES = f"""department_code,division_code,weight,from_month,to_month
LYJ,{VILLAGE},2,2023-01,
LYJ,{SISTER},1,2023-01,
SLJ,{STRANGE},1,2023-01,
"""
HOME = {
    Role.GROUP_LEADER: f"{VILLAGE}01",
    Role.CADRE: VILLAGE,
    Role.SUPERVISOR: VILLAGE,
    Role.TOWNSHIP: TOWNSHIP,
    Role.DEPARTMENT: "LYJ",
    Role.PETITION_OFFICE: COUNTY,
    Role.COUNTY_OFFICE: COUNTY,
    Role.SYSTEM_ADMIN: COUNTY,
    Role.SECURITY_ADMIN: COUNTY,
    Role.AUDITOR: COUNTY,
}
ELSEWHERE = {
    Role.GROUP_LEADER: f"{STRANGE}01",
    Role.CADRE: STRANGE,
    Role.SUPERVISOR: STRANGE,
    Role.TOWNSHIP: OTHER_TOWNSHIP,
    Role.DEPARTMENT: "SLJ",
}


@dataclass
class World:
    """The divisions, households and people, and the steps of a month."""

    county: Division
    township: Division
    other_township: Division
    village: Division
    sister: Division
    strange: Division
    households: list[Household]
    people: dict[str, User] = field(default_factory=dict)
    strangers: dict[str, User] = field(default_factory=dict)
    month: str = MONTH

    @property
    def household(self) -> Household:
        """张三丰, the first of the village."""
        return self.households[0]

    def user(self, role: str) -> User:
        """Who does this job for 东山村 (or above it)."""
        return self.people[role]

    def stranger(self, role: str) -> User:
        """Who does this job in the other township; only for roles whose place is smaller than the county."""
        return self.strangers[role]

    def client(self, user: User | str | None = None) -> Client:
        """A browser, signed in as a person or as the person of a role."""
        client = Client()
        if user is not None:
            come_in(client, self.people[user] if isinstance(user, str) else user)
        return client

    def sheet(self, village: Division | None = None, month: str = MONTH) -> Sheet:
        return sheet_of(month=month, village=village or self.village)

    def clause(self, code: str) -> Clause:
        return Clause.objects.get(scheme__periods=open_month(MONTH), code=code)

    def record(
        self, code: str, clause: str, *, by: User | None = None, day: date = DAY, document_no: str = ""
    ) -> ScoreEvent:
        """An event on a household or division of the village it lies in, as the cadre (or `by`) records it."""
        village = Division.objects.get(code=code[:12])
        place = "household" if len(code) == 18 else "division"
        raw = {"op_id": str(uuid4()), "type": "add", place: code, "clause": clause, "date": day.isoformat()}
        batch = apply_ops(
            month=f"{day:%Y-%m}",
            village=village,
            raws=[raw | {"document_no": document_no, "note": "", "again": True}],
            base_version=None,
            by=by or self.user(Role.CADRE),
        )
        outcome = batch.outcomes[0]
        assert outcome.event, outcome.reason
        return ScoreEvent.objects.get(pk=outcome.event)

    def declare(self, *villages: Division, month: str = MONTH) -> None:
        """The named villages, or all three, sign."""
        for village in villages or (self.village, self.sister, self.strange):
            declare(sheet=self.sheet(village, month), by=None)

    def approve(self, *villages: Division, month: str = MONTH) -> None:
        """Their townships open everything and approve."""
        for village in villages or (self.village, self.sister, self.strange):
            sheet = self.sheet(village, month)
            reviewer = self.user(Role.TOWNSHIP) if village.code.startswith(TOWNSHIP) else self.stranger(Role.TOWNSHIP)
            approve(sheet=sheet, opened=[event.pk for event in exceptions_of(sheet)], by=reviewer)

    def freeze(self, month: str = MONTH) -> None:
        """From wherever the declared sheets are to the end of the month."""
        freeze(month=month, on=LONG_AFTER, force=True)

    def frozen_month(self, month: str = MONTH) -> None:
        """A whole month of all three villages, nothing special in it."""
        self.declare(month=month)
        self.freeze(month)

    def frozen_once(self) -> None:
        """As `frozen_month`; in a world in which nothing has happened yet it is done once in a session, then put back."""
        copies.once("frozen", self.frozen_month)


def come_in(client: Client, user: User) -> None:
    """As `force_login` by who has shown the telephone, too; but the session's row is written once, not four times."""
    request = HttpRequest()
    request.session = SessionStore()
    request.session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, SECOND: True})
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    user_logged_in.send(sender=User, request=request, user=user)
    request.session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key


def build() -> World:
    """The world, with MONTH and the month before it opened, in an empty database."""
    if not copies.fill():
        _build_through_the_doors()
    return found()


def found() -> World:
    """The world that is in the database."""
    places = Division.objects.in_bulk([COUNTY, TOWNSHIP, OTHER_TOWNSHIP, VILLAGE, SISTER, STRANGE])
    people = {user.username: user for user in User.objects.select_related("division", "department")}
    return World(
        *(places[code] for code in (COUNTY, TOWNSHIP, OTHER_TOWNSHIP, VILLAGE, SISTER, STRANGE)),
        households=list(Household.objects.filter(code__startswith=VILLAGE)),
        people={role: people[role] for role in HOME},
        strangers={role: people[f"strange-{role}"] for role in ELSEWHERE},
    )


def _build_through_the_doors() -> None:
    today = date(2024, 6, 1)
    reports = [
        import_divisions(name="divisions.csv", data=DIVISIONS.encode()),
        import_households(name="households.csv", data=HOUSEHOLDS.encode(), today=today),
        import_departments(name="departments.csv", data=DEPARTMENTS.encode()),
        import_linkages(name="linkages.csv", data=LINKAGES.encode()),
    ]
    assert all(report.written for report in reports), [report.errors for report in reports]
    for month in (previous_month(MONTH), MONTH):
        open_month(month)
    for prefix, sign, jobs in (("", "甲", HOME), ("strange-", "乙", ELSEWHERE)):
        for role, place in jobs.items():
            found = Department.objects.filter(code=place).first() or Division.objects.get(code=place)
            person = {"username": f"{prefix}{role}", "display_name": f"{Role(role).label[:6]}{sign}", "role": role}
            create_user(**person, place=found, password=PASSWORD, by=None, is_demo=True)
