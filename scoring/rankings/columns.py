"""Rankings as files: CSV for other systems, xlsx for people. The columns are those of design section 13."""

from collections.abc import Iterable

from households.files.exports import csv_text
from scoring.rankings.rankings import RankingLine
from scoring.rankings.snapshots import AgreedLine, line_as_dict

COLUMNS: dict[str, str] = {
    "code": "代码",
    "name": "名称",
    "households": "已评户数",
    "coverage": "覆盖率",
    "total": "总分",
    "result": "得分",
    "six_zero_households": "六零户数",
    "rank": "名次",
    "previous_rank": "上月名次",
}


def as_dicts(lines: Iterable[RankingLine]) -> list[AgreedLine]:
    """One dict a line: result with two decimals and coverage with four as text, no rank as None."""
    return [line_as_dict(line) for line in lines]


def to_csv(lines: Iterable[RankingLine]) -> str:
    """The ranking as CSV with a header."""
    return csv_text(list(COLUMNS), as_dicts(lines))
