"""Pinyin initials of names, for finding a household by typing "zsf". Pure.

A surname is read as a surname: 单 is shan, 曾 zeng, 仇 qiu, 解 xie, 查 zha. Everything else has its commonest reading.
"""

import unicodedata
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin

from households.masks import COMPOUND_SURNAMES

LONGEST = 30

# Surnames whose initial differs from the sign's commonest reading (as surname dictionaries give it).
_SURNAMES = {
    "曾": "z",
    "单": "s",
    "查": "z",
    "仇": "q",
    "解": "x",
    "区": "o",
    "翟": "z",
    "祭": "z",
    "种": "c",
    "重": "c",
    "秘": "b",
    "繁": "p",
    "折": "s",
    "乐": "y",
    "覃": "q",
    "阚": "k",
    "适": "k",
    "佴": "n",
    "不": "f",
    "粘": "n",
    "乜": "n",
    "召": "s",
    "句": "g",
    "么": "y",
    "浣": "w",
    "郗": "c",
    "藏": "z",
}
_UNREAD = {"𠮷": "j"}  # signs of names that pypinyin does not know
_COMPOUND = {"单于": "cy", "尉迟": "yc", "万俟": "mq", "澹台": "tt", "乐正": "yz"}


class _Letters(dict[str, str]):
    """The letter of a sign: looked up in pypinyin once, then remembered; signs without a reading have none."""

    def __missing__(self, char: str) -> str:
        letter = self[char] = _letter(char)
        return letter


def _letter(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).lower()
    if plain.isascii():
        return plain if plain.isalnum() else ""
    if char in _UNREAD:
        return _UNREAD[char]
    reading = lazy_pinyin(char, style=Style.FIRST_LETTER, errors="ignore", strict=False)
    return reading[0] if reading else ""


_letters = _Letters()


def initials_of_all(names: Iterable[str]) -> list[str]:
    """张三丰 -> zsf, 曾国 -> zg, 欧阳修文 -> oyxw; letters and digits stay, lower-cased; at most LONGEST signs.

    In order; about a microsecond each.
    """
    surname, letter = _SURNAMES.get, _letters.__getitem__
    return [
        _compound(name)
        if name[:2] in COMPOUND_SURNAMES
        else ((surname(name[:1]) or letter(name[0])) + "".join(map(letter, name[1:])))[:LONGEST]
        if name
        else ""
        for name in names
    ]


def _compound(name: str) -> str:
    head = _COMPOUND.get(name[:2]) or "".join(map(_letters.__getitem__, name[:2]))
    return (head + "".join(map(_letters.__getitem__, name[2:])))[:LONGEST]


def found_by(label: object) -> str:
    """The letters that a choice of a list is found by; those of 县林业局 also without its first sign."""
    text = str(label)
    [whole] = initials_of_all([text])
    return f"{whole} {whole[1:]}" if text.startswith("县") else whole
