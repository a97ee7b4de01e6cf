"""Pinyin initials of names, for finding a household by typing "zsf". Pure.

A surname is read as a surname: 单 is shan, 曾 zeng, 仇 qiu, 解 xie, 查 zha. Everything else has its commonest reading.
"""

import unicodedata
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin

from households.masks import COMPOUND_SURNAMES

LONGEST = 30

# Surnames that are read otherwise than the sign usually is (as surname dictionaries give them).
SURNAMES = {
    "不": "fou", "么": "yao", "乜": "nie", "乐": "yue", "佴": "nai", "区": "ou", "单": "shan", "卜": "bu",
    "召": "shao", "句": "gou", "员": "yun", "折": "she",
    "曾": "zeng", "朴": "piao", "查": "zha", "洗": "xian", "浣": "wan", "盖": "ge", "祭": "zhai",
    "种": "chong", "秘": "bi", "粘": "nian", "繁": "po", "缪": "miao", "翟": "zhai", "藏": "zang", "覃": "qin",
    "解": "xie", "适": "kuo", "郄": "qie", "郇": "xun", "郗": "chi", "都": "du", "重": "chong", "阚": "kan",
    "隗": "wei", "仇": "qiu",
}  # fmt: skip
COMPOUND = {
    "单于": ("chan", "yu"),
    "尉迟": ("yu", "chi"),
    "万俟": ("mo", "qi"),
    "澹台": ("tan", "tai"),
    "乐正": ("yue", "zheng"),
    "长孙": ("zhang", "sun"),
}
UNREAD = {"𠮷": "ji"}  # signs of names that pypinyin does not know


class _Letters(dict[str, str]):
    """The letter of a sign: looked up in pypinyin once, then remembered; signs without a reading have none."""

    def __missing__(self, char: str) -> str:
        letter = self[char] = _letter(char)
        return letter


def _letter(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).lower()
    if plain.isascii():
        return plain if plain.isalnum() else ""
    if char in UNREAD:
        return UNREAD[char][0]
    reading = lazy_pinyin(char, style=Style.FIRST_LETTER, errors="ignore", strict=False)
    return reading[0] if reading else ""


_letters = _Letters()
_SURNAME_LETTERS = {sign: syllable[0] for sign, syllable in SURNAMES.items()}


def initials_of_all(names: Iterable[str]) -> list[str]:
    """张三丰 -> zsf, 曾国 -> zg, 欧阳修文 -> oyxw; letters and digits stay, lower-cased; at most LONGEST signs.

    In order; about a microsecond each.
    """
    surname, letter = _SURNAME_LETTERS.get, _letters.__getitem__
    return [
        _compound(name)
        if name[:2] in COMPOUND_SURNAMES
        else ((surname(name[:1]) or letter(name[0])) + "".join(map(letter, name[1:])))[:LONGEST]
        if name
        else ""
        for name in names
    ]


def _compound(name: str) -> str:
    syllables = COMPOUND.get(name[:2])
    head = "".join(each[0] for each in syllables) if syllables else "".join(map(_letters.__getitem__, name[:2]))
    return (head + "".join(map(_letters.__getitem__, name[2:])))[:LONGEST]


def found_by(label: object) -> str:
    """The letters that a choice of a list is found by; those of 县林业局 also without its first sign."""
    text = str(label)
    [whole] = initials_of_all([text])
    return f"{whole} {whole[1:]}" if text.startswith("县") else whole
