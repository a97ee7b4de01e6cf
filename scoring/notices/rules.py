"""How long a month's notice (公示) can be read, and what the village loudspeaker says of it. Pure."""

from datetime import date

from households.months import Month, label, spoken
from scoring.months.calendar import PostedDays, disagree


def readable_until(days: PostedDays) -> date:
    """The last day on which everybody can read it: as long as the county's calendar says, and until it is frozen."""
    return max(days.notice_until, days.freeze_on)


def objecting(days: PostedDays, *, takes: bool, forced: bool) -> str:
    """How to object while an objection is in time (`takes`), and what is left afterwards; `forced` is a month locked early."""
    if takes:
        return disagree(days.objections_until)
    early = "这个月由县里提前锁定，" if forced else ""
    return f"{early}提异议的日子已经过了。确实记错了的，仍然可以提，由乡镇核查，县六零办批准以后更正"


def board_days(days: PostedDays, *, forced: bool) -> str:
    """Until when it hangs on the board; of a month locked early this was only meant."""
    return f"{'原定' if forced else ''}公示到{spoken(days.post_until)}为止"


def spoken_text(
    month: Month, village: str, households: int, six_zero: int, days: PostedDays, *, takes: bool, forced: bool
) -> str:
    """A text to read out twice: figures, days and ways, and no name."""
    return (
        f"{village}的各位乡亲：现在播送{label(month)}六零积分的公示。"
        f"这个月全村评了 {households} 户，其中 {six_zero} 户六个零都守住了，是六零户。"
        f"各户的结果贴在村公告栏，{board_days(days, forced=forced)}。"
        f"{objecting(days, takes=takes, forced=forced)}。提异议不扣分，信访、投诉、举报也不扣分。再播送一遍。"
    )
