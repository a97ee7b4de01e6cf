"""What a PIN is: six digits, however they are typed, and none that people try first. Pure."""

import unicodedata
from itertools import pairwise

PIN_LENGTH = 6
_LONGEST = 40  # nothing longer than a PIN in any spelling is looked at


def digits_of(typed: str) -> str:
    """The six digits as people type them, in full width or with blanks or dashes between them; empty for anything else."""
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST])
    digits = "".join(sign for sign in plain if not sign.isspace() and sign != "-")
    return digits if len(digits) == PIN_LENGTH and digits.isascii() and digits.isdecimal() else ""


def is_trivial(pin: str) -> bool:
    """Whether a PIN is among those that people try first: 000000, 123456, 987654, 121212, 123123, 112233, 888666."""
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    pairs = all(pin[at] == pin[at + 1] for at in range(0, PIN_LENGTH, 2))
    return len(set(pin)) < 3 or (len(steps) == 1 and abs(steps.pop()) <= 1) or pin[:3] == pin[3:] or pairs


def why_not(pin: str, again: str) -> dict[str, str]:
    """What is wrong with a PIN that somebody chose, by field and in words; both come from `digits_of`. Empty when nothing is."""
    if not pin:
        return {"pin": f"密码要 {PIN_LENGTH} 位，全是数字。"}
    if is_trivial(pin):
        return {"pin": "这个密码太简单，别人一猜就中。不要用一样的、连着的或者重复的数字。"}
    return {"again": "两次输的不一样，请再输一次。"} if pin != again else {}
