"""Making a training village, and making it anew: the one before is closed and stays, since nothing that was signed is deleted."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from dongkou.training import database
from dongkou.training.posts import PASSWORD, POSTS, register_csv, username
from dongkou.training.state import code_of
from households import audit
from households.accounts.actions.accounts import create_user
from households.codes import Level, county_of, group_code, is_level, township_of
from households.imports.divisions import import_divisions
from households.imports.problems import ImportReport
from households.models import Division, Household, User
from households.months import month_of, shift
from households.refusals import Refused
from households.roles import Role
from households.scope import lies_in
from scoring.freezing import Frozen, freeze_township
from scoring.months.months import open_month, sheet_of
from scoring.rollup.registers import import_households
from scoring.rollup.rollup import roll_up_marked
from scoring.sheets.actions.sheets import declare

MAX_VILLAGES = 999  # villages in a township
GONE_BY = 2  # months back: frozen, so that there are points to spend


@dataclass(frozen=True, slots=True)
class TrainingVillage:
    """A township's training village; `code` begins with MARK. `made` counts how often it was made."""

    township: str
    code: str

    @property
    def made(self) -> int:
        """The first, the second ..."""
        return int(self.code[-3:])


def make_village(*, township: Division, by: User | None, anew: bool = True) -> TrainingVillage:
    """A fresh village below the township's place among the training villages; the one before is closed.

    Not `anew`, one that is there already stays, also where somebody else has just made it. Refused for a place that is no
    township, and where the training database was not made.
    """
    if not is_level(township.code, Level.TOWNSHIP):
        raise Refused("not_a_township", f"{township.name}不是乡镇，练习村一个乡镇一个。")
    county = Division.objects.get(pk=county_of(township.code))
    database.must_be_there()
    with database.opened():
        made, is_new = _make(county, township, anew=anew)
        if not is_new:
            return made
        roll_up_marked()
    audit.record(by, "training.make", place=township.code, subject=made.code)
    return made


def villages(townships: list[str]) -> dict[str, TrainingVillage]:
    """The present one of each of the townships that has one, by the township's own code."""
    if not database.there():
        return {}
    with database.opened():
        present = Division.objects.active(timezone.localdate()).of_level(Level.VILLAGE).values_list("code", flat=True)
        known = {township_of(code): code for code in present}
    return {code: TrainingVillage(code, known[code_of(code)]) for code in townships if code_of(code) in known}


def person_of(village: TrainingVillage, post: Role) -> User:
    """Who holds the post there. To be asked within the training database."""
    return User.objects.get(username=username(village.code, post))


@transaction.atomic
def _make(county: Division, real: Division, *, anew: bool) -> tuple[TrainingVillage, bool]:
    """The village, and whether it was made just now."""
    _places([(code_of(county.code), f"{county.name}（练习）"), (code_of(real.code), f"{real.name}（练习）")])
    township = Division.objects.select_for_update(no_key=True).get(pk=code_of(real.code))
    present = Division.objects.filter(parent=township, valid_to=None).first()
    if present and not anew:
        return TrainingVillage(real.code, present.code), False
    number = Division.objects.filter(parent=township).count() + 1
    if number > MAX_VILLAGES:
        raise Refused("too_many_trainings", "这个乡镇的练习村重来得太多了。", hint="请机房把练习用的数据库重建一次。")
    _close(township.code)
    code = f"{township.code}{number:03d}"
    _places([(code, "练习村")])
    _must(import_households(name="training.csv", data=register_csv(code), today=timezone.localdate(), since_ever=True))
    village = Division.objects.get(pk=code)
    _people(village)
    _months(village)
    return TrainingVillage(real.code, code), True


def _places(places: list[tuple[str, str]]) -> None:
    lines = "".join(f"{code},{name}\n" for code, name in places)
    _must(import_divisions(name="training.csv", data=f"code,name\n{lines}".encode(), accept_changes=True))


def _must(report: ImportReport) -> None:
    if report.refused:
        raise Refused("training_refused", report.errors[0].sentence)


def _close(township: str) -> None:
    """What stands there counts no longer from today on."""
    today = timezone.localdate()
    old = Division.objects.filter(lies_in(township), valid_to=None).exclude(pk=township)
    Household.objects.filter(lies_in(township), valid_to=None).update(valid_to=today)
    old.update(valid_to=today)


def _people(village: Division) -> None:
    places = {
        Role.GROUP_LEADER: group_code(village.code, 1),
        Role.TOWNSHIP: township_of(village.code),
    }
    for post in POSTS:
        name = username(village.code, post)
        if User.objects.filter(username=name).exists():
            continue
        place = Division.objects.get(pk=places.get(post, village.code))
        create_user(
            username=name,
            display_name=f"练习用（{post.label[:6]}）",
            role=post,
            place=place,
            password=PASSWORD,
            by=None,
            is_demo=True,
        )


def _months(village: Division) -> None:
    """One month that is over and was frozen, last month and this one open."""
    today = timezone.localdate()
    over = shift(month_of(today), -GONE_BY)
    for month in (over, shift(over, 1), month_of(today)):
        open_month(month)
        sheet_of(month=month, village=village)
    declare(sheet=sheet_of(month=over, village=village), by=None)
    freeze_township(over, township_of(village.code), on=today, force=True, by=None, done=Frozen())
