"""What a password must be, and passwords made by the system for one use."""

import secrets
import string
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from households.accounts.passwords_local import OWN_WORDS
from households.register.sounds import readings_of

if TYPE_CHECKING:
    from households.models import User

MIN_LENGTH = 10
MAX_LENGTH = 128  # hashing a novel would keep a worker busy
CLASSES_NEEDED = 3
SHORTEST_NAME = 3  # a shorter user name would forbid half of all passwords
LEAST_GUESSES = 10  # decimal digits of the number of guesses that somebody needs who knows how people choose
_LOOKED_AT = 64  # signs: the estimate of a novel would keep a worker busy
RULES = (
    "密码至少 10 位，要有大写字母、小写字母、数字、符号中的三种；不能包含账号，"
    "也不要用地名、单位名、姓名拼音、年份、键盘上连着的键或 P@ssw0rd 一类的变写。"
)
# Without 0 O 1 l I: such a password is read aloud or copied from paper.
_READABLE = [
    "".join(set(string.ascii_uppercase) - set("OI")),
    "".join(set(string.ascii_lowercase) - set("lo")),
    "23456789",
]
_ONE_TIME_LENGTH = 12


def classes_in(password: str) -> int:
    """How many of the four classes occur: capitals, small letters, digits, anything else."""
    groups = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
    named = sum(any(sign in group for sign in password) for group in groups)
    return named + any(sign not in "".join(groups) for sign in password)


def is_guessable(password: str, words: Iterable[str] = ()) -> bool:
    """Whether it falls to somebody who tries common passwords, the words of this place, years, keyboards and substitutions."""
    known = [*OWN_WORDS, *(word for word in words if word)]
    return float(zxcvbn(password[:_LOOKED_AT], user_inputs=known)["guesses_log10"]) < LEAST_GUESSES


def faults(password: str, username: str = "", words: Iterable[str] = ()) -> list[str]:
    """What is wrong with a password, as Chinese sentences; empty when it may be used. `words` belong to its owner."""
    found = []
    if len(password) < MIN_LENGTH:
        found.append(f"密码至少 {MIN_LENGTH} 位，现在是 {len(password)} 位。")
    if len(password) > MAX_LENGTH:
        found.append(f"密码最多 {MAX_LENGTH} 位。")
    if classes_in(password) < CLASSES_NEEDED:
        found.append("密码要有大写字母、小写字母、数字、符号中的三种。")
    if len(username) >= SHORTEST_NAME and username.lower() in password.lower():
        found.append("密码里不能包含账号。")
    if not found and is_guessable(password, (username, *words)):
        found.append(
            "这个密码太容易猜到：请不要用地名、单位名、拼音、年份或常见密码的变写，可以用几个不相干的词连起来。"
        )
    return found


def one_time_password() -> str:
    """A random password that is easy to read out (12 signs, some 68 bits); its owner must change it at first sign-in."""
    signs = [secrets.choice(group) for group in _READABLE]
    signs += [secrets.choice("".join(_READABLE)) for _ in range(_ONE_TIME_LENGTH - len(signs))]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)


def _words_of(user: "User") -> Iterable[str]:
    """The owner's name in pinyin, as one word and as initials, in each way it is read."""
    for sounds in readings_of(user.display_name):
        yield from ("".join(sounds), "".join(sound[:1] for sound in sounds), *sounds[:1])


class PasswordRules:
    """The rules as one of Django's password validators."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        """Raise ValidationError with every fault at once."""
        found = faults(password, user.username, _words_of(user)) if user else faults(password)
        if found:
            raise ValidationError(found)

    def get_help_text(self) -> str:
        """The rules in one sentence."""
        return RULES
