"""A weak line inside a network of its own: what goes to FAR comes to this host's own 127.0.0.1, slowly, and a part of it is lost.

The packets are real ones: the kernel hands them to this process (a TUN device), which drops, delays and gives them back with source
and destination exchanged (checksums do not mind). The kernel's own netem does the same, but is not in every kernel.
"""

import fcntl
import heapq
import os
import select
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

HERE, FAR, NAME = "127.0.0.1", "127.0.0.2", "weak"
_TUNSETIFF, _TUN, _BARE = 0x400454CA, 0x0001, 0x1000
OWN_NETWORK = os.geteuid() == 0 and {name for _, name in socket.if_nameindex()} <= {"lo", NAME}


class WeakLine:
    """While `strong`, nothing is lost nor slow. `rate` in bits/s and `delay` in seconds are those of one way, `loss` a share."""

    def __init__(self, *, rate: int, loss: float, delay: float, seed: int) -> None:
        self.rate, self.loss, self.delay, self.random = rate, loss, delay, Random(seed)
        self.strong, self.ended = True, threading.Event()
        self.passed = self.lost = 0
        self._free = {True: 0.0, False: 0.0}  # when each way can take the next packet
        self._due: list[tuple[float, int, bytes]] = []

    @contextmanager
    def weak(self) -> Iterator[None]:
        self.strong = False
        try:
            yield
        finally:
            self.strong = True

    def run(self, device: int) -> None:
        """Carry packets until the end."""
        while not self.ended.is_set():
            wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else 0.2
            if select.select([device], [], [], min(wait, 0.2))[0]:
                self._take(os.read(device, 65536))
            while self._due and self._due[0][0] <= time.monotonic():
                os.write(device, heapq.heappop(self._due)[2])

    def _take(self, packet: bytes) -> None:
        if packet[0] >> 4 != 4:
            return
        now, turned = time.monotonic(), packet[:12] + packet[16:20] + packet[12:16] + packet[20:]
        if self.strong:
            heapq.heappush(self._due, (now, self.passed, turned))
        elif self.random.random() < self.loss:
            self.lost += 1
            return
        else:
            way = packet[20:22] > packet[22:24]  # by its ports: there or back
            self._free[way] = max(now, self._free[way]) + len(packet) * 8 / self.rate
            heapq.heappush(self._due, (self._free[way] + self.delay, self.passed, turned))
        self.passed += 1


@contextmanager
def weak_line(*, rate: int, loss: float, delay: float, seed: int) -> Iterator[WeakLine]:
    """The line to FAR, for as long as the block lasts. Only inside a network of its own (OWN_NETWORK)."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    try:
        fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", NAME.encode(), _TUN | _BARE))
        _ip("link", "set", NAME, "up", "mtu", "1500")
        Path(f"/proc/sys/net/ipv4/conf/{NAME}/route_localnet").write_text("1")
        loopback = ["ip", "route", "del", "local", "127.0.0.0/8", "dev", "lo", "table", "local"]
        subprocess.run(loopback, check=False, capture_output=True, timeout=10)  # it is gone when a line was here before
        _ip("route", "replace", FAR, "dev", NAME, "src", HERE)
        line = WeakLine(rate=rate, loss=loss, delay=delay, seed=seed)
        carrier = threading.Thread(target=line.run, args=[device], daemon=True)
        carrier.start()
        try:
            yield line
        finally:
            line.ended.set()
            carrier.join()
    finally:
        os.close(device)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)
