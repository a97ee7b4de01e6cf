"""Environment variables as values: what cannot be read stops the start with one sentence."""

import ipaddress
import json
import os
import shlex
from collections.abc import Collection
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str = "") -> str:
    """A trimmed environment variable."""
    return os.environ.get(name, default).strip()


def env_switch(name: str, default: str = "0") -> bool:
    """``1`` or ``0``; anything else is refused, because "false" would be read as true by someone."""
    value = env(name, default) or default
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 0 或 1，现在是“{value}”。")
    return value == "1"


def env_number(name: str, default: int, least: int, most: int) -> int:
    """A whole number between two bounds, both included."""
    value = env(name) or str(default)
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"环境变量 {name} 应是 {least} 到 {most} 之间的整数，现在是“{value}”。")
    return int(value)


def env_choice(name: str, *known: str) -> str:
    """One of some words; the first by default."""
    value = env(name) or known[0]
    if value not in known:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 {'、'.join(known)} 之一，现在是“{value}”。")
    return value


def env_province(name: str) -> str:
    """The two digits that the codes of a province's counties begin with; empty for none."""
    value = env(name)
    if value and not (value.isdecimal() and value.isascii() and len(value) == 2 and "11" <= value < "90"):
        raise ImproperlyConfigured(f"环境变量 {name} 应是省级代码的两位数字，例如 43，现在是“{value}”。")
    return value


def env_socket(name: str) -> str | tuple[str, int] | None:
    """Where a service listens: the path of its socket, or host and port."""
    value = env(name)
    path = value.removeprefix("unix:")
    if not value or path.startswith("/"):
        return path or None
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or len(port) > 5 or not 1 <= int(port) <= 65535:
        raise ImproperlyConfigured(
            f"环境变量 {name} 应是 unix:/run/clamav/clamd.ctl 或 127.0.0.1:3310 的样子，现在是“{value}”。"
        )
    return host, int(port)


def env_list(name: str, default: list[str]) -> list[str]:
    """Comma separated words."""
    return [word.strip() for word in env(name).split(",") if word.strip()] or default


def env_roles(name: str, known: Collection[str]) -> frozenset[str] | None:
    """Comma separated roles, `off` for none of them; None when nothing is said."""
    words = env_list(name, [])
    if not words:
        return None
    if words != ["off"] and not set(words) <= set(known):
        raise ImproperlyConfigured(
            f"环境变量 {name} 应是 off，或用逗号隔开的 {'、'.join(known)}，现在是“{env(name)}”。"
        )
    return frozenset(words) - {"off"}


def env_command(name: str) -> str:
    """A command line that is run without a shell; empty for none."""
    value = env(name)
    try:
        words = shlex.split(value)
    except ValueError:
        raise ImproperlyConfigured(f"环境变量 {name} 的引号不成对：“{value}”。") from None
    if words and not os.access(words[0], os.X_OK):
        raise ImproperlyConfigured(f"环境变量 {name} 应以一个能运行的程序的完整路径开头，现在是“{words[0]}”。")
    return value


def env_secret(name: str) -> str:
    """A word that opens something; empty for none."""
    value = env(name)
    if value and len(value) < 24:
        raise ImproperlyConfigured(f"环境变量 {name} 至少要 24 个字符，例如 openssl rand -hex 24 打出的。")
    return value


def env_networks(name: str, default: str = "") -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Comma separated addresses and networks. Everybody is refused: a network that trusts all believes every client."""
    networks = []
    for word in env_list(name, default.split(",") if default else []):
        try:
            network = ipaddress.ip_network(word)
        except ValueError:
            raise ImproperlyConfigured(
                f"环境变量 {name} 应是用逗号隔开的 IP 地址或网段，如 127.0.0.1,10.1.0.0/24，现在有“{word}”。"
            ) from None
        if network.prefixlen == 0:
            raise ImproperlyConfigured(f"环境变量 {name} 不能是全部地址（{word}），请只写反向代理自己的地址。")
        networks.append(network)
    return networks


def env_calendar(name: str, default: dict[str, int]) -> dict[str, int]:
    """The month's calendar: days 1 to 28 of the following month, in ascending order (design section 6)."""
    text = env(name)
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        raise ImproperlyConfigured(f"环境变量 {name} 不是 JSON：“{text}”。") from None
    if not isinstance(given, dict) or set(given) - set(default):
        raise ImproperlyConfigured(f"环境变量 {name} 只能包含 {'、'.join(default)}，现在是“{text}”。")
    calendar = default | given
    days = [calendar[key] for key in default]
    if not all(type(day) is int and 1 <= day <= 28 for day in days) or sorted(set(days)) != days:
        raise ImproperlyConfigured(f"环境变量 {name} 的日期应是 1 到 28 的整数并依次增大，现在是 {days}。")
    return calendar


def env_notices(name: str, default: list[int]) -> list[int]:
    """Days before the end of the year, the earliest notice first: at most 300, falling."""
    days = [int(word) if word.isdecimal() else 0 for word in env_list(name, [str(days) for days in default])]
    if not all(1 <= day <= 300 for day in days) or sorted(set(days), reverse=True) != days:
        raise ImproperlyConfigured(f"环境变量 {name} 应是 1 到 300 之间依次减小的天数，如 60,14，现在是“{env(name)}”。")
    return days


def env_provider() -> dict[str, str]:
    """What describes the OpenID provider; its secret stands in a file, or in the environment."""
    names = ("issuer", "client", "secret", "label", "claim", "scope", "posts", "posts_claim", "second_factor")
    given = {name: env(f"DONGKOU_OIDC_{name.upper()}") for name in names}
    if path := env("DONGKOU_OIDC_SECRET_FILE"):
        try:
            given["secret"] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise ImproperlyConfigured(f"环境变量 DONGKOU_OIDC_SECRET_FILE 里写的文件读不了：“{path}”。") from None
    return given
