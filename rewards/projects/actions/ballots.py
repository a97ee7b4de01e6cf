"""The residents' choice: opened, voiced by plate and PIN or on paper, counted, its result published.

One row of the ballot is locked by everything that touches it. Nothing is counted before the end: `result_of` answers only
about a settled ballot, so nobody can look how it stands and send round for more.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.models import Division, Household, User
from households.refusals import Refused
from households.scope import lies_in
from rewards.models import Ballot, BallotOption, Project, Slip, Voice, VoiceChannel, VoiceEntry
from rewards.project_states import ProjectAction, tally, winners
from rewards.projects.actions.project_rows import allowed, lock_list, moved_on, said

MAX_OPTIONS = 12  # what fits a phone and a slip of paper


@transaction.atomic
def open_ballot(
    *,
    village: Division,
    title: str,
    projects: Sequence[Project],
    picks: int = 1,
    places: int = 1,
    closes_at: datetime,
    by: User | None,
) -> Ballot:
    """Ask every household on the register today which of the village's needs come first, until `closes_at`."""
    title = said(title, "题目", 60)
    lock_list(village)
    wanted = [project.pk for project in projects]
    rows = list(Project.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    for project in rows:
        allowed(project, ProjectAction.CHOOSE)
    _check_question(village, rows, picks, places, closes_at)
    running = Ballot.objects.filter(village=village, settled_at__isnull=True, called_off_at__isnull=True)
    if running.exists():
        raise Refused("ballot_running", "村里已有一次选择没有公布结果。", hint="请先公布或作废它。", status=409)
    households = _of_record(village)
    ballot = Ballot.objects.create(
        village=village,
        title=title,
        picks=picks,
        places=places,
        closes_at=closes_at,
        households=households,
        opened_by=by,
    )
    rows.sort(key=lambda project: project.priority or 0)
    BallotOption.objects.bulk_create(
        BallotOption(ballot=ballot, project=project, position=number, estimate_fen=project.estimate_fen)
        for number, project in enumerate(rows, start=1)
    )
    audit.record(
        by, "ballot.open", place=village.code, subject=ballot.pk, options=len(rows), households=len(households)
    )
    return ballot


def _check_question(village: Division, rows: Sequence[Project], picks: int, places: int, closes_at: datetime) -> None:
    if not 1 <= len(rows) <= MAX_OPTIONS or any(project.village_id != village.code for project in rows):
        raise Refused(
            "ballot_options", f"请从本村清单里选 1 到 {MAX_OPTIONS} 个项目。", fields={"projects": "个数不对"}
        )
    if not (1 <= picks <= len(rows) and 1 <= places <= len(rows)):
        raise Refused("ballot_picks", "每户可选的个数和选出的个数，都要在 1 和项目数之间。")
    if closes_at <= timezone.now():
        raise Refused("ballot_over", "截止时间要在现在以后。", fields={"closes_on": "已经过去"})


def _of_record(village: Division) -> list[str]:
    active = Household.objects.filter(lies_in(village.code)).active(timezone.localdate())
    households = list(active.order_by("code").values_list("code", flat=True))
    if not households:
        raise Refused("no_households", "村里没有在册的户，不能开始选择。", hint="请先导入户册。")
    return households


def locked(ballot: Ballot) -> Ballot:
    """The ballot's row, locked until the transaction ends. Refused "ballot_ended" (409) when its result stands."""
    row = Ballot.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
    if row.ended:
        word = "已经公布结果" if row.settled_at else "已经作废"
        raise Refused("ballot_ended", f"这次选择{word}。", status=409)
    return row


@transaction.atomic
def choose(*, ballot: Ballot, household: Household, picks: Collection[int], at: datetime | None = None) -> Voice:
    """A household's voice by plate and PIN. The first stands; it may be changed until the end, every change is kept."""
    ballot = locked(ballot)
    if (at or timezone.now()) >= ballot.closes_at:
        raise Refused("ballot_over", "选择已经截止。", hint="结果公布后可以在这里看到。", status=409)
    _check_of_record(ballot, household.code)
    chosen = _picked(ballot, picks)
    voice = Voice.objects.filter(ballot=ballot, household=household).first()
    if voice is None:
        voice = Voice.objects.create(ballot=ballot, household=household, channel=VoiceChannel.PIN, picks=chosen)
    elif voice.channel == VoiceChannel.PAPER:
        hint = "一户只能选一次。有疑问请问村干部。"
        raise Refused("voice_on_paper", "您家已经领了纸质票，不能再在手机上选。", hint=hint, status=409)
    elif voice.picks == chosen:
        return voice
    else:
        Voice.objects.filter(pk=voice.pk).update(picks=chosen, changes=F("changes") + 1, at=timezone.now())
        voice.refresh_from_db()
    VoiceEntry.objects.create(voice=voice, number=voice.changes + 1, picks=chosen)
    return voice


def _check_of_record(ballot: Ballot, household: str) -> None:
    if household not in ballot.households:
        hint = "这次由开始那天在册的户来选。有疑问请问村干部。"
        raise Refused("not_of_record", "这一户不在这次选择的名单里。", hint=hint, status=403)


def _picked(ballot: Ballot, picks: Collection[int], *, spoiled: bool = False) -> list[int]:
    """The picks, sorted; between one (or none for a spoiled slip) and as many as the ballot allows, all of them options."""
    chosen = sorted(set(picks))
    options = set(ballot.options.values_list("project", flat=True))
    if not set(chosen) <= options:
        raise Refused("not_an_option", "选的不在这次的项目里。", hint="请重新选择。", fields={"picks": "不认识"})
    if len(chosen) > ballot.picks or (not chosen and not spoiled):
        reason = "请选一个项目。" if ballot.picks == 1 else f"请选 1 到 {ballot.picks} 个项目。"
        raise Refused("picks", reason, hint="然后再按一次按钮。", fields={"picks": "个数不对"})
    return chosen


@transaction.atomic
def hand_out_slip(*, ballot: Ballot, household: Household, at: datetime | None = None, by: User | None) -> Voice:
    """Note that a household took a paper slip: from now on it has no voice by PIN. What it writes there nobody links to it."""
    ballot = locked(ballot)
    if (at or timezone.now()) >= ballot.closes_at:
        raise Refused("ballot_over", "选择已经截止，不再发票。", status=409)
    _check_of_record(ballot, household.code)
    known = Voice.objects.filter(ballot=ballot, household=household).first()
    if known:
        how = "领过纸质票" if known.channel == VoiceChannel.PAPER else "在手机上选过"
        raise Refused("voice_taken", f"这一户已经{how}。", hint="一户只能选一次。", status=409)
    voice = Voice.objects.create(ballot=ballot, household=household, channel=VoiceChannel.PAPER, marked_by=by)
    audit.record(by, "ballot.slip_out", place=household.code, subject=ballot.pk)
    return voice


@transaction.atomic
def key_slip(*, ballot: Ballot, number: int, picks: Collection[int], picture: object = None, by: User) -> Slip:
    """Key a paper slip by its number; no picks means spoiled. Never more slips than were handed out."""
    ballot = locked(ballot)
    chosen = _picked(ballot, picks, spoiled=True)
    standing = ballot.slips.filter(struck_at__isnull=True)
    if standing.filter(number=number).exists():
        raise Refused("slip_twice", f"{number} 号票已经录过。", hint="请核对票号。", status=409)
    out = ballot.voices.filter(channel=VoiceChannel.PAPER).count()
    if standing.count() >= out:
        raise Refused("too_many_slips", f"一共只发了 {out} 张纸质票，不能录更多。", hint="请核对领票登记。", status=409)
    slip = Slip.objects.create(ballot=ballot, number=number, picks=chosen, picture=picture, keyed_by=by)  # type: ignore[misc]
    audit.record(by, "ballot.slip_keyed", place=ballot.village_id, subject=ballot.pk, number=number)
    return slip


@transaction.atomic
def check_slip(*, slip: Slip, picks: Collection[int], by: User) -> Slip:
    """A second person keys the same slip again: it counts when both read the same, otherwise it is struck and keyed anew."""
    ballot = locked(slip.ballot)
    if slip.keyed_by_id == by.pk:
        raise Refused("second_person", "这张票是您录的，要由另一个人核对。", status=403)
    waiting = Slip.objects.filter(pk=slip.pk, confirmed_at__isnull=True, struck_at__isnull=True)
    same = _picked(ballot, picks, spoiled=True) == slip.picks
    stamp = (
        {"confirmed_by": by, "confirmed_at": timezone.now()} if same else {"struck_by": by, "struck_at": timezone.now()}
    )
    if not waiting.update(**stamp):
        raise Refused("slip_checked", "这张票已经核对过。", status=409)
    action = "ballot.slip_checked" if same else "ballot.slip_struck"
    audit.record(by, action, place=ballot.village_id, subject=ballot.pk, number=slip.number)
    slip.refresh_from_db()
    return slip


@transaction.atomic
def settle_ballot(*, ballot: Ballot, at: datetime | None = None, by: User | None) -> list[Project]:
    """Count and publish: the needs that won are chosen. Refused before the end and while a slip waits for its second reader."""
    ballot = locked(ballot)
    if (at or timezone.now()) < ballot.closes_at:
        end = timezone.localtime(ballot.closes_at)
        raise Refused("ballot_open", f"还没有截止，要到 {end:%m月%d日 %H:%M} 以后才能计票。", status=409)
    waiting = ballot.slips.filter(confirmed_at__isnull=True, struck_at__isnull=True).count()
    if waiting:
        raise Refused("slips_waiting", f"还有 {waiting} 张纸质票没有第二人核对。", hint="请先核对完。", status=409)
    votes = _votes(ballot)
    chosen = winners(votes, ballot.places)
    rows = list(Project.objects.select_for_update(of=("self",)).filter(pk__in=chosen).order_by("pk"))
    for project in rows:
        allowed(project, ProjectAction.CHOOSE)
        note = f"群众选择“{ballot.title}”，{votes[project.pk]} 票"
        moved_on(project, ProjectAction.CHOOSE, note=note, by=by)
    Ballot.objects.filter(pk=ballot.pk).update(settled_at=timezone.now(), settled_by=by)
    audit.record(by, "ballot.settle", place=ballot.village_id, subject=ballot.pk, chosen=len(rows))
    return rows


@transaction.atomic
def call_off(*, ballot: Ballot, reason: str, by: User | None) -> Ballot:
    """End a ballot without a result, with a reason everybody can read."""
    reason = said(reason, "作废的原因", 200)
    ballot = locked(ballot)
    Ballot.objects.filter(pk=ballot.pk).update(called_off_at=timezone.now(), call_off_reason=reason)
    audit.record(by, "ballot.call_off", place=ballot.village_id, subject=ballot.pk, reason=reason)
    ballot.refresh_from_db()
    return ballot


def _votes(ballot: Ballot) -> dict[int, int]:
    options = ballot.options.order_by("position").values_list("project", flat=True)
    voices = ballot.voices.filter(channel=VoiceChannel.PIN).values_list("picks", flat=True)
    slips = ballot.slips.filter(confirmed_at__isnull=False).values_list("picks", flat=True)
    return tally(options, [*voices, *slips])


def result_of(ballot: Ballot) -> dict[int, int]:
    """Votes by project of a settled ballot, in the order of the list; empty for every other: nobody counts before the end."""
    return _votes(ballot) if ballot.settled_at else {}
