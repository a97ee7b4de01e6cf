"""Money: whole fen inside, yuan with two decimals outside. Pure."""

import re
import unicodedata

FEN = 100
MAX_FEN = 10**13  # a hundred thousand million yuan: more is a slip of the hand
_YUAN = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?", re.ASCII)


class MoneyError(ValueError):
    """Not an amount; the text is Chinese and fit to show."""


def yuan(fen: int) -> str:
    """4999500000 -> 49,995,000.00; -5 -> -0.05."""
    whole, rest = divmod(abs(fen), FEN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def parse_yuan(text: str) -> int:
    """The fen of an amount that a person wrote in yuan: 1,234.5 or １２３４．５０ -> 123450. Raises MoneyError."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "").removesuffix("元").strip()
    match = _YUAN.fullmatch(plain)
    if match is None:
        raise MoneyError(f"“{text[:20]}”不是金额，请写成 12345.67 的样子，最多两位小数")
    fen = int(match[2]) * FEN + int((match[3] or "0").ljust(2, "0"))
    if fen > MAX_FEN:
        raise MoneyError("金额太大了，请核对")
    return -fen if match[1] else fen


def wan(fen: int) -> str:
    """Ten thousands of yuan for headlines, exact: 5000000000 -> 5,000 万元; falls back to yuan when it does not come out even."""
    if fen % (FEN * 100) or abs(fen) < FEN * 10_000:
        return f"{yuan(fen)} 元"
    hundreds = abs(fen) // (FEN * 100)
    whole, rest = divmod(hundreds, 100)
    tail = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'-' if fen < 0 else ''}{whole:,}{tail} 万元"


def in_wan(fen: int) -> str:
    """Ten thousands of yuan whatever the amount, exact, so that figures side by side have one unit: 500000 -> 0.5 万元."""
    whole, rest = divmod(abs(fen), FEN * 10_000)
    tail = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{'-' if fen < 0 else ''}{whole:,}{tail} 万元"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "万亿")


def capital(fen: int) -> str:
    """The amount in the characters that cannot be altered: 100500 -> 壹仟零伍元整. Not for negative amounts.

    As the rules on filling in bills ask: 整 after yuan or jiao, one 零 for any run of zeros inside.
    """
    if fen < 0:
        raise ValueError(f"no capitals for {fen}")
    whole, rest = divmod(fen, FEN)
    jiao, last = divmod(rest, 10)
    text = f"{_whole(whole)}元" if whole else ""
    if not rest:
        return f"{text or '零元'}整"
    text += f"{_DIGITS[jiao]}角" if jiao else ("零" if whole else "")
    return f"{text}{_DIGITS[last]}分" if last else f"{text}整"


def _whole(number: int) -> str:
    sections, text = [], ""
    while number:
        number, part = divmod(number, 10_000)
        sections.append(part)
    for level in range(len(sections) - 1, -1, -1):
        part = sections[level]
        if part:
            gap = "零" if text and (part < 1000 or not sections[level + 1]) else ""
            text += f"{gap}{_section(part)}{_SECTIONS[level]}"
    return text


def _section(part: int) -> str:
    text, pending = "", ""
    for place in range(3, -1, -1):
        digit = part // 10**place % 10
        if digit:
            text += f"{pending}{_DIGITS[digit]}{_PLACES[place]}"
            pending = ""
        elif text:
            pending = "零"
    return text
