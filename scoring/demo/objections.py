"""Objections of the demo: what the households of the first shown village contest in a month before it is frozen."""

from datetime import date
from random import Random
from uuid import UUID

from households.kin.actions import declare_kin
from households.models import Household, User
from households.roles import Role
from households.scope import lies_in
from scoring.freezing import post
from scoring.models import ScoreEvent
from scoring.months.months import calendar_of
from scoring.objections.actions import moving
from scoring.objections.actions.filing import ObjectionFiling, file_by_household
from scoring.objections.actions.ruling import Ruling, rule
from scoring.reasons import PublicReason, RejectReason
from scoring.rules import Kind
from scoring.schemes.redlines import PETITION

_WORDS = (
    "那天我家没有人在家，是过路的人倒的。",
    "当天就清理干净了，组长来看过。",
    "这件事是隔壁组的，记错了户。",
    "月初就改好了，请再核查一次。",
)
_GOOD = ("给村里修水渠出了三天工，没有记上。", "把走失的老人送回了家，组长知道。")


def play(month: str, village: str, rng: Random, *, township: User, on: date) -> int:
    """One upheld, one turned down by both instances, one taken back, one on its way above; returns how many."""
    post(month=month, on=max(on, calendar_of(month, village).post_from))
    supervisor = User.objects.get(is_demo=True, role=Role.SUPERVISOR, division=village)
    inside = ScoreEvent.objects.standing().filter(lies_in(village), period=month, kind=Kind.DEDUCT)
    heard = (
        inside.filter(code__regex="^.{18}$").exclude(recorded_by=supervisor).exclude(clause__indicator__code=PETITION)
    )
    events = list(heard.order_by("code", "pk"))
    chosen = rng.sample(events, min(len(events), len(_WORDS)))
    filed = [_file(month, event, words, rng) for event, words in zip(chosen, _WORDS, strict=False)]
    upheld, turned_down, taken_back, handed_on = (filed + [0] * 4)[:4]
    if upheld:
        yes = Ruling(True, "组长证明当天是别人倒的，撤回。", PublicReason.WRONG_PLACE)
        rule(op_id=_id(rng), objection=upheld, ruling=yes, by=supervisor)
    if turned_down:
        no = Ruling(False, "清理是第二天的事，有照片。", public_reason=RejectReason.RECORD_STANDS)
        rule(op_id=_id(rng), objection=turned_down, ruling=no, by=supervisor)
        moving.appeal(op_id=_id(rng), objection=turned_down, household=chosen[1].code)
        rule(op_id=_id(rng), objection=turned_down, ruling=no, by=township)
    if taken_back:
        moving.withdraw(op_id=_id(rng), objection=taken_back, household=chosen[2].code)
    if handed_on:
        moving.hand_on(op_id=_id(rng), objection=handed_on, by=supervisor)
    return len(filed)


def contest(month: str, village: str, rng: Random) -> int:
    """In a month that is posted: one waits for the village's panel, one was turned down by it and may be taken further."""
    supervisor = User.objects.filter(is_demo=True, role=Role.SUPERVISOR, division=village).first()
    if supervisor is None:  # a load that was begun before there was one
        return 0
    codes = Household.objects.filter(lies_in(village)).order_by("code").values_list("pk", flat=True)
    for code, words in zip(rng.sample(list(codes), len(_GOOD)), _GOOD, strict=True):
        filing = ObjectionFiling(month=month, code=code, text=words)
        number = int(file_by_household(op_id=_id(rng), filing=filing)["id"])
    no = Ruling(False, "问了组长，那是去年的事。", public_reason=RejectReason.RECORD_STANDS)
    rule(op_id=_id(rng), objection=number, ruling=no, by=supervisor)
    return len(_GOOD)


def kin(village: str) -> None:
    """The cadre of the village says which household is their own."""
    cadre = User.objects.get(is_demo=True, role=Role.CADRE, division=village)
    own = Household.objects.filter(lies_in(village)).order_by("-code").first()
    if own:
        declare_kin(user=cadre, household=own, relation="own", by=cadre)


def _file(month: str, event: ScoreEvent, words: str, rng: Random) -> int:
    filing = ObjectionFiling(month=month, code=event.code, text=words, event=event.pk)
    return int(file_by_household(op_id=_id(rng), filing=filing)["id"])


def _id(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
