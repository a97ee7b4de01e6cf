"""The filing form: what 等保 filing and the filing of government apps ask for, filled with what the installation knows.

The fields of the first are those of the police's form for systems of level 2 (表一 to 表三), of the second what the rules on
government apps name as papers of an application. Fields of people (who, where, which number) stay empty.
"""

import platform
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from dongkou import servers
from dongkou.crypto import USES
from dongkou.growth.measuring import WHOLE, measured
from dongkou.layout import BASE_DIR
from dongkou.self_check.looks_data import SUITES
from households.codes import Level
from households.models import Department, Division, Household, User
from households.roles import Role
from households.sealing.suites import suite_of

COLUMNS = {"part": "部分", "item": "项目", "value": "内容", "by": "谁填"}
PEOPLE, MACHINE = "请填写", "已由系统填好"
NAME = "“六零”积分治理系统"
FUNCTIONS = (
    "户籍和区划、户牌、月度台账、申报审核公示、分数汇总和排名（排村、乡镇、部门的结果，不排人）、积分账、"
    "积分超市（只用积分，不收钱）、项目和奖励资金、信访件办理和接访、异议和更正、公开账本、导入导出"
)
NONE_OF = "没有打卡签到、人员积分排名、在线时长统计、点赞转发、强制传照片或位置、广告、付费；不用安装，纸质和当面都能办"


@dataclass(frozen=True, slots=True)
class FilingLine:
    """One field. Nothing in `value`: for people to write."""

    part: str
    item: str
    value: str = ""

    def as_row(self) -> dict[str, str]:
        """By `COLUMNS`."""
        by = MACHINE if self.value else PEOPLE
        return {"part": self.part, "item": self.item, "value": self.value, "by": by}


def lines() -> Iterator[FilingLine]:
    """All fields, in the order of the forms."""
    for item in (
        "单位名称",
        "单位地址",
        "统一社会信用代码",
        "单位负责人",
        "责任部门",
        "责任部门联系人和电话",
        "隶属关系",
    ):
        yield FilingLine("等保备案：单位", item)
    yield from (FilingLine("等保备案：系统", item, value) for item, value in _system())
    level = (
        "业务信息安全保护等级",
        "系统服务安全保护等级",
        "系统安全保护等级",
        "定级时间",
        "专家评审",
        "主管部门",
        "定级报告",
    )
    yield from (FilingLine("等保备案：定级", item) for item in (*level, "填表人和日期"))
    yield from (FilingLine("数据和个人信息", item, value) for item, value in _data())
    yield from (FilingLine("密码应用", use.purpose, use.method) for use in USES)
    yield from (FilingLine("政务应用程序备案", item, value) for item, value in _app())


def _system() -> Iterator[tuple[str, str]]:
    yield "系统名称", f"{'、'.join(_places(Level.COUNTY))}{NAME}"
    yield "版本", version()
    yield "网址", settings.PUBLIC_URL
    yield "业务类型和描述", f"基层治理。{FUNCTIONS}"
    yield "服务范围", _scale()
    yield "服务对象", f"村民，和单位内部人员：{_accounts()}"
    yield "网络性质和覆盖范围", ""
    yield "与哪些系统相连", "、".join(_connected()) or "没有接别的系统"
    yield "操作系统", _operating_system()
    yield "关键组件", "、".join(_components())
    _rows, whole = measured()[WHOLE]
    yield "数据库大小", f"{whole / 2**30:.2f} GB"
    yield "服务器的数量、品牌、是否国产", ""
    yield "采用的服务（测评、运维、集成单位）", ""
    yield "投入使用日期", ""
    yield "是不是分系统、上级系统", ""


def _data() -> Iterator[tuple[str, str]]:
    suite = SUITES[suite_of(settings.FIELD_KEYS[settings.FIELD_KEYS.newest])]
    years, petition = settings.HOUSEHOLD_KEEP_YEARS, settings.PETITION_KEEP_YEARS
    yield "户主姓名、地址、户编号", f"明文，默认只显示姓；离册 {years} 年后清除姓名和地址"
    yield "户主电话", f"{suite} 加密；随户清除"
    yield "联系记录、户籍变更的说明、异议、更正请求", f"{suite} 加密；随户清除"
    yield "例外记录、分数、积分账", "按户编号，不清除；核对和公示要用"
    yield "例外和项目的照片", f"拍摄时间和地点先去掉；{suite} 加密"
    yield "信访人姓名、电话、内容", f"{suite} 加密；办结 {petition} 年后清除"
    yield "信访附件", f"{suite} 加密；办结 {settings.PETITION_KEEP_PAPERS_YEARS} 年后清除"
    yield "工作人员姓名、岗位、电话", f"电话 {suite} 加密；停用后留作记录"
    yield "审计记录", "只增不改，逐条相连，不清除；来访地址加密"
    yield "身份证号、银行账号、人脸、位置", "不收"
    yield "涉及个人信息的户数", f"{Household.objects.filter(valid_to=None).count()} 户"
    given = "短信平台得到电话号码和固定的一句话" if settings.SMS else "程序不向别人提供"
    yield "出境、向别人提供", f"程序不向境外送数据；{given}。县里另有安排的请写明"
    yield "备份", f"留 {settings.BACKUP_PLAN.keep_days} 天" if settings.BACKUP_FOLDER else "没有设置"


def _app() -> Iterator[tuple[str, str]]:
    yield "名称", f"{'、'.join(_places(Level.COUNTY))}{NAME}"
    yield "主办（使用）单位", ""
    yield "形式", "网页，手机和电脑的浏览器打开；不是客户端、小程序、快应用"
    yield "使用对象和范围", f"{_scale()}；{_accounts()}"
    yield "功能设置情况", FUNCTIONS
    yield "不得有的功能", NONE_OF
    yield "投诉建议", f"首页“意见和投诉”{settings.CONTACT or '（还没有填电话）'}；信访的建议意见"
    yield "立项审核情况、文号", ""
    yield "与已有政务应用程序有没有重复、能不能并入", ""
    yield "网络安全等级保护备案编号", ""
    yield "商用密码应用安全性评估", ""
    yield "IPv6", ""
    yield "联系人和电话", ""
    yield "备案编号（由网信部门给）", ""


def version() -> str:
    """Of the program."""
    known = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))
    return str(known["project"]["version"])


def _places(level: Level) -> list[str]:
    found = Division.objects.filter(valid_to=None, code__regex=f"^[0-9]{{{level.code_length}}}$").order_by("code")
    return list(found.values_list("name", flat=True))


def _scale() -> str:
    codes = Division.objects.filter(valid_to=None).values_list("code", flat=True)
    counts = Counter(len(code) for code in codes.iterator())
    named = ((Level.COUNTY, "县"), (Level.TOWNSHIP, "乡镇"), (Level.VILLAGE, "村"), (Level.GROUP, "组"))
    parts = [f"{counts[level.code_length]} 个{word}" for level, word in named]
    return "、".join([*parts, f"{Household.objects.filter(valid_to=None).count()} 户"])


def _accounts() -> str:
    counts = Counter(User.objects.filter(is_active=True).values_list("role", flat=True))
    told = "、".join(f"{Role(role).label} {counts[role]} 个" for role in Role if counts[role])
    departments = Department.objects.count()
    return f"账号 {counts.total()} 个（{told or '还没有'}），县直部门 {departments} 个"


def _connected() -> Iterator[str]:
    if settings.OIDC:
        yield f"{settings.OIDC.label}（登录）"
    if settings.SMS:
        yield "短信平台"
    if settings.AUDIT_SENT:
        yield "日志审计"
    if settings.SCANNER:
        yield "病毒扫描"


def _operating_system() -> str:
    try:
        named = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        named = ""
    return f"{named or platform.system()}（内核 {platform.release()}）"


def _components() -> Iterator[str]:
    connection.ensure_connection()
    number = int(connection.connection.server_version)
    own = servers.needed()
    yield f"Python {platform.python_version()}"
    yield f"PostgreSQL {number // 10000}.{number % 10000}{'（随程序）' if own.postgresql else '（另设）'}"
    yield "RabbitMQ（另设）" if settings.AMQP_URL else f"Valkey 或 Redis{'（随程序）' if own.valkey else '（另设）'}"
    yield "其余组件见 script/sbom"
