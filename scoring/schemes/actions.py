"""Publishing a scheme: checked by name against the guards, then never changed again."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from households import audit
from households.models import User
from households.refusals import Refused
from scoring.models import Clause, Indicator, Scheme
from scoring.schemes.files import SchemeDraft
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
