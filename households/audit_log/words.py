"""The audit log in the reader's words. Rooms register theirs; an action without words is shown as it is stored."""

from collections.abc import Collection, Mapping

from households.models import RequestKind
from households.roles import Role

ACTIONS: dict[str, str] = {
    "account.create": "新建账号",
    "account.change_password": "修改自己的密码",
    "account.set_password": "发一次性密码",
    "account.deactivate": "停用账号",
    "account.activate": "启用账号",
    "account.sign_in": "登录",
    "account.sign_out": "退出登录",
    "account.sign_in_failed": "登录失败",
    "account.spraying": "同一来处试多个账号",
    "account.set_up_address": "生成首次设置地址",
    "account.come_in": "用首次设置地址进来",
    "county.name": "写下县名",
    "account.own_password_wrong": "登录后连续输错密码",
    "account.password_old": "密码到期须换",
    "account.ask": "申请办要职账号",
    "account.confirm": "确认办要职账号",
    "account.refuse": "没有同意办要职账号",
    "account.end_session": "让一处登录退出",
    "account.end_sessions": "让全部登录退出",
    "account.correct": "更正账号资料",
    "account.move": "调换岗位",
    "account.hand_over": "移交岗位",
    "accounts.import": "按文件办账号",
    "second_factor.begin": "开始绑定动态口令",
    "second_factor.enrol": "绑定动态口令",
    "second_factor.renew": "换一张备用码",
    "second_factor.remove": "解除动态口令",
    "second_factor.pause": "动态口令连续输错",
    "second_factor.recovery": "用备用码登录",
    "identity.bind": "绑定统一身份认证",
    "identity.unbind": "解绑统一身份认证",
    "identity.refuse": "统一身份认证登录没有放行",
    "token.issue": "发接口令牌",
    "token.end": "收回接口令牌",
    "plate.issue": "发户牌",
    "plate.replace": "换户牌",
    "plate.revoke": "作废户牌",
    "plate.new_pin": "换户牌密码",
    "plate.own_pin": "户主自己设户牌密码",
    "plate.run": "成批制牌",
    "plate.run_papers": "取走成批户牌或签收单",
    "plate.run_pins": "取走成批密码纸条",
    "plate.run_forget": "清掉成批密码纸条",
    "plate.forget_devices": "不再记住手机",
    "sms.want": "户主要短信",
    "sms.refuse": "户主不要短信",
    "plate.lock": "户牌锁定",
    "plate.unlock": "户牌解锁",
    "file.infected": "上传的文件有病毒",
    "household.unmask": "查看完整电话",
    "household.unmask_limit": "当天查看姓名电话到上限",
    "household.name": "按姓名找户",
    "household.see": "查看一户的姓名或地址",
    "household.list": "查看名册",
    "household.sheet": "查看带姓名的月度台账",
    "household.print": "打印户牌或名单",
    "household.export": "导出带姓名的表",
    "household.by_phone": "按电话后四位找到",
    "household.copy": "户主取走本户的副本",
    "household.erase": "清除注销已久的户的个人信息",
    "kin.declare": "申报亲属户",
    "kin.end": "解除亲属申报",
    "correction.ask": "户主请求更正",
    "correction.answer": "答复更正请求",
    "household.add": "新增户",
    "household.correct": "更正户",
    "household.split": "分户",
    "household.merge": "并户",
    "household.move": "迁移户",
    "household.close": "注销户",
    "household.reopen": "恢复户",
    "household.heir": "指定积分去向",
    "households.change_file": "按文件办户籍变更",
    "household.propose": "提出户籍变更",
    "household.accept": "同意户籍变更的申请",
    "household.refuse": "没有同意户籍变更的申请",
    "household.withdraw": "撤回户籍变更的申请",
    "household.read_changes": "乡镇看过户籍变更",
    "household.object": "乡镇对户籍变更提意见",
    "household.answer": "答复对户籍变更的意见",
    "household.away": "登记外出",
    "household.back": "登记返回",
    "border.order": "区划调整",
    "border.undo": "撤回区划调整",
    "divisions.import": "导入区划",
    "households.import": "导入户册",
    "departments.import": "导入部门",
    "linkages.import": "导入联村关系",
    "contacts.import": "导入联系人",
    "contact.person": "登记联系人",
    "contact.change_person": "改联系人",
    "contact.assign": "安排联系户",
    "contact.end": "结束联系",
    "contact.hand_over": "交接联系户",
    "contact.grid": "建微网格",
    "contact.grid_head": "换微网格长",
    "contact.grid_end": "撤销微网格",
    "contact.visit": "记走访",
    "contact.withdraw_visit": "撤回走访",
    "import.hand_in": "交来导入文件",
    "import.write": "写入导入文件",
    "import.take_back": "要求整批撤回导入",
    "import.undo": "整批撤回导入",
    "year.arrange": "录入放假安排",
    "clock.go_on": "确认系统时间正确",
    "job.acknowledge": "知悉核对不符",
    "alarm.raise": "核对查出不符",
    "alarm.acknowledge": "知悉核对报警",
    "trail.check": "核对留痕无误",
    "access.refused": "被拒绝的访问",
    "data.download": "下载数据",
    "audit.unmask": "查看来源地址",
    "audit.export": "导出审计记录",
}
KEYS: dict[str, str] = {
    "role": "角色",
    "demo": "演示账号",
    "locked": "已锁定",
    "failed": "失败次数",
    "names": "账号个数",
    "left": "还剩",
    "before": "原来",
    "places": "变动的区划",
    "create": "新增",
    "correct": "更正",
    "retire": "停用",
    "phone_changed": "换了电话",
    "successor": "接手人",
    "waiting": "没办完的",
    "confirmed": "确认人",
    "most": "上限",
    "reason": "原因",
    "corrected": "已更正",
    "relation": "关系",
    "form": "格式",
    "kind": "种类",
    "department": "部门",
    "added": "新增",
    "updated": "更新",
    "renamed": "改名",
    "replaced": "换下",
    "failures": "输错次数",
    "options": "项目数",
    "households": "户数",
    "year": "年份",
    "notice": "文号",
    "off": "放假天数",
    "worked": "调休上班天数",
    "moved": "重新算过的到期日",
    "days": "天数",
    "known": "上次记下的时间",
    "ran": "运行时间",
    "status": "状态码",
    "account": "账号",
    "since": "从哪一天起",
    "until": "到哪一天止",
    "taker": "接手人",
    "weight": "权重",
    "leader": "联系领导",
    "ended": "结束",
    "times": "一小时内第几次",
    "day": "发生日期",
    "counts_from": "从何时起计",
    "change": "第几条变更",
    "upto": "核对到第几条",
    "head": "封条指纹",
    "gone": "已消除",
    "lines": "条数",
    "act": "动作",
    "seen": "知悉条数",
    "number": "编号",
    "provider": "经统一身份认证",
    "refused": "为什么",
}
SUBJECTS: dict[str, str] = {  # the first half of an action's name, and under which heading it is chosen
    "account": "账号",
    "token": "账号",
    "accounts": "账号",
    "second_factor": "账号",
    "identity": "账号",
    "plate": "户牌",
    "sms": "户牌",
    "correction": "户册和区划",
    "kin": "账号",
    "border": "户册和区划",
    "household": "户册和区划",
    "households": "户册和区划",
    "divisions": "户册和区划",
    "departments": "户册和区划",
    "linkages": "户册和区划",
    "linkage": "户册和区划",
    "department": "户册和区划",
    "contacts": "联系户",
    "contact": "联系户",
    "import": "户册和区划",
    "county": "户册和区划",
    "year": "日历",
    "clock": "运行",
    "job": "运行",
    "alarm": "运行",
    "trail": "运行",
    "access": "查看",
    "data": "查看",
    "file": "上传的文件",
    "audit": "查看",
}
VALUES: dict[object, str] = {True: "是", False: "否"}
CHOSEN: dict[tuple[str, str], Mapping[str, str]] = {  # words of details that are one of several, by subject and detail
    ("account", "kind"): dict(RequestKind.choices),
    ("identity", "refused"): {
        "unknown": "身份没有绑定账号",
        "closed": "账号已停用",
        "locked": "账号锁定中",
        "post": "身份里没有这个岗位",
    },
}
# Details of older lines that nobody is told any more: what somebody wrote about a household.
UNTOLD: set[tuple[str, str]] = set()
_ROLES = {role.value: role.label for role in Role}


def register(
    actions: Mapping[str, str],
    keys: Mapping[str, str],
    subjects: Mapping[str, str],
    chosen: Mapping[tuple[str, str], Mapping[str, str]] | None = None,
    untold: Collection[tuple[str, str]] = (),
) -> None:
    """What another room writes into the log: actions by name, the names of their details, what they are about, their choices.

    `untold` are details, by subject, that lines of before hold and nobody is told any more.
    """
    ACTIONS.update(actions)
    KEYS.update(keys)
    SUBJECTS.update(subjects)
    CHOSEN.update(chosen or {})
    UNTOLD.update(untold)


def grouped_actions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every action under the heading of its subject, as the options of a select."""
    found: dict[str, list[tuple[str, str]]] = {}
    for action, words in ACTIONS.items():
        found.setdefault(SUBJECTS.get(action.partition(".")[0], "其他"), []).append((action, words))
    return list(found.items())


def action_label(action: str) -> str:
    """What was done, in Chinese."""
    return ACTIONS.get(action, action)


def detail_words(detail: Mapping[str, object], action: str = "") -> str:
    """A line's details as one text: 条款 WJ02 · 日期 2026-10-03. Empty values are left out."""
    about = action.partition(".")[0]
    parts = [
        f"{KEYS.get(key, key)} {_value(about, key, value)}"
        for key, value in detail.items()
        if value not in ("", None) and (about, key) not in UNTOLD
    ]
    return " · ".join(parts)


def _value(about: str, key: str, value: object) -> str:
    if isinstance(value, bool):
        return VALUES[value]
    words = _ROLES if key == "role" else CHOSEN.get((about, key), {})
    return words.get(str(value), str(value))
