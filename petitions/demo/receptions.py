"""The demo's receptions: last month's Enterprise Day and visits with what came of them, and the ones being prepared."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings

from households.models import User
from households.workdays.workdays import SHANGHAI
from petitions.cases.actions import ownership
from petitions.demo.current import REPLY, Play, accept, assign, confirm, rate
from petitions.models import Channel, Petition, PetitionKind, Promise, Reception, ReceptionKind, ReceptionOutcome
from petitions.promises.actions import promises
from petitions.promises.actions.promises import Promised
from petitions.receptions.actions import lists, planning, records
from petitions.receptions.actions.planning import ReceptionPlan
from petitions.receptions.reception_days import EnterpriseRule, WeekRule, enterprise_day, quiet_week

MORNING, NOON = time(9, 0), time(11, 30)
LEADERS = (
    ("演示领导甲", "副县长"),
    ("演示领导乙", "县委常委"),
    ("演示领导丙", "县政协副主席"),
    ("演示领导丁", "县人大副主任"),
)
BEFORE, LATELY = 10, 5  # days: petitions are filed so long before the reception; promises fall due so far from today


def tell(play: Play, today: date, townships: Sequence[str]) -> int:
    """A held Enterprise Day, a held visit, an owner of an old case, and what is planned next; how many receptions."""
    _held_reception(play, today)
    _held_visit(play, today, townships[0])
    return 2 + _planned(play, today, townships)


def _of_month(today: date, months: int) -> date:
    """The Enterprise Day of the month so many months from this one."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return enterprise_day(year, month + 1, EnterpriseRule(settings.PETITION_ENTERPRISE_DAY)).day


def _week(day: date) -> list[date]:
    """The working days of the no-meeting week in the month of `day`."""
    return quiet_week(day.year, day.month, WeekRule(settings.PETITION_NO_MEETING_WEEK)).workdays


def _plan(play: Play, kind: ReceptionKind, day: date, place: str, leader: int) -> Reception:
    name, post = LEADERS[leader % len(LEADERS)]
    wanted = ReceptionPlan(
        kind=kind, day=day, starts=MORNING, ends=NOON, place=place, leader=name, post=post, units=(play.at_work,)
    )
    return planning.plan(op_id=play.op_id(), plan=wanted, by=play.office)


def _put(play: Play, reception: Reception, petitions: Sequence[Petition]) -> None:
    lists.put(op_id=play.op_id(), reception=reception, petitions=petitions, by=play.office)


def _filed(play: Play, channel: Channel, ago: int, **more: object) -> Petition:
    return assign(play, accept(play, play.file(channel, ago, **more)))


def _said(
    play: Play, reception: Reception, petition: Petition, note: str, promise: Promised | None = None
) -> Promise | None:
    at = datetime.combine(reception.day, time(9, 30), SHANGHAI)
    made = records.record_on_the_spot(
        op_id=play.op_id(),
        reception=reception,
        by=play.office,
        petition=petition,
        outcome=ReceptionOutcome.PROMISE if promise else ReceptionOutcome.SOLVED,
        note=note,
        promise=promise,
        at=at,
    )
    return made.promise


def _promised(play: Play, what: str, due: date) -> Promised:
    return Promised(what=what, unit=play.at_work, due=due, person="演示负责人", post="股长")


def _held_reception(play: Play, today: date) -> None:
    """Last month's Enterprise Day: one matter solved on the spot, one promise fulfilled, one open, one overdue."""
    day = _of_month(today, -1)
    listed = [_filed(play, Channel.ENTERPRISE, (today - day).days + BEFORE) for _ in range(4)]
    reception = _plan(play, ReceptionKind.ENTERPRISE_DAY, day, play.cast.county, 0)
    _put(play, reception, listed)
    solved, fulfilled, coming, overdue = listed
    _said(play, reception, solved, "部门当场答应调取材料，企业不用再跑。")
    for step in (*REPLY[2:], confirm, rate):
        solved = step(play, solved)
    words = {
        fulfilled: ("一周内到厂查看", day + timedelta(days=7)),
        coming: ("厂门前道路拓宽", today + timedelta(days=LATELY)),
        overdue: ("用地批复送达企业", min(day + timedelta(days=20), today - timedelta(days=1))),
    }
    for petition, (what, due) in words.items():
        promise = _said(play, reception, petition, "当场商定了办法。", _promised(play, what, due))
        if petition is fulfilled and promise is not None:
            reported = promises.report(op_id=play.op_id(), promise=promise, by=play.unit, note="已到厂查看，拍了照片。")
            promises.accept(op_id=play.op_id(), promise=reported, by=play.office, told="承诺已经兑现：部门到厂查看过。")


def _held_visit(play: Play, today: date, township: str) -> None:
    """A leader went to the township with an old case, which has an owner since."""
    day = _week(_of_month(today, -1))[0]
    old = _filed(
        play, Channel.PEOPLE, (today - day).days + BEFORE, kind=PetitionKind.BACKLOG, place=_inside(play, township)
    )
    reception = _plan(play, ReceptionKind.VISIT, day, township, 1)
    _put(play, reception, [old])
    due = today + timedelta(days=LATELY * 4)
    promise = _promised(play, "年底前重新丈量，结果公开", due)
    _said(play, reception, old, "到家里看过，与老人谈了一个小时。", promise)
    own: User = play.unit
    ownership.set_owner(
        op_id=play.op_id(), petition=old, owner=own, by=play.office, note="三年以上的积案，专人包到底。"
    )


def _inside(play: Play, township: str) -> str:
    return next((code for code in play.places if code.startswith(township)), play.places[0])


def _planned(play: Play, today: date, townships: Sequence[str]) -> int:
    """The next Enterprise Day with its list, and a leader for each of some townships in the coming no-meeting week."""
    day = next(each for each in (_of_month(today, 0), _of_month(today, 1)) if each > today)
    reception = _plan(play, ReceptionKind.ENTERPRISE_DAY, day, play.cast.county, 0)
    _put(play, reception, [_filed(play, Channel.ENTERPRISE, days) for days in (9, 7, 5)])
    days = [each for each in (*_week(today), *_week(_of_month(today, 1))) if each > today]
    for number, township in enumerate(townships[: len(LEADERS)]):
        _plan(play, ReceptionKind.NO_MEETING_WEEK, days[0], township, number)
    return 1 + min(len(townships), len(LEADERS))
