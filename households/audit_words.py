"""The audit log in the reader's words. An action that is not listed here is shown as it is stored."""

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
    "plate.lock": "户牌锁定",
    "household.unmask": "查看完整电话",
    "scheme.publish": "发布细则",
    "event.record": "登记例外",
    "event.confirm": "确认例外",
    "event.withdraw": "撤回例外",
    "events.import": "导入例外",
    "divisions.import": "导入区划",
    "households.import": "导入户册",
    "departments.import": "导入部门",
    "linkages.import": "导入联村关系",
    "demo.step": "载入演示数据",
    "sheet.declare": "申报",
    "sheet.undeclare": "撤回申报",
    "sheet.approve": "审核通过",
    "sheet.return": "审核退回",
    "sheet.post": "公示",
    "sheet.freeze": "锁定",
    "points.lapse": "积分到期作废",
    "adjustment.ask": "申请锁定后调整",
    "adjustment.grant": "同意锁定后调整",
    "adjustment.refuse": "不同意锁定后调整",
    "points.ask": "申请调整积分",
    "points.grant": "批准调整积分",
    "points.refuse": "不批准调整积分",
    "roots.publish": "公布积分日榜",
}
KEYS: dict[str, str] = {
    "role": "角色",
    "demo": "演示账号",
    "locked": "已锁定",
    "clause": "条款",
    "date": "日期",
    "event": "例外",
    "reason": "原因",
    "opened": "打开例外",
    "forced": "提前",
    "effective_from": "起始月份",
    "rows": "行数",
    "digest": "文件摘要",
    "added": "新增",
    "updated": "更新",
    "renamed": "改名",
    "replaced": "换下",
    "failures": "输错次数",
    "months": "月份",
    "month": "月份",
    "version": "排名版本",
    "answer": "答复",
    "points": "积分",
    "chains": "链数",
    "entries": "行数",
}
VALUES: dict[object, str] = {True: "是", False: "否"}


def action_label(action: str) -> str:
    """What was done, in Chinese."""
    return ACTIONS.get(action, action)


def detail_words(detail: Mapping[str, object]) -> str:
    """A line's details as one text: 条款 WJ02 · 日期 2026-10-03. Empty values are left out."""
    parts = [f"{KEYS.get(key, key)} {_value(value)}" for key, value in detail.items() if value not in ("", None)]
    return " · ".join(parts)


def _value(value: object) -> str:
    return VALUES[value] if isinstance(value, bool) else str(value)
