"""Kinds of messages to households and filers. Each room registers its own: one fixed sentence each, the same on page, paper and SMS."""

from dataclasses import dataclass

BEHIND_PLATE = "请扫户牌看。"
BY_NUMBER = "请用编号和查询码看办理进展。"


@dataclass(frozen=True, slots=True)
class OutboxKind:
    """`label` is what staff read of it; `text` what the household or filer reads. Neither says a figure, a name or a reason."""

    name: str
    label: str
    text: str


_kinds: dict[str, OutboxKind] = {}


def register(*kinds: OutboxKind) -> None:
    """Have a room's kinds known."""
    _kinds.update({kind.name: kind for kind in kinds})


def kind_of(name: str) -> OutboxKind | None:
    """None for one that no room speaks for any more: it is neither shown nor sent."""
    return _kinds.get(name)


OWN = (
    OutboxKind("correction.answered", "更正请求的答复", "您家提的更正请求，村里答复了。"),
    OutboxKind("plate.renewed", "户牌或密码换过", "您家的户牌或户牌密码换过了。不是您家里人办的，请马上到村里说。"),
)
