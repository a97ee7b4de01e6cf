"""核对报警 of the demo: one that waits, one that somebody answers for, one that is over. Each says that it is made up."""

from households.alarms.actions import AlarmFinding, acknowledge, found_by
from households.models import Alarm, AlarmKind, User
from households.roles import Role

MADE_UP = "（演示）"


def raise_some(month: str, households: list[str]) -> int:
    """As the checks of a night would raise them; returns how many."""
    keeper = User.objects.filter(is_demo=True, role=Role.SYSTEM_ADMIN).order_by("username").first()
    drifts = [
        AlarmFinding(AlarmKind.DRIFT, "户分数与事件相符", f"{month} {code}{MADE_UP}", code) for code in households
    ]
    failed = AlarmFinding(AlarmKind.FAILED, "核对没有做完，出错了", f"积分日榜 OperationalError{MADE_UP}")
    slow = AlarmFinding(AlarmKind.FAILED, "核对没有做完，出错了", f"信访期限 TimeoutError{MADE_UP}")
    found_by("demo.scores", drifts)
    if keeper:
        _answered("demo.roots", failed, "数据盘满了，已清理，第二天重跑正常。", keeper)
        found_by("demo.roots", [])
        _answered("demo.clocks", slow, "已报机房查数据库负载。", keeper)
    return Alarm.objects.count()


def _answered(source: str, found: AlarmFinding, remark: str, by: User) -> None:
    found_by(source, [found])
    acknowledge(alarm=Alarm.objects.get(source=source).pk, remark=remark, by=by)
