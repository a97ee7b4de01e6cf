"""What is still left of a person in a text that is to be published: names, telephone numbers, doors, plates. Pure.

Found by pattern, so it finds too much rather than too little, and never everything: a person reads the text as well.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PHONE_DIGITS = 7  # so many in a row are a telephone number, an identity card or a household's code
_BLANKS = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_DATE = re.compile(r"(?:19|20)\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?")
_SPLIT_DIGITS = re.compile(r"(?<=[0-9])[-‐-―.·、,_()/]{1,2}(?=[0-9])")
_DIGITS = re.compile(rf"[0-9]{{{PHONE_DIGITS},}}[Xx]?")
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")
_DOOR = re.compile(r"[0-9一二三四五六七八九十百]{1,5}(?:号(?!线|文|令|公告)|栋|幢|单元|室)")
_PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.]?[A-Z0-9]{5,6}")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧阳"
)
_TITLES = "书记|主任|支书|村长|镇长|乡长|局长|所长|组长|队长|医生|老师|校长|老板|经理|先生|女士|某"
_TITLED = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:{_TITLES})")
_DELICATE = (
    "未成年",
    "孩子",
    "小孩",
    "儿童",
    "学生",
    "女儿",
    "儿子",
    "病",
    "残疾",
    "精神",
    "离婚",
    "家暴",
    "低保",
    "服刑",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the petition: whom no text may name, and who may be named only when they agree."""

    name: str = ""
    phone: str = ""
    enterprise: str = ""
    enterprise_agreed: bool = False
    neighbours: tuple[str, ...] = ()  # names on the register of the place


@dataclass(frozen=True, slots=True)
class Residue:
    """One find: of what sort, the words as they stand, and whether nothing may be published while they are there."""

    sort: str
    words: str
    refused: bool


def residues(text: str, known: Known) -> list[Residue]:
    """Everything found in a text, each once, what is refused first."""
    found = dict.fromkeys(_found(squeezed(text), known))
    return sorted(found, key=lambda one: not one.refused)


def squeezed(text: str) -> str:
    """The text as patterns read it: full-width signs narrow, no blanks."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def _found(text: str, known: Known) -> Iterator[Residue]:
    name, enterprise = squeezed(known.name), squeezed(known.enterprise)
    if len(name) > 1 and name in text:
        yield Residue("来信人的姓名", name, refused=True)
    for digits in _numbers(text):
        yield Residue("电话、证件或户码", digits, refused=True)
    if len(enterprise) > 1 and enterprise in text and not known.enterprise_agreed:
        yield Residue("企业名称（企业没有同意）", enterprise, refused=True)
    if len(name) > 2 and name not in text and name[1:] in text:
        yield Residue("来信人的名", name[1:], refused=False)
    yield from _warned(text, known)


def _warned(text: str, known: Known) -> Iterator[Residue]:
    for sort, pattern in (("门牌", _DOOR), ("车牌", _PLATE), ("像是某个人", _TITLED)):
        for words in pattern.findall(_DATE.sub("日期", text)):
            yield Residue(sort, words, refused=False)
    for name in known.neighbours:
        if len(name) > 1 and name != known.name and name in text:
            yield Residue("本村户主的姓名", name, refused=False)
    for word in _DELICATE:
        if word in text:
            yield Residue("未成年人、病情或家庭隐私", word, refused=False)


def _numbers(text: str) -> list[str]:
    """Long numbers, also those cut by dashes or written in Chinese; dates are none."""
    plain = _DATE.sub("日期", text)
    joined = _SPLIT_DIGITS.sub("", plain)
    return list(dict.fromkeys(_DIGITS.findall(joined.translate(_SPOKEN))))


def suggested(text: str, known: Known) -> str:
    """The text with what patterns find put into general words: a beginning for the person who redacts."""
    for words, general in ((known.name, "来信人"), (known.phone, "（电话略）"), (known.enterprise, "某企业")):
        if len(words.strip()) > 1 and not (general == "某企业" and known.enterprise_agreed):
            text = text.replace(words.strip(), general)
    for name in known.neighbours:
        text = text.replace(name, f"{name[:1]}某") if len(name) > 1 else text
    text = re.sub(rf"[0-9０-９]{{{PHONE_DIGITS},}}[Xx]?", "（号码略）", text)
    text = _PLATE.sub("（车牌略）", text)
    return _DOOR.sub("（门牌略）", text)


def refused(found: Iterable[Residue]) -> list[Residue]:
    """Those because of which nothing may be published."""
    return [one for one in found if one.refused]
