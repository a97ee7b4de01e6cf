"""What carries messages: whether it answers, whether it is of a kind that we use, and how much waits in it.

Messages go through the first of three numbered databases of Redis or Valkey, or through quorum queues of RabbitMQ
(ADR 81); the cache, results and signs of life always lie in Redis or Valkey.
"""

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import redis
from amqp.exceptions import AMQPError
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError

from dongkou import servers, signs
from dongkou.guards import Mismatch

LEAST_REDIS = (6, 2)
LEAST_RABBITMQ = (3, 10)  # its quorum queues drop what has expired
CONNECT_SECONDS = 5
ANSWER_SECONDS = 1  # of probes
_AWAY = (OperationalError, OSError, AMQPError)


def refuse_unfit_broker() -> None:
    """Mismatch with one sentence unless the brokers that the environment names answer and are fit. Not for embedded ones."""
    if not servers.needed().valkey:
        _look_at_redis()
    if settings.AMQP_URL:
        _look_at_rabbitmq()


def _look_at_redis() -> None:
    cache = str(settings.CACHES["default"]["LOCATION"])
    for url in (settings.SIGNS_URL, settings.RESULTS_URL, cache):
        client = redis.Redis.from_url(
            _plain(url), socket_timeout=CONNECT_SECONDS, socket_connect_timeout=CONNECT_SECONDS
        )
        try:
            with contextlib.closing(client):
                known = client.info()
        except redis.AuthenticationError:
            raise Mismatch("消息服务不认 REDIS_URL 里的密码，请检查。") from None
        except redis.ResponseError as trouble:
            if "index is out of range" in str(trouble) or "is not allowed in cluster mode" in str(trouble):
                raise Mismatch(_numbered(url)) from None
            raise Mismatch(f"消息服务回答“{trouble}”，请检查 REDIS_URL 和它的权限。") from None
        except (redis.RedisError, OSError) as trouble:
            raise Mismatch(f"连不上消息服务（{_first_line(trouble)}），请检查它是否在运行，以及 REDIS_URL。") from None
        _judge_redis(known, url)


def _plain(url: str) -> str:
    """As redis-py spells what Celery spells otherwise."""
    return url.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=", 1)


def _judge_redis(known: dict[str, Any], url: str) -> None:
    version = str(known.get("valkey_version") or known.get("redis_version", "0"))
    if known.get("cluster_enabled") or known.get("redis_mode") == "cluster":
        raise Mismatch(_numbered(url))
    if _numbers(version) < LEAST_REDIS:
        raise Mismatch(
            f"需要 Redis {_dotted(LEAST_REDIS)} 或更新的版本（Valkey 都可以），REDIS_URL 指向的是 {version}。"
        )


def _numbered(url: str) -> str:
    number = urlsplit(url).path.strip("/") or "2"
    return f"REDIS_URL 指向的消息服务没有 {number} 号库：不能用 Redis Cluster，要用单个或主从的 Redis、Valkey。"


def _look_at_rabbitmq() -> None:
    try:
        with _connection(CONNECT_SECONDS) as connection:
            known = connection.connection.server_properties
    except _AWAY as trouble:
        raise Mismatch(f"连不上消息服务（{_first_line(trouble)}），请检查 RabbitMQ 和 AMQP_URL。") from None
    product, version = str(known.get("product", "?")), str(known.get("version", "0"))
    if product != "RabbitMQ" or _numbers(version) < LEAST_RABBITMQ:
        raise Mismatch(f"AMQP_URL 需要 RabbitMQ {_dotted(LEAST_RABBITMQ)} 或更新的版本，现在是 {product} {version}。")


@contextlib.contextmanager
def _connection(seconds: int) -> Iterator[Any]:
    """A connection to RabbitMQ, soon given up."""
    with Connection(
        settings.AMQP_URL, connect_timeout=seconds, transport_options={"read_timeout": seconds}
    ) as connection:
        connection.ensure_connection(max_retries=1, timeout=seconds)
        yield connection


def rabbitmq_answers() -> bool:
    """Whether RabbitMQ takes a connection now."""
    try:
        with _connection(ANSWER_SECONDS):
            return True
    except _AWAY:
        return False


def lengths() -> dict[str, int | None]:
    """How many messages wait in each queue; None for one that nobody has made yet.

    Raises redis.RedisError when Redis, or OSError when RabbitMQ, does not answer.
    """
    queues: list[str] = settings.CELERY_QUEUES
    if not settings.AMQP_URL:
        return {name: int(signs.broker().llen(name)) for name in queues}
    try:
        with _connection(ANSWER_SECONDS) as connection:
            return {name: _length(connection, name) for name in queues}
    except (OperationalError, AMQPError) as trouble:
        raise ConnectionError(str(trouble)) from None


def _length(connection: Any, name: str) -> int | None:
    """A channel of its own: RabbitMQ closes it when there is no such queue."""
    try:
        with connection.channel() as channel:
            return int(channel.queue_declare(name, passive=True).message_count)
    except connection.channel_errors:
        return None


def _first_line(trouble: Exception) -> str:
    return (str(trouble).strip().splitlines() or [type(trouble).__name__])[0]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split(".")[:2])


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
