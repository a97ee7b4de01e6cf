"""Writes down what is said between the counties' databases and their province: run in the bridge's namespace, until it is stopped.

``python overhear.py FILE LINK COUNTY...``: on the province's link, the bytes of every TCP connection with a county's address, in the
order in which they pass. Plain sockets of Linux; needs root. Read by `said_of`.
"""

import socket
import struct
import sys
from pathlib import Path

_EVERYTHING = 0x0003  # ETH_P_ALL
_RECEIVE_BUFFER = 33  # SO_RCVBUFFORCE, which Python does not name


def main(words: list[str]) -> None:
    """Until it is killed; every piece is written at once."""
    file, link, *counties = words
    wanted = {socket.inet_aton(county) for county in counties}
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERYTHING))
    ear.setsockopt(socket.SOL_SOCKET, _RECEIVE_BUFFER, 64 * 1024 * 1024)
    ear.bind((link, 0))
    with Path(file).open("ab", buffering=0) as out:
        print("listening", flush=True)
        while True:
            if piece := said_in(ear.recv(65_535), wanted):
                out.write(piece)


def said_in(packet: bytes, wanted: set[bytes]) -> bytes:
    """What an Ethernet frame carries over TCP from or to one of the addresses, behind its length and its connection; empty for others."""
    if packet[12:14] != b"\x08\x00" or packet[23] != socket.IPPROTO_TCP:
        return b""
    begin = 14 + 4 * (packet[14] & 15)
    length = struct.unpack("!H", packet[16:18])[0]
    if wanted.isdisjoint((packet[26:30], packet[30:34])):
        return b""
    said = packet[begin + 4 * (packet[begin + 12] >> 4) : 14 + length]
    return struct.pack("!I12s", len(said), packet[26:34] + packet[begin : begin + 4]) + said if said else b""


def said_of(file: Path) -> dict[bytes, bytes]:
    """By connection and direction, everything that was said."""
    found: dict[bytes, bytearray] = {}
    content, at = file.read_bytes(), 0
    while at + 16 <= len(content):
        length, way = struct.unpack("!I12s", content[at : at + 16])
        found.setdefault(way, bytearray()).extend(content[at + 16 : at + 16 + length])
        at += 16 + length
    return {way: bytes(said) for way, said in found.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
