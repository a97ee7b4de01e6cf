"""Award letters and the list that villages sign for them, as PDF."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone
from reportlab.platypus import Flowable, PageBreak

from households.codes import Level, is_level
from households.files import papers
from households.months import label
from rewards.models import Award, AwardKind, AwardRun
from rewards.money import capital, yuan
from scoring import rules

_USES = {
    AwardKind.COMPREHENSIVE: "作为工作经费和村级项目资金",
    AwardKind.GOAL: "作为工作经费和村级项目资金",
    AwardKind.POINTS: "作为村级项目资金",
    AwardKind.TOWNSHIP: "作为工作经费",
}


def awards_of(run: AwardRun) -> "QuerySet[Award]":
    """The run's awards with all that a letter says, best first."""
    awards = Award.objects.filter(run=run).order_by("rank", "division")
    return awards.select_related("run__fund__county", "run__confirmed_by", "division__parent")


def letters(awards: Sequence[Award]) -> bytes:
    """One letter a page."""
    papers.use_fonts()
    parts: list[Flowable] = []
    for number, award in enumerate(awards):
        parts += [PageBreak()] if number else []
        parts += _letter(award)
    return papers.pdf(parts, name="奖励通知书", foot="县六零办")


def _letter(award: Award) -> list[Flowable]:
    run = award.run
    kind = AwardKind(award.kind)
    return [
        papers.title(f"{run.fund.county.name}“六零”创建积分奖励通知书"),
        papers.right(award.letter_no),
        papers.gap(6),
        papers.text(f"{place_of(award)}：", size=12, spaceAfter=6),
        papers.text(
            f"根据{run.fund.year}年度{run.fund.name}的{kind.label}规则，以{span(run)}的排名为依据：{award.reason}"
        ),
        papers.text(
            f"现给予{kind.label} {yuan(award.amount_fen)} 元（人民币{capital(award.amount_fen)}），"
            f"{_USES[kind]}，按项目程序使用，收支向村民公开。"
        ),
        *([papers.text(f"本项使用积分 {award.points} 分，已从积分账户扣除。")] if award.points else []),
        *([papers.text(_lowered(award))] if award.withdrawn_fen else []),
        papers.text("对名次或金额有异议的，可以向县六零办提出。"),
        papers.gap(18),
        papers.right(f"{run.fund.county.name}“六零”创建工作办公室（章）"),
        papers.right(f"{timezone.localdate(run.confirmed_at):%Y年%m月%d日}" if run.confirmed_at else ""),
    ]


def _lowered(award: Award) -> str:
    return (
        f"依据的月份更正后，县六零办决定：本项奖励收回 {yuan(award.withdrawn_fen)} 元，现为 {yuan(award.net_fen)} 元。"
    )


def place_of(award: Award) -> str:
    """高沙镇石桥村; a township alone."""
    place = award.division
    with_parent = is_level(place.code, Level.VILLAGE) and place.parent is not None
    return f"{place.parent.name}{place.name}" if with_parent and place.parent else place.name


def span(run: AwardRun) -> str:
    """2024年4月至2024年5月."""
    first, last = run.months[0], run.months[-1]
    return label(first) if first == last else f"{label(first)}至{label(last)}"


def signature_list(run: AwardRun) -> bytes:
    """The list of a confirmed run, with room for a signature behind every name."""
    papers.use_fonts()
    awards = list(awards_of(run).select_related("line", "division__parent"))
    head = ["名次", "单位", "得分", "金额（元）", "通知书编号", "签收人", "日期"]
    rows = [
        [
            str(award.rank),
            place_of(award),
            rules.display(rules.result(award.line.total, award.line.households)),
            yuan(award.net_fen),
            award.letter_no,
            "",
            "",
        ]
        for award in awards
    ]
    total = sum(award.net_fen for award in awards)
    rows.append(["", f"合计 {len(awards)} 个", "", yuan(total), "", "", ""])
    name = f"{run.fund.year}年度{run.get_kind_display()}签收表"
    parts = [
        papers.title(f"{run.fund.county.name}{name}", size=16),
        papers.small(f"{run.fund.name}；依据 {span(run)}；合计人民币{capital(total)}。"),
        papers.gap(3),
        papers.table(head, rows, [8, 25, 12, 20, 37, 16, 14]),
    ]
    return papers.pdf(parts, name=name, foot=f"摘要 {run.digest[:16]}")
