"""What of this room leaves a trail (`households.trail.tables`), and what each table holds in a reader's word."""

TABLES: dict[str, str] = {
    "scoring_scheme": "计分方案",
    "scoring_schemeask": "细则发布申请",
    "scoring_indicator": "计分指标",
    "scoring_clause": "计分条款",
    "scoring_period": "月份",
    "scoring_sheet": "月度表",
    "scoring_declaration": "申报",
    "scoring_review": "审核",
    "scoring_scoreevent": "扣分加分记录",
    "scoring_adjustment": "冻结后更正",
    "scoring_objection": "异议",
    "scoring_objectionstep": "异议的步骤",
    "scoring_eventphoto": "例外的照片",
    "scoring_objectionphoto": "异议的照片",
    "scoring_pointadjustment": "积分人工调整",
    "scoring_rankingsnapshot": "存档名次",
    "scoring_villageroot": "积分链的根",
    "scoring_dailyroot": "积分日榜",
    "scoring_withholding": "不再公开的文字",
    "scoring_reviewlook": "审核时打开看过",
    "scoring_monthreminder": "催办",
    "scoring_calendarversion": "日历",
    "scoring_monthextension": "申报延期",
    "scoring_forcedfreeze": "提前锁定",
}
FREE = ("scoring_period", "scoring_sheet")  # made on the way, by whoever looks or uploads first
