"""What rewards tells households, in fixed words."""

from households.outbox.kinds import OutboxKind, register

KINDS = (OutboxKind("goods.void", "预订取消或退货", "您家在积分超市的一笔兑换取消了，或者退了货。"),)


def speak() -> None:
    """Have the kinds known."""
    register(*KINDS)
