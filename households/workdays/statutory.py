"""The holidays that the law fixes whatever a year's arrangement will say. Pure.

Source: 《全国年节及纪念日放假办法》, as amended on 2024-11-10, in force 2025-01-01, article 2: 元旦 1 January; 春节 the eve and
the first three days of the first lunar month; 清明节; 劳动节 1 and 2 May; 端午节; 中秋节; 国庆节 1 to 3 October. What falls on a
weekend is made up for on a working day, which only the yearly arrangement names. Our reading until a lawyer confirms it.
"""

from datetime import date, timedelta
from functools import cache

FROM = 2025  # the law in this wording
DAY = timedelta(days=1)
# New Year's Day, Dragon Boat Day and Mid-Autumn Day of the lunar calendar (GB/T 33661-2017) as month and day, from the
# conversion tables of the Hong Kong Observatory. Tables made by approximation are a day off in 2027 and 2030, when the new
# moon falls within minutes of midnight in Beijing.
_LUNAR: dict[int, tuple[str, str, str]] = {
    2025: ("01-29", "05-31", "10-06"),
    2026: ("02-17", "06-19", "09-25"),
    2027: ("02-06", "06-09", "09-15"),
    2028: ("01-26", "05-28", "10-03"),
    2029: ("02-13", "06-16", "09-22"),
    2030: ("02-03", "06-05", "09-12"),
    2031: ("01-23", "06-24", "10-01"),
    2032: ("02-11", "06-12", "09-19"),
    2033: ("01-31", "06-01", "09-08"),
    2034: ("02-19", "06-20", "09-27"),
    2035: ("02-08", "06-10", "09-16"),
    2036: ("01-28", "05-30", "10-04"),
    2037: ("02-15", "06-18", "09-24"),
    2038: ("02-04", "06-07", "09-13"),
    2039: ("01-24", "05-27", "10-02"),
    2040: ("02-12", "06-14", "09-20"),
}


@cache
def fixed_by_law(year: int) -> dict[date, str]:
    """The year's holidays by day, with their names; of a year beyond the lunar table those by the sun alone."""
    if year < FROM:
        return {}
    found = {date(year, 1, 1): "元旦", qingming(year): "清明节"}
    found |= {date(year, 5, day): "劳动节" for day in (1, 2)}
    lunar = _LUNAR.get(year)
    if lunar:
        new_year, dragon_boat, mid_autumn = (date.fromisoformat(f"{year}-{day}") for day in lunar)
        found |= {new_year + DAY * number: "春节" for number in range(-1, 3)}
        found |= {dragon_boat: "端午节", mid_autumn: "中秋节"}
    return found | {date(year, 10, day): "国庆节" for day in (1, 2, 3)}


def qingming(year: int) -> date:
    """清明 of this century: the day on which the sun stands at 15 degrees, by the usual formula."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)
