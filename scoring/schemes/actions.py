"""Publishing a scheme: checked by name against the guards, then never changed again."""

from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.models import Division, User
from households.months import month_of
from households.refusals import Refused
from scoring.models import AskState, Clause, Indicator, Period, Scheme, SchemeAsk
from scoring.schemes.adopted import ADOPTED, adopted, in_force
from scoring.schemes.files import SchemeDraft, SchemeFileError, parse
from scoring.schemes.protected_acts import rests_on_sealed_record
from scoring.schemes.redlines import check_scheme

MAX_ANSWER = 100


@transaction.atomic
def publish_scheme(*, draft: SchemeDraft, by: User | None) -> Scheme:
    """Write `draft` as a published scheme. Refused by name when a guard fails or its version or month is taken."""
    rehearse_scheme(draft)
    scheme = _write(draft)
    Scheme.objects.filter(pk=scheme.pk).update(published_at=timezone.now())
    audit.record(by, "scheme.publish", subject=draft.code, effective_from=draft.effective_from)
    scheme.refresh_from_db()
    return scheme


def rehearse_scheme(draft: SchemeDraft) -> None:
    """Refuse what publishing would refuse; writes nothing."""
    problems = check_scheme(draft)
    if problems:
        raise Refused(problems[0].guard, "".join(problem.message for problem in problems))
    if Scheme.objects.filter(code=draft.code).exists():
        raise Refused("scheme_exists", f"细则 {draft.code} 已经发布，发布后不能修改。", hint="请另发新版本。")
    if Scheme.objects.filter(effective_from=draft.effective_from).exists():
        raise Refused("scheme_month_taken", f"{draft.effective_from} 起已有另一版细则。", hint="请换一个起始月份。")


@transaction.atomic
def adopt_scheme(*, by: User) -> Scheme:
    """The county takes up the scheme in force this month: somebody answers by name for having read it.

    Refused without one, a second time, and where a clause would rest on a record that is sealed.
    """
    today = timezone.localdate()
    scheme = in_force(month_of(today))
    if scheme is None:
        raise Refused("no_scheme", "没有这个月适用的细则。", hint="请机房先发布一版。")
    for clause in Clause.objects.filter(indicator__scheme=scheme):
        if rests_on_sealed_record(clause.kind, clause.text, clause.basis, today):
            raise Refused(
                "sealed_record", f"条款 {clause.code} 以依法封存的记录为依据，不能采用。", hint="请另发一版。"
            )
    county = by.division_id or ""
    Division.objects.select_for_update().get(pk=county)
    if adopted(county) == scheme.code:
        raise Refused("already", f"本县已经采用《{scheme.name}》。", status=409)
    audit.record(by, ADOPTED, place=county, subject=scheme.code, effective_from=scheme.effective_from)
    return scheme


@transaction.atomic
def ask_scheme(*, text: str, name: str, by: User) -> SchemeAsk:
    """Hand in a scheme as text, to be published by somebody else of the county. Refused by name when it could not be published,
    or would begin in a month that has begun under another one. `name` is the file's.
    """
    draft = draft_of(text, name)
    rehearse_scheme(draft)
    _check_begins(draft)
    ask = SchemeAsk(
        place=by.division_id or "",
        code=draft.code,
        name=draft.name,
        effective_from=draft.effective_from,
        text=text,
        asked_by=by,
    )
    try:
        with transaction.atomic():
            ask.save(force_insert=True)
    except IntegrityError as fault:
        raise Refused("asked_already", f"细则 {draft.code} 已经有人交了，还在等发布。", status=409) from fault
    audit.record(by, "scheme.ask", place=ask.place, subject=ask.code, effective_from=ask.effective_from)
    return ask


@transaction.atomic
def publish_asked(*, ask: SchemeAsk, by: User) -> Scheme:
    """Publish what another one handed in, for good. Everything is asked again as it is now."""
    if ask.asked_by_id == by.pk:
        raise Refused("own_request", "自己交的细则，要由另一个人核对发布。", status=403)
    draft = draft_of(ask.text, ask.code)
    _check_begins(draft)
    scheme = publish_scheme(draft=draft, by=by)
    _decide(ask, by, AskState.GRANTED, scheme=scheme)
    return scheme


@transaction.atomic
def refuse_asked(*, ask: SchemeAsk, answer: str, by: User) -> None:
    """It is not published, with a reason; whoever handed it in may take it back so, too."""
    if not answer.strip():
        raise Refused("answer_missing", "请写明为什么不发布。", fields={"answer": "必填"})
    _decide(ask, by, AskState.REFUSED, answer=answer.strip()[:MAX_ANSWER])
    audit.record(by, "scheme.refuse", place=ask.place, subject=ask.code)


def draft_of(text: str, name: str) -> SchemeDraft:
    """A scheme's text, understood. Refused by place and field."""
    try:
        return parse(text, name)
    except SchemeFileError as trouble:
        raise Refused("scheme_unreadable", f"{trouble}。", hint="请对照模板改好再交。", status=422) from trouble


def _check_begins(draft: SchemeDraft) -> None:
    """A month that has begun keeps its scheme, so a later one would say something that is not so."""
    month = month_of(timezone.localdate())
    if draft.effective_from < month or Period.objects.filter(month=draft.effective_from).exists():
        raise Refused("scheme_late", f"{draft.effective_from} 已经开始或过去了。", hint="请把起始月份改成以后的月份。")


def _decide(ask: SchemeAsk, by: User, state: AskState, **more: object) -> None:
    """Of two who decide at once, the second is told."""
    waiting = SchemeAsk.objects.filter(pk=ask.pk, state=AskState.ASKED)
    if not waiting.update(state=state, decided_by=by, decided_at=timezone.now(), **more):
        raise Refused("decided", "这一版刚才已经有了决定。", hint="请刷新后查看。", status=409)


def _write(draft: SchemeDraft) -> Scheme:
    row = Scheme.objects.create(code=draft.code, name=draft.name, effective_from=draft.effective_from, note=draft.note)
    indicators = Indicator.objects.bulk_create(
        Indicator(scheme=row, position=n, code=i.code, name=i.name, lamp=i.lamp, share=i.share)
        for n, i in enumerate(draft.indicators, 1)
    )
    Clause.objects.bulk_create(
        Clause(scheme=row, indicator=owner, **asdict(clause))
        for owner, written in zip(indicators, draft.indicators, strict=True)
        for clause in written.clauses
    )
    return row
