"""运行情况: what ran when, with which outcome, and what is overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from celery.schedules import maybe_schedule
from django.db.models import Count, Min
from django.utils import timezone

from dongkou import brokers, signs
from dongkou.backup.actions import last_copy
from dongkou.backup.store import BackupCopy
from dongkou.growth.reads import DatabaseGrowth, TableGrowth, growth
from dongkou.schedule import SCHEDULE
from households.accounts.checks import second_factor
from households.clock import doubts
from households.clock.doubts import ClockState
from households.jobs import reads
from households.models import JobRun
from scoring.models import Mark

LARGEST = 10
GRACE = timedelta(minutes=15)  # a job may be so late before it counts as overdue

LABELS = {
    "scoring.tasks.roll_up_marked": "汇总有变动的分数",
    "households.tasks.index_households": "补建找户的检索词",
    "scoring.tasks.advance_calendar": "按日历公示和锁定",
    "rewards.tasks.expire_reservations": "放回过期未领的预订",
    "scoring.tasks.lay_out_months": "把各月户得分分开存放",
    "scoring.tasks.lapse_points": "到期积分清零和提前告知",
    "scoring.tasks.pass_points_on": "离册户的积分转走或作废",
    "scoring.tasks.publish_roots": "公布积分日榜",
    "scoring.tasks.seal_trail": "给留痕加封",
    "households.tasks.take_up_imports": "接着做中断的导入和成批制牌",
    "petitions.tasks.remind": "信访催办和督办",
    "petitions.tasks.close_passed": "信访件到期办结",
    "petitions.tasks.check_clocks": "夜间核对信访件",
    "petitions.tasks.erase_expired": "清除保存期满的信访内容",
    "households.tasks.erase_expired": "清除注销已久的户的个人信息",
    "households.tasks.send_sms": "发短信",
    "petitions.tasks.index_petitions": "补建信访件索引",
    "scoring.tasks.check_nightly": "夜间核对分数、积分和存档",
    "dongkou.tasks.back_up": "备份",
    "dongkou.tasks.rehearse_restore": "恢复演练",
    "dongkou.tasks.measure_tables": "量各表的大小",
    "dongkou.tasks.look_around": "查看系统运行",
    "dongkou.tasks.tell_alarms": "把报警送出去",
    "dongkou.tasks.sum_up_province": "汇总到省",
}
QUEUES = {"entry": "录入", "rollup": "汇总", "points": "积分", "notify": "提醒和短信", "export": "导出"}
_FIGURES = {
    "drifts": "不符",
    "roots": "新的根",
    "indexed": "补建",
    "erased": "清除户数",
    "sent": "催办",
    "handed": "已交短信平台",
    "unsure": "可能已送出",
    "no": "短信平台没有收",
    "not_reached": "没有连上短信平台",
    "no_number": "没有手机号",
    "no_sms": "不要短信",
    "refused": "等得太久没有发",
    "promises": "承诺提醒",
    "closed": "办结",
    "all": "清除内容",
    "papers": "清除附件",
    "full": "全量",
    "megabytes": "MB",
    "seconds": "秒",
    "copies": "备份份数",
    "rpo": "最多丢失的秒数（RPO）",
    "rto": "恢复用时的秒数（RTO）",
    "checked": "核对项数",
    "wrong": "要处理的",
    "told": "送出",
    "measured": "量了的表",
    "summed": "汇总的月份",
    "months": "月份",
}


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job of the schedule; `run` is its last one."""

    label: str
    run: JobRun | None
    overdue: bool

    @property
    def figures(self) -> str:
        """不符 2 · 办结 3."""
        found = self.run.figures if self.run else {}
        return " · ".join(f"{_FIGURES.get(key, key)} {number}" for key, number in found.items())


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """One queue of messages; `waiting` is unknown while the broker is away."""

    label: str
    served: bool
    waiting: int | None


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A worker that lives: its name, with its host's, and what it takes."""

    name: str
    queues: str


@dataclass(frozen=True, slots=True)
class RunningPage:
    """Everything on the page. `marks` are places still to be rolled up, the oldest since `oldest`."""

    clock: ClockState
    held_back: list[str]
    jobs: list[JobLine]
    queues: list[WaitingMessages]
    workers: list[WorkerLine]
    broker: bool
    beat: bool
    marks: int
    oldest: datetime | None
    second_factor: str
    backup: BackupCopy | None
    growth: DatabaseGrowth

    @property
    def largest(self) -> list[TableGrowth]:
        """Tables worth a line."""
        return self.growth.tables[:LARGEST]

    @property
    def late(self) -> bool:
        """Whether figures on pages are behind what was entered."""
        return self.oldest is not None and timezone.now() - self.oldest > GRACE


def page() -> RunningPage:
    """As it stands now."""
    clock = doubts.state()
    marks = Mark.objects.aggregate(number=Count("code"), oldest=Min("since"))
    queues, workers, beat = _queues()
    return RunningPage(
        clock=clock,
        held_back=doubts.held_back(timezone.localdate(clock.now)) if clock.why else [],
        jobs=_jobs(clock.now),
        queues=queues,
        workers=workers or [],
        broker=workers is not None,
        beat=beat,
        marks=marks["number"],
        oldest=marks["oldest"],
        second_factor=second_factor(),
        backup=last_copy(),
        growth=growth(),
    )


def _jobs(now: datetime) -> list[JobLine]:
    last = reads.last_runs([entry["task"] for entry in SCHEDULE.values()])
    return [_job(entry, last.get(entry["task"]), now) for entry in SCHEDULE.values()]


def _job(entry: dict[str, Any], run: JobRun | None, now: datetime) -> JobLine:
    return JobLine(LABELS[entry["task"]], run, run is not None and is_overdue(entry["schedule"], run, now))


def is_overdue(schedule: Any, run: JobRun, now: datetime) -> bool:
    """Whether the job should have run again by now; one that ran later than now was run by a wrong clock."""
    if run.begun_at > now + GRACE:
        return True
    when: Any = maybe_schedule(schedule)
    return bool(when.remaining_estimate(run.begun_at) < -GRACE)


def _queues() -> tuple[list[WaitingMessages], list[WorkerLine] | None, bool]:
    """Queues, workers (None while the broker does not answer), whether beat lives."""
    try:
        unserved, lengths, beat = signs.unserved(), brokers.lengths(), signs.seen()["beat"]
        workers = [WorkerLine(name, "、".join(map(QUEUES.__getitem__, took))) for name, took in signs.workers().items()]
    except (redis.RedisError, OSError):
        return [WaitingMessages(label, False, None) for label in QUEUES.values()], None, False
    queues = [WaitingMessages(label, name not in unserved, lengths[name]) for name, label in QUEUES.items()]
    return queues, workers, beat
