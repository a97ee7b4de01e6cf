"""Which county department a clause for departments belongs to: the one whose decision its words name. Pure.

The department that decides is the one that records: the land office has nothing to say about drunk driving. A clause whose words
name no authority may be recorded by any department; the county office records in the stead of one that has no account.
"""

# What stands in a clause's text or basis -> what a department's name has to hold, one of them. An organ that is named outright
# has it alone; where only the matter is named, whoever decides such matters has it.
ORGANS: dict[str, tuple[str, ...]] = {
    "公安": ("公安",),
    "交警": ("公安",),
    "自然资源": ("自然资源",),
    "生态环境": ("生态环境",),
    "纪委": ("纪委", "监委"),
}
MATTERS: dict[str, tuple[str, ...]] = {
    "违法建设": ("自然资源", "住房", "城市管理", "林业", "水利", "交通运输", "农业农村"),
    "电信网络诈骗": ("公安",),
    "判决": ("法院", "检察院", "政法委", "公安", "司法局"),
    "烟花爆竹": ("应急管理", "公安", "市场监督"),
    "成品油": ("应急管理", "商务", "市场监督"),
    "森林火灾": ("应急管理", "林业", "消防"),
    "生产安全": ("应急管理",),
    "平安创建": ("政法委",),
    "惠农资金": ("农业农村", "财政", "审计", "纪委"),
    "集体资金": ("农业农村", "财政", "审计", "纪委"),
    "电鱼": ("农业农村", "林业"),
    "野生动物": ("林业", "农业农村"),
    "防疫物资": ("市场监督",),
}


def authorities_of(text: str, basis: str) -> frozenset[str]:
    """What the names of the departments that a clause belongs to hold; empty when it names none."""
    words = f"{text} {basis}"
    return _named(words, ORGANS) or _named(words, MATTERS)


def _named(words: str, table: dict[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(name for sign, names in table.items() if sign in words for name in names)


def belongs_to(department: str, text: str, basis: str) -> bool:
    """Whether a department of this name decides what the clause is about."""
    authorities = authorities_of(text, basis)
    return not authorities or any(name in department for name in authorities)
