"""What `script/province` hears it tells apart; the whole in short, two counties, one node and a replica each, in the long part."""

import struct
import subprocess
from pathlib import Path
from socket import inet_aton

import pytest

from dongkou.layout import BASE_DIR
from script.run_province import arguments
from tests.attack.province.overhear import said_in, said_of

COUNTY, PROVINCE, STRANGER = map(inet_aton, ("10.77.0.2", "10.77.0.9", "10.77.0.7"))


def frame(sender: bytes, receiver: bytes, said: bytes) -> bytes:
    """An Ethernet frame of a TCP connection, padded as short ones are."""
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40 + len(said), 0, 0, 64, 6, 0, sender, receiver)
    tcp = struct.pack("!HHIIBBHHH", 5432, 40000, 1, 1, 5 << 4, 0, 0, 0, 0)
    return (b"\0" * 12 + b"\x08\x00" + ip + tcp + said).ljust(60, b"\xee")


def test_what_is_said_with_a_county_is_heard_whole(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    pieces = [
        frame(COUNTY, PROVINCE, b"4306011012"),
        frame(PROVINCE, COUNTY, b"?"),
        frame(COUNTY, PROVINCE, b"01010001"),
    ]
    heard.write_bytes(b"".join(said_in(piece, {COUNTY}) for piece in pieces))
    assert sorted(said_of(heard).values()) == [b"430601101201010001", b"?"]
    assert said_in(frame(STRANGER, PROVINCE, b"x"), {COUNTY}) == b""
    assert said_in(frame(COUNTY, PROVINCE, b""), {COUNTY}) == b""


@pytest.mark.parametrize("words", [["--counties", "1"], ["--villages", "3"], ["--seconds", "5"]])
def test_too_small_a_province_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(words)
    assert "two counties at least" in capsys.readouterr().err


@pytest.mark.long
def test_two_counties_and_their_province() -> None:
    command = [BASE_DIR / "script/province", "--counties", "2", "--villages", "24", "--households", "32"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
    assert (done.returncode, "every promise holds" in done.stdout) == (0, True), done.stdout + done.stderr
