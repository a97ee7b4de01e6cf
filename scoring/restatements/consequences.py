"""What granting an adjustment would do in rooms above: each registers its forecast; scoring learns of none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from households.codes import Level, ancestors, county_of
from households.months import Month
from scoring.models import Adjustment
from scoring.rankings.rankings import ranking
from scoring.rankings.snapshots import AgreedLine, line_as_dict
from scoring.restatements.effects import change_of

COMPETING = (Level.VILLAGE, Level.TOWNSHIP)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A county's rankings of a month as granting would archive them: level -> lines as in an archived ranking."""

    month: Month
    county: str
    lines: Mapping[str, list[AgreedLine]]


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that granting would do: what, in one sentence, and each that it touches (who, what, how much)."""

    sentence: str
    touched: list[tuple[str, str, str]]


Foresee = Callable[[Forecast], list[Consequence]]
_asked: list[Foresee] = []


def register(foresee: Foresee) -> None:
    """Have a room asked what follows for it."""
    _asked.append(foresee)


def consequences_of(adjustment: Adjustment) -> list[Consequence]:
    """What granting would do above the scores; nothing is written."""
    forecast = _forecast(adjustment)
    return [consequence for foresee in _asked for consequence in foresee(forecast)]


def _forecast(adjustment: Adjustment) -> Forecast:
    month, county = adjustment.period_id, county_of(adjustment.code)
    change, moved = change_of(adjustment), {adjustment.code, *ancestors(adjustment.code)}
    lines = {
        str(level): [
            line_as_dict(
                replace(line, total=line.total + change.points, six_zero=line.six_zero + change.six_zero)
                if line.code in moved
                else line
            )
            for line in ranking(month, level, within=county)
        ]
        for level in COMPETING
    }
    return Forecast(month, county, lines)
