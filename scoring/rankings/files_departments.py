"""The ranking of departments as a file."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from households.files.answers import table
from households.files.exports import moment
from scoring.rankings.departments import DepartmentBoard, DepartmentRow

COLUMNS: dict[str, str] = {
    "code": "代码",
    "name": "名称",
    "households": "加权户数",
    "total": "加权总分",
    "result": "得分",
    "rank": "名次",
    "previous_rank": "上月名次",
    "change": "名次变化",
    "state": "是否暂定",
    "divisions": "联系的村（权重）",
}


def department_file(board: DepartmentBoard, form: str) -> HttpResponse:
    """The board as csv or xlsx, the rows of the screen; 404 for another format."""
    rows = [row_as_dict(row) for row in board.rows]
    time = f"截至{timezone.localtime(board.as_of):%Y%m%dT%H%M%S}" if board.as_of else "没有数据"
    return table(form, COLUMNS, rows, name=f"{board.title}-{time}", title=board.title, notes=_notes(board))


def row_as_dict(row: DepartmentRow) -> dict[str, Any]:
    """One row of a file."""
    return row.agreed() | {
        "change": row.line.change,
        "state": "" if row.is_final else "暂定",
        "divisions": "；".join(f"{link.name}（{link.weight}）" for link in row.links),
    }


def _notes(board: DepartmentBoard) -> list[tuple[str, str]]:
    return [
        ("月份", board.month),
        ("数据截至", moment(board.as_of)),
        ("状态", board.state),
        ("查找", board.words or "（没有筛选）"),
        ("条数", str(len(board.rows))),
    ]
