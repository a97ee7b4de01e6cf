"""What a confirmed run would give if it were worked out now: beside the award, for the county's decision. Writes nothing."""

from dataclasses import replace

from django.db.models import F, Sum

from households.refusals import Refused
from rewards.awards import basis, engine
from rewards.models import Award, AwardKind, AwardRun


def rerun(run: AwardRun) -> dict[str, int] | None:
    """Division -> fen by the newest rankings and the run's own rule; None when that cannot be worked out (pool, months).

    A village competes with the points that its award cost: they are spent, not gone.
    """
    try:
        read = basis.read(run.fund, AwardKind(run.kind), run.months[0], run.months[-1])
        lines = engine.award(_with_points(read.competitors, run), basis.rules_of(run.rule, _pool(run)))
    except (Refused, engine.PoolTooSmall):
        return None
    return {line.code: line.amount_fen for line in lines}


def _with_points(competitors: list[engine.Competitor], run: AwardRun) -> list[engine.Competitor]:
    used = dict(run.lines.values_list("division_id", "points"))
    return [replace(one, points=used.get(one.code, 0)) for one in competitors]


def _pool(run: AwardRun) -> int:
    """The rule's pool less what other runs of it gave."""
    others = Award.objects.filter(fund=run.fund_id, kind=run.kind).exclude(run=run)
    given = others.aggregate(fen=Sum(F("amount_fen") - F("withdrawn_fen"), default=0))
    return max(0, run.rule.pool_fen - given["fen"])
