"""Rules that spend the demo's pools to the fen, whatever the made-up villages reached.

The county's three totals of 2022 are known, who reached what is not. So the amounts of goals, or the price of a point, are
raised in round steps until the awards ask for the whole pool; sharing it in proportion then gives exactly its sum.
"""

from collections.abc import Sequence
from dataclasses import replace

from households.months import Month
from rewards.awards import basis, engine
from rewards.awards.actions.funds import RuleDraft
from rewards.models import Fund

STEP = 100_000  # goals are worth whole thousands of yuan
PRICES = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000)  # fen for a point


def fitted(fund: Fund, draft: RuleDraft, months: Sequence[Month]) -> RuleDraft:
    """The draft, raised where the awards would not ask for the whole pool. Unchanged when nobody is awarded at all."""
    read = basis.read(fund, draft.kind, months[0], months[-1])
    return enough(draft, read.competitors)


def enough(draft: RuleDraft, competitors: Sequence[engine.Competitor]) -> RuleDraft:
    """The same by competitors. Rank bands stay as they are: they are written to add up."""
    if draft.fen_per_point:
        return _priced(draft, competitors)
    asked = _asked(draft, competitors)
    if not draft.goals or not asked or asked >= draft.pool_fen:
        return draft
    raised = [
        replace(goal, amount_fen=-(-goal.amount_fen * draft.pool_fen // (asked * STEP)) * STEP) for goal in draft.goals
    ]
    return replace(draft, goals=raised)


def _priced(draft: RuleDraft, competitors: Sequence[engine.Competitor]) -> RuleDraft:
    """The lowest round price at which the points ask for the pool, and which divides it."""
    for price in PRICES:
        tried = replace(draft, fen_per_point=price)
        if draft.pool_fen % price == 0 and _asked(tried, competitors) >= draft.pool_fen:
            return tried
    return draft


def _asked(draft: RuleDraft, competitors: Sequence[engine.Competitor]) -> int:
    """What the rule would give if there were no pool."""
    by = engine.Rules(
        pool_fen=10**18,
        bands=tuple(draft.bands),
        goals=tuple(draft.goals),
        fen_per_point=draft.fen_per_point or 0,
        points_most=draft.points_most or 0,
    )
    return sum(line.amount_fen for line in engine.award(competitors, by))
