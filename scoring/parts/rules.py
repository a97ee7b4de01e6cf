"""Which months may leave the database. Pure."""

from datetime import date

from households.months import Month, label

YEARS_KEPT = 1  # after the year of a month: as long as the points that it gave are good


def archivable_before(today: date) -> Month:
    """The first month that may not be archived yet."""
    return f"{today.year - YEARS_KEPT:04d}-01"


def file_of(month: Month) -> str:
    """The file that a month's household scores go to."""
    return f"scores-{month}.csv.gz"


def part_of(month: Month) -> str:
    """The table that holds a month of its own."""
    return f"scoring_householdscore_{month.replace('-', '_')}"


def sentence(month: Month) -> str:
    """What is said instead of a household's score."""
    return f"{label(month)}的各户得分已经存档，不在系统里；区划的得分和名次照旧。要查，请县六零办找机房取回。"
