"""Web, worker and beat as command lines: `script/run` and `manage.py serve` start the same."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from dongkou.gates import THREADS
from dongkou.schedule import QUEUES

KINDS = ("web", "worker", "beat")
PROCESSES = 2  # of web and worker, unless asked otherwise


@dataclass(frozen=True)
class ListenAddress:
    """Where the web server takes requests."""

    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return ipaddress.ip_address(self.host).is_loopback

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def listen_address(text: str) -> ListenAddress:
    """``8000``, ``0.0.0.0:8000``, ``[::]:8000``. ValueError with the reason."""
    host, _, port = text.rpartition(":")
    host = (host or "127.0.0.1").removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise ValueError(f"“{text}”不是监听地址，例如 127.0.0.1:8000、0.0.0.0:8000 或 [::]:8000") from None
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise ValueError(f"端口应在 1 到 65535 之间，现在是“{port}”")
    return ListenAddress(host, int(port))


def queue_names(text: str) -> list[str]:
    """``entry,rollup``. ValueError names the first that there is not."""
    names = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    for name in names:
        if name not in QUEUES:
            raise ValueError(f"没有名为“{name}”的队列；有：{'、'.join(QUEUES)}")
    if not names:
        raise ValueError("至少要有一个队列")
    return names


def web(python: Sequence[str], at: ListenAddress, processes: int = PROCESSES) -> list[str]:
    """granian: one process that listens, and some that answer. `python` is the interpreter with its options."""
    words = ["--interface", "wsgi", "--host", at.host, "--port", str(at.port), "--workers", str(processes)]
    words += ["--blocking-threads", str(THREADS)]
    words += ["--blocking-threads-idle-timeout", "600"]  # each holds a connection to the database
    words += ["--http", "1", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "4"]
    return [*python, "-m", "granian", *words, "--log-level", "warning", "dongkou.wsgi:application"]


def worker(
    python: Sequence[str], queues: Sequence[str] = QUEUES, processes: int = PROCESSES, name: str = ""
) -> list[str]:
    """Celery's worker for some queues; `name` tells it from others on the same host."""
    words = ["-Q", ",".join(queues), "--concurrency", str(processes), "--without-gossip", "--without-mingle"]
    words += ["-n", f"{name}@%h"] if name else []
    return [*_celery(python), "worker", *words, "--loglevel", "WARNING"]


def beat(python: Sequence[str]) -> list[str]:
    """Celery's beat; of several one is at work (`dongkou.beat`)."""
    return [*_celery(python), "beat", "--loglevel", "WARNING", "--pidfile="]


def _celery(python: Sequence[str]) -> list[str]:
    return [*python, "-m", "celery", "-A", "dongkou.celery:app"]
