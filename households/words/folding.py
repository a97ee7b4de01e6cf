"""One folding of text for storing and for comparing, whatever keyboard, PDF or program it came from. Pure.

What is stored keeps its meaning and its punctuation. What is compared (`compared`) is for no eye: the browser folds in the same
way (`static/js/folding.js`), and the vectors of `tests/households/words/folding.json` hold both to it.
"""

import re
import unicodedata

from households.words.signs import TABLE

_UNSEEN = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_UNSEEN_SIGNS = re.compile(f"[{_UNSEEN}]+")
_DOTS = "·•‧∙⋅・･\u0387\u2e31\u2e33"
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_DASHES = "‐‑‒–—―−﹘﹣－ー─"
_QUOTES = "'’‘`´ʼ′＇"
# Written in a compatible form that means the same to everybody: letters, digits and signs, no punctuation.
_COMPATIBLE = re.compile(
    "[\u2e9f\u2ef3\u2f00-\u2fdf\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0002f800-\U0002fa1f]+"
)
_LOOSE_MARKS = re.compile(f"(?<=[{_HAN}])[\u0300-\u036f]+")
_BLANKS = re.compile(r"\s+")
_AMID_HAN = re.compile(f"(?<=[{_HAN}])\\s+(?=[{_HAN}])")
_DOT = re.compile(f"(?<=[^\\W\\d_])\\s*[{_DOTS}]\\s*(?=[^\\W\\d_])")
_FULL_STOP = re.compile(f"(?<=[{_HAN}])\\s*[.．]\\s*(?=[{_HAN}])")
_DASH = re.compile(f"[{_DASHES}]")
_YEAR = re.compile(r"[\[(【〔〖{「]\s*([0-9]{4})\s*[\])】〕〗}」]")
_BESIDE_HAN = re.compile(r"\s+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\s+|\s*-\s*")
_NOT_COMPARED = re.compile(f"[\\s{_UNSEEN}{_DOTS}{_QUOTES}\u0300-\u036f]+")
# Its single signs, for a database that folds what it holds.
NEVER_COMPARED = (*_DOTS, *_QUOTES, *" \u3000\u00a0\ue5e5\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0301")
_LONE_STOP = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_OPENING, _CLOSING = re.compile(r"[\[【〔〖{「『]"), re.compile(r"[\]】〕〗}」』]")
_USUAL = re.compile(r"[\u4e00-\u9fff]+")


def seen(text: str) -> str:
    """The text in usual signs, without those that nobody sees; blanks and line ends stay."""
    plain = unicodedata.normalize("NFC", _UNSEEN_SIGNS.sub("", text).translate(TABLE))
    return _LOOSE_MARKS.sub("", _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), plain))


def stored(text: str) -> str:
    """A line of free text: signs in their usual form, what nobody sees left out, single blanks, none around it."""
    if _USUAL.fullmatch(text):
        return text
    return _DOT.sub("·", _BLANKS.sub(" ", seen(text))).strip()


def name(text: str) -> str:
    """A name of a person or place: no blanks between Chinese signs, one middle dot whichever was typed."""
    if _USUAL.fullmatch(text):
        return text
    return _FULL_STOP.sub("·", _AMID_HAN.sub("", stored(text)))


def reference(text: str) -> str:
    """A number of a document or ticket: half width, one dash, no blanks beside Chinese signs, years in 〔2026〕."""
    text = _DASH.sub("-", unicodedata.normalize("NFKC", _UNSEEN_SIGNS.sub("", text).translate(TABLE)))
    text = _BESIDE_HAN.sub(lambda found: found[0].strip(), _YEAR.sub(r"〔\1〕", text))
    return _BLANKS.sub(" ", text).strip()


def ticket(text: str) -> str:
    """The number that another office gave: as `reference`, in capitals, so that SY-1 and sy－1 are one."""
    return reference(text).upper()


def compared(text: str) -> str:
    """The text as it is compared and searched: 阿卜杜拉 • 买买提 -> 阿卜杜拉买买提, ＷＪ－0１ -> wj-01, 〔2026〕 -> (2026)."""
    if _USUAL.fullmatch(text):
        return text
    text = unicodedata.normalize("NFKC", text.translate(TABLE)).lower().translate(TABLE)
    text = _LONE_STOP.sub("", _NOT_COMPARED.sub("", text))
    return _CLOSING.sub(")", _OPENING.sub("(", _DASH.sub("-", text)))


def unknown_sign(text: str) -> str:
    """The first sign that only the computer knows which made it (private area), as U+E5F1; empty when there is none."""
    return next((f"U+{ord(sign):04X}" for sign in text if unicodedata.category(sign) in ("Co", "Cs")), "")
