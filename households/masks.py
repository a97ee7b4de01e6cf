"""What a stranger sees of a name and a phone number (PIPL art. 25: nothing personal is published without consent). Pure.

Masks hide the length as well: one star or four, however long the hidden part is.
"""

import re

from households.words.signs import UNREADABLE

# Two-character surnames still met in registers; a name of two characters is never read as a bare surname.
COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "单于欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟赫连澹台皇甫宗政濮阳公冶申屠公孙慕容钟离长孙宇文司徒鲜于司空"
        "闾丘亓官司寇颛孙公良漆雕乐正公羊谷梁拓跋轩辕令狐段干百里呼延东郭南门羊舌左丘西门公户公仪梁丘南荣第五即墨达奚褚师纳兰",
    )
)
_NOT_DIGITS = re.compile(r"[^0-9]")


def surname_of(name: str) -> str:
    """The surname of a Chinese name: two characters for a compound one, else the first character."""
    name = name.strip()
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def mask_name(name: str) -> str:
    """张三丰 -> 张*, 欧阳修文 -> 欧阳*; empty stays empty."""
    surname = surname_of(name)
    if name == UNREADABLE:
        return name
    return f"{surname}*" if surname else ""


def mask_phone(phone: str) -> str:
    """13812345678 -> 138****5678; a shorter number keeps its last two digits only; empty stays empty."""
    digits = _NOT_DIGITS.sub("", phone)
    if phone == UNREADABLE:
        return phone
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) >= 7:
        return f"****{digits[-2:]}"
    return "****" if phone.strip() else ""
