"""The self-check sheet and the filing form on paper: with room for what only people can answer, and for signatures."""

from collections.abc import Iterable
from itertools import groupby

from django.utils import timezone
from reportlab.platypus import Flowable

from dongkou.self_check.filing import FilingLine
from dongkou.self_check.sheet import SheetRow, by_rulebook, summary
from households.files import papers
from households.months import spoken_with_year

_HEAD = ("方面", "要求", "怎么做到、凭证", "现在", "这套系统上看到的", "要人填的")
_WIDTHS = (1.1, 1.7, 2.4, 0.7, 2.6, 1.7)
_LINE = "________________"


def sheet_pdf(found: list[SheetRow]) -> bytes:
    """As many A4 pages as it needs."""
    papers.use_fonts()
    now = timezone.localtime()
    title = "等保二级和政务应用程序规范自查表"
    parts: list[Flowable] = [papers.title(title, size=16)]
    parts.append(papers.text(f"{spoken_with_year(now.date())}{now:%H:%M}自动查看。{summary(found)}", size=10))
    for name, told, own in by_rulebook(found):
        parts += [papers.text(name, size=13, fontName=papers.BOLD), papers.small(told), papers.gap(2)]
        parts += [papers.table(_HEAD, [_cells(row) for row in own], _WIDTHS, size=8), papers.gap(5)]
    signed = "　".join(f"{who}：{_LINE}" for who in ("系统管理员", "安全管理员"))
    parts += [papers.right(signed), papers.right(f"日期：{_LINE}")]
    return papers.pdf(parts, name=title, foot=title)


def _cells(row: SheetRow) -> tuple[str, ...]:
    asked = row.requirement
    met = f"{asked.met}{f'（{asked.evidence}）' if asked.evidence else ''}"
    left = f"{asked.left}：\n\n" if asked.left else ""
    return (asked.head, asked.asked, met, row.verdict, "\n".join(row.lines), left)


def filing_pdf(lines: Iterable[FilingLine]) -> bytes:
    """The fields in order, those of people empty."""
    papers.use_fonts()
    title = "系统备案表（等保备案、政务应用程序备案用）"
    parts: list[Flowable] = [papers.title(title, size=16)]
    told = "已填的由系统按现在的情况填，请核对；空的请填写。这是填写正式表格用的底稿，受理单位的表格不同的，以受理单位的为准。"
    parts.append(papers.text(told, size=10))
    for name, own in groupby(lines, key=lambda line: line.part):
        rows = [(line.item, line.value or "\n\n") for line in own]
        parts += [papers.text(name, size=13, fontName=papers.BOLD), papers.table(("项目", "内容"), rows, (1, 2.4))]
        parts.append(papers.gap(4))
    parts += [papers.right(f"填表人：{_LINE}　单位盖章：{_LINE}"), papers.right(f"日期：{_LINE}")]
    return papers.pdf(parts, name=title, foot=f"{title}　{timezone.localdate():%Y-%m-%d}")
