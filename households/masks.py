"""What a stranger sees of a name and a phone number (PIPL art. 25: nothing personal is published without consent).

Masks hide the length as well: one star or four, however long the hidden part is.
"""

import re

# Two-character surnames still met in registers; a name of two characters is never read as a bare surname.
COMPOUND_SURNAMES = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 "
    "慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 "
    "轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 "
    "公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师 纳兰".split()
)
_NOT_DIGITS = re.compile(r"[^0-9]")


def surname_of(name: str) -> str:
    """The surname of a Chinese name: two characters for a compound one, else the first character."""
    name = name.strip()
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def mask_name(name: str) -> str:
    """张三丰 -> 张*, 欧阳修文 -> 欧阳*; empty stays empty."""
    surname = surname_of(name)
    return f"{surname}*" if surname else ""


def mask_phone(phone: str) -> str:
    """13812345678 -> 138****5678; a shorter number keeps its last two digits only; empty stays empty."""
    digits = _NOT_DIGITS.sub("", phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) >= 7:
        return f"****{digits[-2:]}"
    return "****" if phone.strip() else ""
