"""What a browser is called in the list of one's sign-ins: enough to know one's own telephone again, no more. Pure."""

from collections.abc import Mapping
from typing import Protocol

_SYSTEMS = (("HarmonyOS", "鸿蒙手机"), ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"))
_DESKS = (("Windows", "Windows 电脑"), ("Mac OS X", "苹果电脑"), ("Linux", "Linux 电脑"))
_PROGRAMS = (
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


class HasHeaders(Protocol):
    """A request, as far as it is looked at here."""

    @property
    def headers(self) -> Mapping[str, str]: ...


def named(request: HasHeaders) -> str:
    """Machine and program, such as 安卓手机 微信; 未知设备 when the browser says nothing that is known."""
    says = request.headers.get("User-Agent", "")
    found = [_first(says, (*_SYSTEMS, *_DESKS)), _first(says, _PROGRAMS)]
    return " ".join(word for word in found if word) or "未知设备"


def _first(says: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if sign in says), "")
