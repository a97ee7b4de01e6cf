"""What a correction of a frozen month does to awards, said before it is granted."""

from rewards.awards.basis import figures_of
from rewards.awards.letters import place_of
from rewards.awards.suspension import suspended_among
from rewards.models import Award
from rewards.money import yuan
from scoring.restatements.consequences import Consequence, Forecast


def foresee(forecast: Forecast) -> list[Consequence]:
    """The awards that are payable now and would be suspended."""
    resting = Award.objects.filter(run__months__contains=[forecast.month], division__code__startswith=forecast.county)
    awards = list(resting.select_related("run", "division__parent").order_by("kind", "rank", "division"))
    supposing = {
        (forecast.county, level, forecast.month): figures_of(forecast.month, lines)
        for level, lines in forecast.lines.items()
    }
    stopped = suspended_among(awards, supposing) - suspended_among(awards)
    touched = [award for award in awards if award.pk in stopped]
    return [_said(touched)] if touched else []


def _said(awards: list[Award]) -> Consequence:
    left = sum(award.left_fen for award in awards)
    return Consequence(
        f"{len(awards)} 笔奖励会暂停使用，共 {yuan(sum(award.net_fen for award in awards))} 元，"
        f"其中还没有用于项目的 {yuan(left)} 元；等管资金的人复核决定后恢复。其他奖励照常使用。",
        [(place_of(award), f"{award.get_kind_display()} {award.letter_no}", yuan(award.net_fen)) for award in awards],
    )
