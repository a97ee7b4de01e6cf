"""The committee's report on A4: figures, the sample with room for what was found at each door, objections, and signatures."""

from django.utils import timezone
from reportlab.platypus import Flowable, KeepTogether

from households.files import papers
from households.months import label, spoken_with_year
from scoring.supervision.reads import VillageReport

_LINE = "________________"


def pdf(report: VillageReport) -> bytes:
    """To be filled in by hand, signed and hung beside the notice; it names no household but those to visit, by surname."""
    papers.use_fonts()
    village = report.village
    where = f"{village.parent.name if village.parent else ''}{village.name}"
    title = f"{where}村务监督委员会{label(report.month)}六零监督报告"
    parts: list[Flowable] = [papers.title(title, size=16), papers.text(_figures(report))]
    parts += [papers.text("各项记录", size=12), _zeros(report), papers.gap(4)]
    parts += [papers.text("委员会自己抽的户", size=12), *_sample(report), papers.gap(4)]
    parts += [papers.text("异议", size=12), *_objections(report), papers.gap(4)]
    opinion = [papers.text("监督意见："), *(papers.text(_LINE * 4, size=12, spaceAfter=10) for _ in range(4))]
    signed = [papers.right(f"委员签名：{_LINE}"), papers.right(spoken_with_year(timezone.localdate()))]
    parts.append(KeepTogether([*opinion, *signed]))  # nobody signs a sheet with nothing on it
    return papers.pdf(parts, name=title, foot=title)


def _figures(report: VillageReport) -> str:
    if report.declaration is None:
        return "这个月还没有申报。"
    score = report.score
    scored = f"有结果 {score.households} 户，六零户 {score.six_zero} 户，全村平均 {report.result} 分。" if score else ""
    return (
        f"在册并申报 {len(report.declaration.households)} 户，其中有例外 {report.declaration.exceptions} 户。{scored}"
    )


def _zeros(report: VillageReport) -> Flowable:
    head = ("六零", "扣分", "提醒", "加分", "撤回")
    rows = [(one.name, *map(str, (one.deductions, one.reminders, one.bonuses, one.withdrawn))) for one in report.zeros]
    return papers.table(head, rows, [2, 1, 1, 1, 1])


def _sample(report: VillageReport) -> list[Flowable]:
    if not report.sample:
        return [papers.small("申报以后才抽。")]
    head = ("组", "户号", "户主", "记录", "上门核实（相符、不符、没见到人）", "签字")
    rows = [(one.group, one.number, one.name, f"{one.events} 条", "", "") for one in report.sample]
    told = papers.small(f"种子 {report.seed}；每户算“种子|户编号”的 SHA-256，从小到大取，乡镇抽过的不再抽。")
    return [papers.table(head, rows, [1.2, 1, 1.2, 1, 3, 1.4]), told]


def _objections(report: VillageReport) -> list[Flowable]:
    if not report.objections:
        return [papers.small("没有。")]
    head = ("编号", "对什么", "来源", "现在")
    rows = [
        (line.objection.number, line.what, line.objection.way_label, line.state_words) for line in report.objections
    ]
    return [papers.table(head, rows, [2, 4, 2, 2.4])]
