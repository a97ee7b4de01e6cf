"""What scoring tells households, in fixed words: no score, no clause, no reason."""

from households.outbox.kinds import OutboxKind, register

KINDS = (
    OutboxKind("objection.filed", "收到异议", "关于您家的异议收到了。"),
    OutboxKind("objection.ruled", "异议的裁定", "关于您家的异议有了裁定。"),
    OutboxKind("objection.handed_on", "异议转上级", "关于您家的异议，转给上级复核了。"),
    OutboxKind("objection.lapsed", "异议到期办结", "关于您家的异议，可以请求复核的日子过了，已经办结。"),
    OutboxKind("objection.decided", "异议的更正有了决定", "关于您家的异议，县六零办有了决定。"),
    OutboxKind("objection.due_moved", "异议的期限有变", "关于您家的异议，办理期限有变动。"),
    OutboxKind("objection.days_moved", "提异议的日子有变", "村里公示的结果，可以提异议的日子有变动。"),
    OutboxKind("adjustment.decided", "锁定后更正", "锁定以后，您家有一项记录更正了。"),
    OutboxKind("event.posted", "登记事项公示", "村里开始公示上个月的结果，里面有您家登记的事项。"),
    OutboxKind(
        "sheet.forced",
        "提前锁定",
        "村里一个月的结果没有等到日子就锁定了，里面有您家登记的事项。觉得不对，仍然可以提异议。",
    ),
    OutboxKind("withholding.granted", "依法不再公开", "您家积分明细里有一处文字，依法不再公开了。"),
    OutboxKind("points.lapsing", "积分快到期", "您家有积分快到期了。"),
)


def speak() -> None:
    """Have the kinds known."""
    register(*KINDS)
