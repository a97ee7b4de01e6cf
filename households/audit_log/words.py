"""The audit log in the reader's words. Rooms register theirs; an action without words is shown as it is stored."""

from collections.abc import Mapping

ACTIONS: dict[str, str] = {
    "account.create": "新建账号",
    "account.change_password": "修改自己的密码",
    "account.set_password": "发一次性密码",
    "account.deactivate": "停用账号",
    "account.activate": "启用账号",
    "account.sign_in": "登录",
    "account.sign_out": "退出登录",
    "account.sign_in_failed": "登录失败",
    "token.issue": "发接口令牌",
    "token.end": "收回接口令牌",
    "plate.issue": "发户牌",
    "plate.replace": "换户牌",
    "plate.revoke": "作废户牌",
    "plate.new_pin": "换户牌密码",
    "plate.own_pin": "户主自己设户牌密码",
    "plate.forget_devices": "不再记住手机",
    "plate.lock": "户牌锁定",
    "household.unmask": "查看完整电话",
    "divisions.import": "导入区划",
    "households.import": "导入户册",
    "departments.import": "导入部门",
    "linkages.import": "导入联村关系",
}
KEYS: dict[str, str] = {
    "role": "角色",
    "demo": "演示账号",
    "locked": "已锁定",
    "reason": "原因",
    "kind": "种类",
    "department": "部门",
    "added": "新增",
    "updated": "更新",
    "renamed": "改名",
    "replaced": "换下",
    "failures": "输错次数",
    "options": "项目数",
    "households": "户数",
}
VALUES: dict[object, str] = {True: "是", False: "否"}


def register(actions: Mapping[str, str], keys: Mapping[str, str]) -> None:
    """What another room writes into the log: actions by name, and the names of their details."""
    ACTIONS.update(actions)
    KEYS.update(keys)


def action_label(action: str) -> str:
    """What was done, in Chinese."""
    return ACTIONS.get(action, action)


def detail_words(detail: Mapping[str, object]) -> str:
    """A line's details as one text: 条款 WJ02 · 日期 2026-10-03. Empty values are left out."""
    parts = [f"{KEYS.get(key, key)} {_value(value)}" for key, value in detail.items() if value not in ("", None)]
    return " · ".join(parts)


def _value(value: object) -> str:
    return VALUES[value] if isinstance(value, bool) else str(value)
