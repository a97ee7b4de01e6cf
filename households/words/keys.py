"""Numbers that people give to papers, as they are compared: 石公〔２０２６〕 12 号 and 石公(2026)12号 are one. Pure."""

import unicodedata

_DASHES = dict.fromkeys("‐‑‒–—―−─ー﹣－", "-")
_BRACKETS = dict.fromkeys("〔[【〖﹝{", "(") | dict.fromkeys("〕]】〗﹞}", ")")
_SIGNS = str.maketrans(_DASHES | _BRACKETS)
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def key(text: str) -> str:
    """The text in half width and small letters, with one kind of dash and bracket, without blanks and unseen signs."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in _UNSEEN)
    # Once more: what stood apart until now may go together.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold()).translate(_SIGNS)
