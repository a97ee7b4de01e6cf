"""Runs and statements as files: the rows of the screen."""

from typing import Any

from django.http import HttpResponse

from households.files import papers
from households.files.answers import table
from households.files.exports import MONEY, SHARE, moment
from rewards.awards.letters import span
from rewards.awards.performance import Statement
from rewards.awards.reads import RunLine
from rewards.models import AwardRun
from rewards.money import yuan

RUN_COLUMNS = {
    "rank": "名次",
    "code": "代码",
    "township": "乡镇",
    "name": "单位",
    "result": "得分",
    "six_zero": "六零户占比",
    "points": "使用积分",
    "amount": "金额（元）",
    "state": "状态",
    "reason": "理由",
}
STATEMENT_COLUMNS = {
    "month": "月份",
    "code": "村代码",
    "name": "联系的村",
    "weight": "权重",
    "households": "已评户数",
    "total": "总分",
    "result": "得分",
    "six_zero": "六零户数",
    "weighted_households": "权重×户数",
    "weighted_total": "权重×总分",
}


def run_file(run: AwardRun, lines: list[RunLine], form: str) -> HttpResponse:
    """A run as csv or xlsx; 404 for another format."""
    rows = [run_row(line) for line in lines]
    name = f"{run.fund.year}年度{run.get_kind_display()}名单-{run.get_state_display()}"
    notes = [
        ("资金", run.fund.name),
        ("依据", span(run)),
        ("合计（元）", yuan(run.total_fen)),
        ("测算时间", moment(run.proposed_at)),
        ("摘要 SHA-256", run.digest),
    ]
    return table(form, RUN_COLUMNS, rows, name=name, notes=notes, formats={"amount": MONEY, "six_zero": SHARE})


def run_row(line: RunLine) -> dict[str, Any]:
    """One row of a file, as on the screen."""
    return {
        "rank": line.line.rank,
        "code": line.line.division_id,
        "township": line.township,
        "name": line.place,
        "result": line.result,
        "six_zero": line.six_zero_share,
        "points": line.line.points,
        "amount": yuan(line.award.net_fen if line.award else line.line.amount_fen),
        "state": "暂停使用" if line.suspended else "",
        "reason": line.line.reason,
    }


def statement_rows(statement: Statement) -> list[dict[str, Any]]:
    """Every linked division of every month."""
    return [
        {
            "month": part.month,
            "code": link.code,
            "name": link.name,
            "weight": link.weight,
            "households": link.households,
            "total": link.total,
            "result": link.shown_result,
            "six_zero": link.six_zero,
            "weighted_households": link.weight * link.households,
            "weighted_total": link.weight * link.total,
        }
        for part in statement.parts
        for link in part.links
    ]


def statement_xlsx(statement: Statement) -> HttpResponse:
    """The statement as a workbook."""
    rows = statement_rows(statement)
    notes = statement_facts(statement)
    return table("xlsx", STATEMENT_COLUMNS, rows, name=statement.name, notes=notes)


def statement_facts(statement: Statement) -> list[tuple[str, str]]:
    """Where the department stands, name and value."""
    own, issued = statement.result, statement.issued
    if own is None:
        return [("得分", "这一年没有联系的村有得分")]
    ranked = f"第 {own.rank} 名（共 {statement.among} 个）" if own.rank else "未排名"
    return [
        ("得分", own.shown_result),
        ("名次", ranked),
        ("等次", own.grade or "未定"),
        ("加权总分 ÷ 加权户次", f"{own.total} ÷ {own.households}"),
        ("有得分的月数", str(own.months)),
        ("获得积分", str(own.earned)),
        ("使用积分", str(own.spent)),
        ("锁定", f"第 {issued.version} 版，{moment(issued.at)}" if issued else "还没有锁定"),
    ]


def statement_pdf(statement: Statement) -> bytes:
    """The statement as the department files it."""
    papers.use_fonts()
    rows = [[str(row[key]) for key in STATEMENT_COLUMNS if key != "code"] for row in statement_rows(statement)]
    heads = [words for key, words in STATEMENT_COLUMNS.items() if key != "code"]
    parts = [
        papers.title(statement.name, size=16),
        papers.table(["项目", "内容"], [list(fact) for fact in statement_facts(statement)], [30, 70], size=10),
        papers.gap(5),
        papers.text(
            "部门得分 = 所联系各村（权重 × 总分）之和 ÷（权重 × 户数）之和，村里得的、失的，部门一样得、一样失。"
        ),
        papers.table(heads, rows, [13, 24, 8, 12, 12, 12, 12, 15, 15]),
        papers.gap(12),
        papers.right("县六零办（章）"),
    ]
    return papers.pdf(parts, name=statement.name)
