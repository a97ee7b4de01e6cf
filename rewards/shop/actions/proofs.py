"""What goods are handed over for: each proof is what a hand-over begins with, in its transaction, and refuses when it is none."""

from collections.abc import Callable
from uuid import UUID

from households.models import Plate
from households.operations import answered
from households.plates.actions.plates import accept_pin, check_pin, is_pin
from households.refusals import Refused

Proven = Callable[[], None]


def missing() -> None:
    raise Refused("proof_missing", "还没有领取凭证。", hint="请输入户牌密码，或请领取人签名。")


def by_signature() -> None:
    """It lies with the redemption."""


def by_pin(op_id: UUID, household: str, pin: str) -> Proven:
    """What the hand-over begins with, so that a right PIN costs no transaction of its own.

    A wrong one is counted here and now, whatever comes of the rest, unless this `op_id` was answered before.
    A PIN on paper is known to whoever printed it: it takes nothing from the counter.
    """
    plate = Plate.objects.filter(household=household, revoked_at=None).first()
    if plate is None:
        return _raising(Refused("no_plate", "这户还没有户牌，没有密码可以核对。", hint="请领取人在屏幕上签名。"))
    if not plate.has_own_pin:
        return _raising(
            Refused(
                "pin_on_paper", "这户还没有设自己的密码，纸条上的密码不能用来领东西。", hint="请领取人在屏幕上签名。"
            )
        )
    if is_pin(plate, pin):
        return lambda: accept_pin(plate)
    if answered([op_id]):
        return missing  # its answer stands already
    return _raising(check_pin(plate, pin).refusal())


def _raising(refusal: Refused) -> Proven:
    def refuse() -> None:
        raise refusal

    return refuse
