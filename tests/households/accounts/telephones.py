"""A telephone that shows codes, as a test holds it: bound to an account, at any moment."""

from dataclasses import dataclass

from django_otp.oath import totp

from households.accounts.actions import factors
from households.models import SecondFactor, User

STEP = 30


@dataclass
class Telephone:
    """`codes` are the recovery codes on the sheet beside it."""

    secret: bytes
    codes: list[str]

    def code(self, steps: int = 0) -> str:
        """What it shows now, or some steps of thirty seconds later."""
        return f"{totp(self.secret, t0=-steps * STEP):06}"


def bind(user: User) -> Telephone:
    """Bind a telephone to the account. The code that did it was of long ago, so that the next one is at hand at once."""
    factors.begin(user=user)
    secret = SecondFactor.objects.get(user=user).pending
    codes = factors.enrol(user=user, typed=f"{totp(secret):06}")
    SecondFactor.objects.filter(user=user).update(last_step=0)
    user.refresh_from_db()
    return Telephone(secret, codes)
