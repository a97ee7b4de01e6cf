"""What is asked of the system, how it is met, and where that is seen: one row of the self-check sheet each. Pure.

The heads are those of 等保 2.0, level 2 (GB/T 22239-2019), told in our own words without numbers of clauses: the text of the
standard is what an examiner holds. The second list follows the rules on government apps (国办函〔2026〕12号).
"""

from dataclasses import dataclass

LEVEL_TWO = "等保 2.0 二级"
GOVERNMENT_APPS = "政务应用程序规范"
RULEBOOKS = {
    LEVEL_TWO: "按网络安全等级保护基本要求（GB/T 22239-2019）第二级的各个方面自查。条款原文以国家标准为准。",
    GOVERNMENT_APPS: "按政务移动互联网应用程序规范化管理办法（国办函〔2026〕12号）自查。原文以公布的为准。",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """`looks` are names of `dongkou.self_check.looks.LOOKS`; `left` is what only people can answer."""

    rulebook: str
    head: str
    asked: str
    met: str
    evidence: str
    looks: tuple[str, ...] = ()
    left: str = ""


def _two(head: str, asked: str, met: str, evidence: str, *looks: str, left: str = "") -> Requirement:
    return Requirement(LEVEL_TWO, head, asked, met, evidence, looks, left)


def _apps(head: str, asked: str, met: str, evidence: str, *looks: str, left: str = "") -> Requirement:
    return Requirement(GOVERNMENT_APPS, head, asked, met, evidence, looks, left)


_BY_PEOPLE = "系统以外的事"
_TEST = "自动测试 test_government_apps"

REQUIREMENTS = (
    _two(
        "物理环境",
        "机房选址、门禁、防火防水防雷、温湿度、供电",
        _BY_PEOPLE,
        "",
        left="机房在哪里，谁管，各项措施和记录",
    ),
    _two("通信网络", "网络分区，重要设备不放在边界", _BY_PEOPLE, "", left="网络拓扑图、网段划分"),
    _two("通信网络", "传输的数据不被改动", "网页只经 HTTPS；内部走本机通道", "docs/proxy 的配置", "line"),
    _two("通信网络、区域边界、计算环境", "可信验证", _BY_PEOPLE, "", left="服务器启动链有没有可信验证"),
    _two(
        "区域边界",
        "只开受控的端口",
        "只有反向代理对外，网站只听本机或指定网段",
        "运维手册",
        left="防火墙规则、开放的端口",
    ),
    _two(
        "区域边界",
        "发现和防住从外面的攻击",
        "按地址和户牌限次，越限的答 429；指标和日志可以接监测系统",
        "安全说明里的限制表；script/attack",
        left="边界上的入侵检测设备",
    ),
    _two(
        "区域边界、计算环境",
        "防恶意代码",
        "文件在隔离的进程里打开；可接病毒扫描",
        "ADR 41",
        "scanner",
        left="服务器本身的防病毒",
    ),
    _two(
        "身份鉴别",
        "口令有复杂度并定期更换",
        "十位以上、三类字符，好猜的不收；一次性密码限时",
        "“安全”页的限制",
        "passwords",
    ),
    _two("身份鉴别", "登录失败处理、超时退出", "连错锁定；不操作自动退出", "“安全”页", "lockout", "session"),
    _two("身份鉴别", "远程管理防窃听", "管理也在 HTTPS 网页里，不另开管理端口", "运维手册", "line"),
    _two("身份鉴别", "重要的人用两种办法登录（二级不强求）", "要职账号绑定手机动态口令", "ADR 51", "second_factor"),
    _two("访问控制", "给每个人分配账号和权限", "按岗位和地方给权限，范围外的一律找不到", "自动测试 test_policies"),
    _two(
        "访问控制", "没有默认账号，多余的停用", "没有出厂账号；闲置的列出来停用", "“账号”页", "default_accounts", "idle"
    ),
    _two("访问控制", "管理权限最小并分离", "系统管理员、安全管理员、审计员由三个人担任", "ADR 36", "administrators"),
    _two(
        "安全审计",
        "谁、何时、从哪里、做了什么，成不成",
        "每个动作同一事务里留一条，查看个人信息也留",
        "“审计记录”页",
        "audit",
    ),
    _two(
        "安全审计",
        "记录不被删改，有备份",
        "只增不改，逐条相连，每十分钟加封",
        "ADR 37；manage.py verify",
        "trail",
        "rights",
    ),
    _two("安全审计", "留存不少于六个月", "不删；日志留 400 天；可以同时送到别的机器", "运维手册", "kept", "sent"),
    _two(
        "入侵防范",
        "最小安装，关掉不用的",
        "容器和服务都用普通用户、只读根目录",
        "docs/deploy",
        left="操作系统里还装着什么",
    ),
    _two("入侵防范", "检查输入的内容", "都在服务器上检查；语句参数化；页面不放行外来脚本", "script/attack"),
    _two(
        "入侵防范",
        "发现已知漏洞并修补",
        "各件版本钉死，有清单和修补时限",
        "script/sbom；安全说明",
        "versions",
        "supported",
    ),
    _two("数据完整性", "重要数据不被改动", "积分账相连并每天公布根；夜里全部重算核对", "docs/ledger.md", "nightly"),
    _two(
        "数据保密性（二级不强求）",
        "重要数据加密",
        "电话、信访内容等加密存放，密钥另放",
        "manage.py crypto_register",
        "sealed",
        "keys",
    ),
    _two(
        "数据备份恢复",
        "本地备份，异地备份，能恢复",
        "每夜备份，日志每五分钟；每月演练",
        "恢复演练记录",
        "backups",
        left="异地的那一份在哪里",
    ),
    _two("剩余信息保护", "鉴别信息用完清除", "退出即作废；共用设备上的缓存加密、退出即删", "ADR 20"),
    _two(
        "个人信息保护",
        "只收必要的，不许未授权查看",
        "默认显示张*；看全名要理由、限次、留痕；户能看到谁看过",
        "ADR 58",
        "retention",
    ),
    _two("安全管理中心", "系统管理、审计管理各由专人", "三员各有自己的页面和权限", "“怎么用”", "administrators"),
    _two(
        "安全管理中心",
        "看得见运行，时间一致",
        "“运行情况”、指标、报警；核对时钟",
        "运维手册",
        "jobs",
        "alarms",
        "clock",
    ),
    _two("安全管理制度", "制度、操作规程、定期修订", _BY_PEOPLE, "", left="制度名称、发布和修订日期"),
    _two(
        "安全管理机构和人员",
        "岗位、人员、培训、离岗、外来人员",
        "离岗当场停用并移交，未办的列名",
        "“账号”页",
        left="安全领导小组、培训记录",
    ),
    _two(
        "安全建设管理",
        "定级、备案、测评、外包",
        "备案用的表由 manage.py filing_form 打出",
        "备案表",
        left="定级报告、备案号、测评机构和日期",
    ),
    _two(
        "安全运维管理",
        "资产、介质、漏洞、变更、密码、应急",
        "升级、备份、换密钥都有命令和步骤",
        "运维手册",
        "disks",
        left="应急预案、演练日期、值班电话",
    ),
    _apps(
        "减负",
        "不随意或重复要求填表报数交材料",
        "同一件事只录一次，各级报表由它汇总",
        "“怎么用”",
        left="县里另外还要求村里报哪些表",
    ),
    _apps("减负", "不设打卡签到、积分排名、统计在线时长", "排的是村、乡镇和部门的结果；不记谁用了多久", _TEST, "staff"),
    _apps(
        "减负",
        "不强制推广下载，不考核使用率，不强制登录",
        "不用安装；不数谁登录了几次；纸质办法都在",
        _TEST,
        "staff",
        "doors",
    ),
    _apps(
        "减负", "不拿点赞、转发、时长考评，不强制传照片和轨迹", "没有这些数；照片可传可不传，从不取位置", _TEST, "staff"
    ),
    _apps("不经营", "不从事经营活动", "积分超市不收钱；没有广告、付费、会员", _TEST, "commerce"),
    _apps("听意见", "有投诉建议功能", "首页“意见和投诉”；信访的建议意见", "首页", "contact"),
    _apps(
        "便民",
        "听得懂、看得清、老人会用",
        "群众的页面大字、一步一事、不用下载；纸质和当面都能办",
        "自动测试 test_narrow_pages",
        "doors",
    ),
    _apps(
        "技术",
        "支持 IPv6，各种操作系统能用",
        "网站可听 [::]；手机自带浏览器即可",
        "运维手册",
        left="域名有没有 IPv6 地址",
    ),
    _apps(
        "安全",
        "网络安全、数据安全、个人信息保护",
        "见等保二级部分；密码应用见登记表",
        "manage.py crypto_register",
        left="密评要不要做、做没做",
    ),
    _apps(
        "备案",
        "上线前备案，县以下不另建",
        "全县一套，乡镇和村只用不建",
        "manage.py filing_form",
        left="备案编号、立项审核文号",
    ),
    _apps("备案", "变更、停用要报备", "停用时导出、备份后清除", "运维手册", left="谁负责报备"),
)
