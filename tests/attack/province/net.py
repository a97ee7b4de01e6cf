"""Hosts that are network namespaces of one machine, each with an address, joined by a bridge that stands in one of its own."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PREFIX = "10.77"
BRIDGE = "br0"


@dataclass(frozen=True, slots=True)
class NetHost:
    """One namespace; `link` is its interface's other end, on the bridge."""

    name: str
    address: str
    link: str

    def command(self, words: list[str]) -> list[str]:
        """The command line that runs there, as root."""
        return ["ip", "netns", "exec", self.name, *words]

    def start(self, words: list[str], env: Mapping[str, str], said: Any, user: "tuple[int, int] | None" = None) -> Any:
        """Start it in a session of its own, as a user or as root; what it says goes to a file."""
        dropped = ["setpriv", f"--reuid={user[0]}", f"--regid={user[1]}", "--clear-groups"] if user else []
        return subprocess.Popen(
            self.command([*dropped, *words]),
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


@dataclass
class Network:
    """All of them. They go at the end, and whatever runs in them with them."""

    mark: str = field(default_factory=lambda: f"dkp{os.getpid()}")
    hosts: list[NetHost] = field(default_factory=list)

    def __enter__(self) -> "Network":
        _ip("netns", "add", self.middle)
        _ip("-n", self.middle, "link", "add", BRIDGE, "type", "bridge")
        _ip("-n", self.middle, "link", "set", BRIDGE, "up")
        return self

    def __exit__(self, *exc: object) -> None:
        for name in (*(host.name for host in self.hosts), self.middle):
            for pid in _said("netns", "pids", name).split():
                subprocess.run(["kill", "-KILL", pid], check=False, capture_output=True)
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)

    @property
    def middle(self) -> str:
        """The namespace of the bridge."""
        return f"{self.mark}-net"

    def add(self, name: str) -> NetHost:
        """A host more."""
        number = len(self.hosts) + 1
        host = NetHost(f"{self.mark}-{name}", f"{PREFIX}.{number // 250}.{number % 250 + 1}", f"v{number}")
        _ip("netns", "add", host.name)
        self.hosts.append(host)
        _ip("link", "add", host.link, "netns", self.middle, "type", "veth", "peer", "name", "eth0", "netns", host.name)
        _ip("-n", self.middle, "link", "set", host.link, "master", BRIDGE, "up")
        _ip("-n", host.name, "addr", "add", f"{host.address}/16", "dev", "eth0")
        for interface in ("eth0", "lo"):
            _ip("-n", host.name, "link", "set", interface, "up")
        return host

    @staticmethod
    def cut(host: NetHost, other: NetHost) -> None:
        """Nothing comes through between the two any more; each goes on with everybody else."""
        _ip("-n", host.name, "route", "add", "blackhole", f"{other.address}/32")

    @staticmethod
    def heal(host: NetHost, other: NetHost) -> None:
        """It does again."""
        _ip("-n", host.name, "route", "delete", "blackhole", f"{other.address}/32")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _said(*words: str) -> str:
    return subprocess.run(["ip", *words], check=False, capture_output=True, text=True).stdout
