"""Where database and broker are reached: as the environment says, or the embedded ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from dongkou import database_roles
from dongkou.environment import env
from dongkou.given_keys import broker_password
from dongkou.layout import Layout
from dongkou.limits import NETWORK, REPLICA_NETWORK, connection_options


def database(name: str, role: str, sockets: Path) -> dict[str, Any]:
    """The one that the variable `name` or else DATABASE_URL gives; without both the embedded one, as a role."""
    url = env(name) or env("DATABASE_URL")
    if not env("DATABASE_URL"):
        place = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database_roles.DATABASE,
            "HOST": str(sockets),
        }
        return place | {"USER": role, "OPTIONS": connection_options(env("DONGKOU_ROLE"), {})}
    return _at(url, name, NETWORK)


def _at(url: str, name: str, network: Mapping[str, int]) -> dict[str, Any]:
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"环境变量 {name} 应以 postgresql:// 开头，本系统只使用 PostgreSQL。")
    try:
        found = _parsed(url)
    except ValueError:
        raise ImproperlyConfigured(
            f"环境变量 {name} 不是有效的地址，例如 postgresql://用户:密码@主机:5432/库名，多台主机用逗号隔开。"
        ) from None
    given = {**network, **found.get("OPTIONS", {})}
    return found | {"OPTIONS": connection_options(env("DONGKOU_ROLE"), given)}


def pooled(sockets: Path) -> dict[str, Any]:
    """For the web server alone: the database through a pooler that gives a session for one transaction at a time; else empty.

    It goes by the name that the database has; the training villages' beside it, likewise.
    """
    if not env("DATABASE_POOLER_URL") or env("DONGKOU_ROLE") != "web":
        return {}
    if not env("DATABASE_URL"):
        raise ImproperlyConfigured("环境变量 DATABASE_POOLER_URL 要和 DATABASE_URL 一起设：其他进程直接连数据库。")
    found = database("DATABASE_POOLER_URL", database_roles.APPLICATION, sockets)
    options = {name: value for name, value in found["OPTIONS"].items() if name != "options"}
    return found | {"OPTIONS": options, "DISABLE_SERVER_SIDE_CURSORS": True}


def replicas() -> list[dict[str, Any]]:
    """Streaming replicas that pages are read from, behind one another (``;``), each reached directly."""
    urls = [url.strip() for url in env("DATABASE_REPLICA_URL").split(";") if url.strip()]
    if urls and not env("DATABASE_URL"):
        raise ImproperlyConfigured("环境变量 DATABASE_REPLICA_URL 要和 DATABASE_URL 一起设：自带的数据库没有备库。")
    return [_at(url, "DATABASE_REPLICA_URL", REPLICA_NETWORK) for url in urls]


def _parsed(url: str) -> dict[str, Any]:
    """One host, or several that libpq tries in turn, with `?target_session_attrs=read-write` up to the primary."""
    hosts = urlsplit(url).netloc.rpartition("@")[2]
    first, *others = hosts.split(",")
    found = dict(dj_database_url.parse(url.replace(hosts, first, 1) if others else url))
    if others:
        places = [urlsplit(f"//{host}") for host in (first, *others)]
        found["HOST"] = ",".join(place.hostname or "" for place in places)
        found["PORT"] = ",".join(str(place.port or 5432) for place in places)
    return found


def embedded_broker(layout: Layout) -> str:
    """Address of the embedded one; its password is made where REDIS_URL names no other."""
    return f"unix://:{broker_password(layout)}@{quote(str(layout.valkey_socket))}"


def redis_url(offset: int, embedded: str) -> str:
    """Address of one numbered database: 0 messages, 1 results, 2 cache and sessions.

    REDIS_URL names the first of the three; a plain address means 0, 1 and 2.
    """
    url = urlsplit(env("REDIS_URL") or embedded)
    query = dict(parse_qsl(url.query))
    local = url.scheme == "unix"
    first = query.pop("db", "0") if local else (url.path.strip("/") or "0")
    if (
        url.scheme not in ("redis", "rediss", "unix")
        or not first.isdecimal()
        or not (url.path if local else url.hostname)
    ):
        raise ImproperlyConfigured("环境变量 REDIS_URL 应形如 redis://:密码@主机:6379/0 或 unix:///路径?db=0。")
    number = str(int(first) + offset)
    if local:
        return f"unix://{url.netloc}{url.path}?{urlencode(query | {'db': number})}"
    return urlunsplit((url.scheme, url.netloc, f"/{number}", urlencode(query), ""))


def celery_url(offset: int, embedded: str) -> str:
    """The same address as Celery spells it."""
    return redis_url(offset, embedded).replace("unix://", "redis+socket://", 1).replace("db=", "virtual_host=", 1)


def amqp_url() -> str:
    """RabbitMQ's address, or several behind one another (``;``); empty where messages go to REDIS_URL."""
    urls = env("AMQP_URL")
    for url in urls.split(";") if urls else ():
        found = urlsplit(url)
        if found.scheme not in ("amqp", "amqps") or not found.hostname:
            raise ImproperlyConfigured("环境变量 AMQP_URL 应形如 amqp://用户:密码@主机:5672/虚拟主机，几台用分号隔开。")
    return urls
