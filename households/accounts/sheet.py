"""Accounts as rows of a workbook."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from households.files.exports import moment
from households.models import User
from households.register.phones import read_kept

TABLE = {
    "username": "账号",
    "display_name": "姓名",
    "phone": "电话",
    "role": "角色",
    "place": "所属",
    "place_code": "代码",
    "state": "状态",
    "last_login": "上次登录",
}


def table_rows(accounts: QuerySet[User]) -> Iterator[dict[str, Any]]:
    """One row an account, in the order of the list."""
    for user in accounts.iterator(chunk_size=1000):
        yield {
            "username": user.username,
            "display_name": user.display_name,
            "phone": read_kept(user.phone),
            "role": user.get_role_display(),
            "place": user.place_name,
            "place_code": user.department_id or user.division_id,
            "state": "启用" if user.is_active else "停用",
            "last_login": moment(user.last_login) if user.last_login else "",
        }
