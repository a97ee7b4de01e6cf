"""Words that notes are mostly made of: chosen, then changed. Pure."""

READY_WORDS = (
    "本人在场，当场提醒", "提醒后当天改好", "有照片", "组长和邻居看见", "参加了，签到表在村部", "活动名单在村部",
)  # fmt: skip
