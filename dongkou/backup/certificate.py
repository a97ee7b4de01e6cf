"""The paper of a drill: what was restored, how long it took, what was compared, with room for a signature."""

from django.utils import timezone
from reportlab.platypus import Flowable

from dongkou.backup.drill import DrillOutcome
from households.files import papers
from households.months import spoken_with_year


def pdf(outcome: DrillOutcome) -> bytes:
    """One A4 page."""
    papers.use_fonts()
    copy = outcome.restored.copy
    begun = timezone.localtime(outcome.begun_at)
    title = f"{spoken_with_year(begun.date())}备份恢复演练记录"
    last = outcome.restored.last_change
    lines = [
        ("开始", f"{begun:%H:%M:%S}"),
        ("备份", copy.name),
        ("备份做成的时刻", f"{timezone.localtime(copy.at):%Y-%m-%d %H:%M:%S}"),
        ("数据恢复到", f"{timezone.localtime(last):%Y-%m-%d %H:%M:%S}" if last else "备份做成的时刻"),
        ("最多丢失（RPO）", _seconds(outcome.rpo)),
        ("恢复并核对用时（RTO）", _seconds(outcome.rto)),
        ("其中恢复数据库", _seconds(outcome.restored.seconds)),
        ("核对", f"{outcome.checked} 项"),
        ("结论", "与备份前一致，核对无误" if not outcome.drifts else f"有 {len(outcome.drifts)} 处不符，见下"),
    ]
    parts: list[Flowable] = [papers.title(title, size=16), papers.table(("项目", "结果"), lines, [1, 2]), papers.gap(4)]
    parts += [papers.small(sentence) for sentence in outcome.drifts[:20]]
    parts += [papers.gap(8), papers.right("负责人签名：________________")]
    return papers.pdf(parts, name=title, foot=title)


def _seconds(found: float | None) -> str:
    if found is None:
        return "没有可比的改动"
    return f"{found:.1f} 秒" if found < 120 else f"{found / 60:.1f} 分钟"
