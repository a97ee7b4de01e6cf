"""Telephone numbers as people write them, each kept in one spelling. Pure.

Numbering: 11 digits from 13 to 19 are a mobile (工信部《电信网编号计划》); a local number begins with 2 to 8 and has 7 or 8
digits, an area code begins with 0; 400 and 800 stand for themselves.
"""

import re
import unicodedata

USUAL = "13800001111 或 0739-7221234"

_NOTHING = frozenset(("", "无", "没有", "暂无", "无电话", "-", "--", "/", "\\", "."))
_MARKS = re.compile(
    r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)  # blanks, and the marks that phone books copy along
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣~_ー─", "-"))
_TWO = re.compile(r"[/、,;，；]|和|或")
_LEGAL = re.compile(r"\(?\+?[0-9()-]+(?:(?:转|分机|ext\.?|x|#)-?[0-9]+)?")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)-?([0-9]{1,6})$|(?<=[0-9]{7})-([0-9]{1,6})$")
_HOME = re.compile(r"(?:\+|00)-?86-?|\((?:\+|00)86\)-?")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-8][0-9]{6,7})")
_LOCAL = re.compile(r"[2-8][0-9]{6,7}")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_LOST_ZERO = re.compile(r"(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}")
_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")


class TelephoneFault(ValueError):
    """Not a telephone number; the text is Chinese, says why and shows nothing of it."""


def read(text: str) -> str:
    """One number: a mobile as 11 digits, a landline as 0739-7221234, with -801 for an extension; empty for none.

    Raises TelephoneFault.
    """
    if len(text) == 11 and text.isascii() and _MOBILE.fullmatch(text):
        return text
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES).lower()
    if plain in _NOTHING:
        return ""
    plain = re.sub(r"(?<=[0-9])\.(?=[0-9])", "-", plain.removesuffix(".0"))
    _refuse_other_signs(plain)
    main, extension = _apart(_HOME.sub("+86", plain, count=1) if _HOME.match(plain) else plain)
    number = _number(main)
    if not extension:
        return number
    if "-" not in number and not _LOCAL.fullmatch(number) and not _SERVICE.fullmatch(number):
        raise TelephoneFault("手机号后面不能有分机号")
    return f"{number}-{extension}"


def _refuse_other_signs(plain: str) -> None:
    parts = [part for part in _TWO.split(plain) if part]
    if len(parts) > 1 and all(sum(sign.isdigit() for sign in part) >= 7 for part in parts):
        raise TelephoneFault("这里不止一个电话，只能留一个")
    if not _LEGAL.fullmatch(plain):
        raise TelephoneFault(f"电话只能由数字、括号、横线和开头的 +86 组成，写成 {USUAL} 的样子")


def _apart(plain: str) -> tuple[str, str]:
    """The number's digits, with a + before a foreign one, and those of its extension."""
    found = _EXTENSION.search(plain)
    extension = (found[1] or found[2]) if found else ""
    main = re.sub(r"[()-]", "", plain[: found.start()] if found else plain)
    if found and found[2] and not _complete(main):
        main, extension = re.sub(r"[()-]", "", plain), ""
    return main, extension


def _complete(digits: str) -> bool:
    """Whether a last group of digits behind these is an extension, and no part of the number."""
    return bool(_LANDLINE.fullmatch(digits) or _LOCAL.fullmatch(digits) or _SERVICE.fullmatch(digits))


def _number(digits: str) -> str:
    if digits.startswith("+") and not digits.startswith("+86"):
        return _abroad(digits)
    if digits.startswith("+86"):
        digits = digits[3:]
        if _LOST_ZERO.fullmatch(digits) and not _SERVICE.fullmatch(digits):
            digits = f"0{digits}"  # +86 takes the place of the 0
    elif len(digits) == 13 and _MOBILE.fullmatch(digits[2:]) and digits.startswith("86"):
        digits = digits[2:]
    if _MOBILE.fullmatch(digits) or _LOCAL.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    if landline := _LANDLINE.fullmatch(digits):
        return f"{landline[1]}-{landline[2]}"
    raise TelephoneFault(_why(digits))


def _abroad(digits: str) -> str:
    if not _ABROAD.fullmatch(digits):
        raise TelephoneFault("境外电话要写成 + 和国家代码开头的 7 到 15 位数字")
    return digits


def _why(digits: str) -> str:
    if _LOST_ZERO.fullmatch(digits):
        return "座机开头的 0 丢了（表格软件会删去它），请补上，写成 0739-7221234 的样子"
    if digits.startswith("1") and len(digits) > 8:
        told = "以 13 到 19 开头" if len(digits) == 11 else f"是 11 位，这里有 {len(digits)} 位"
        return f"手机号{told}"
    return f"电话有 {len(digits)} 位数字，不是手机号，也不是座机号；写成 {USUAL} 的样子"
