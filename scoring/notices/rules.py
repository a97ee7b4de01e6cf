"""How long a month's notice (公示) can be read, and what the village loudspeaker says of it. Pure."""

from datetime import date

from households.months import Month, label, spoken
from scoring.months.calendar import PostedDays, disagree


def readable_until(days: PostedDays) -> date:
    """The last day on which everybody can read it: as long as the county's calendar says, and until it is frozen."""
    return max(days.notice_until, days.freeze_on)


def spoken_text(month: Month, village: str, households: int, six_zero: int, days: PostedDays) -> str:
    """A text to read out twice: figures, days and ways, and no name."""
    return (
        f"{village}的各位乡亲：现在播送{label(month)}六零积分的公示。"
        f"这个月全村评了 {households} 户，其中 {six_zero} 户六个零都守住了，是六零户。"
        f"各户的结果贴在村公告栏，公示到{spoken(days.post_until)}为止。"
        f"{disagree(days.objections_until)}。提异议不扣分，信访、投诉、举报也不扣分。再播送一遍。"
    )
