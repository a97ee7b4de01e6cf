"""Publishing a scheme: checked by name against the guards, then never changed again."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from households import audit
from households.models import Division, User
from households.months import month_of
from households.refusals import Refused
from scoring.models import Clause, Indicator, Scheme
from scoring.schemes.adopted import ADOPTED, adopted, in_force
from scoring.schemes.files import SchemeDraft
from scoring.schemes.protected_acts import rests_on_sealed_record
from scoring.schemes.redlines import check_scheme


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
        raise Refused("already", f"本县已经采用“{scheme.name}”。", status=409)
    audit.record(by, ADOPTED, place=county, subject=scheme.code, effective_from=scheme.effective_from)
    return scheme


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
