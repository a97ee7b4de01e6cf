"""What a camera wrote beside the pixels is gone, the pixels are the same bytes."""

import struct

import pytest

from households.files.bare_pictures import bare_jpeg, bare_jpx

HEAD, END = b"\xff\xd8", b"\xff\xd9"
TABLE = b"\xff\xdb\x00\x04\x01\x02"
PIXELS = b"\xff\xda\x00\x04\x03\x04" + b"pixels \xff\x00 more"


def segment(kind: int, text: bytes = b"note") -> bytes:
    return bytes([0xFF, kind]) + struct.pack(">H", len(text) + 2) + text


@pytest.mark.parametrize("kind", [0xE0, 0xE2, 0xEE, 0xDB, 0xC0, 0xF0, 0xDF])
def test_segment_that_makes_the_picture_stays(kind: int) -> None:
    jpeg = HEAD + segment(kind) + PIXELS + END
    assert bare_jpeg(jpeg) == jpeg


@pytest.mark.parametrize("kind", [0xE1, 0xE3, 0xED, 0xEF, 0xFE])
def test_note_of_camera_or_program_goes(kind: int) -> None:
    assert bare_jpeg(HEAD + segment(0xE0) + segment(kind) + TABLE + PIXELS + END) == (
        HEAD + segment(0xE0) + TABLE + PIXELS + END
    )


def test_what_hangs_on_behind_the_end_goes() -> None:
    jpeg = HEAD + TABLE + PIXELS + END
    assert bare_jpeg(jpeg + b"thumbnail" + END) == jpeg


def test_picture_without_end_mark_is_kept_to_its_last_byte() -> None:
    jpeg = HEAD + TABLE + PIXELS
    assert bare_jpeg(jpeg) == jpeg


@pytest.mark.parametrize("padding", [b"\xff", b"\xff\xff"])
def test_padding_before_a_segment_goes(padding: bytes) -> None:
    assert bare_jpeg(HEAD + padding + TABLE + PIXELS + END) == HEAD + TABLE + PIXELS + END


@pytest.mark.parametrize(
    "data",
    [b"", HEAD, b"\x89PNG", HEAD + TABLE, HEAD + TABLE[:3], HEAD + b"\xff\xda\x00", HEAD + b"\x00" + PIXELS + END],
)
def test_what_is_no_whole_jpeg_comes_back_empty(data: bytes) -> None:
    assert bare_jpeg(data) == b""


def test_shortest_last_segment_is_read() -> None:
    scan = b"\xff\xda\x00\x02"
    assert bare_jpeg(HEAD + scan) == HEAD + scan


def box(kind: bytes, text: bytes = b"text") -> bytes:
    return struct.pack(">I4s", len(text) + 8, kind) + text


SIGNATURE = box(b"jP  ", b"\r\n\x87\n")


@pytest.mark.parametrize("kind", [b"xml ", b"uuid", b"uinf"])
def test_notes_of_a_jpeg_2000_go(kind: bytes) -> None:
    rest = box(b"jp2h") + struct.pack(">I4s", 0, b"jp2c") + b"code stream to the end"
    assert bare_jpx(SIGNATURE + box(kind) + rest) == SIGNATURE + rest
    assert bare_jpx(SIGNATURE + box(b"jp2h") + box(kind)) == SIGNATURE + box(b"jp2h")


def test_long_box_is_measured_by_its_long_length() -> None:
    long = struct.pack(">I4sQ", 1, b"uuid", 16 + 5) + b"notes"
    assert bare_jpx(SIGNATURE + long + box(b"jp2c")) == SIGNATURE + box(b"jp2c")


@pytest.mark.parametrize("cut", [9, 12, 15])
def test_long_box_that_is_cut_off_is_kept_as_it_is(cut: int) -> None:
    long = struct.pack(">I4sQ", 1, b"jp2c", 16)[:cut]
    assert bare_jpx(SIGNATURE + long) == SIGNATURE + long


def test_box_of_eight_bytes_is_whole() -> None:
    assert bare_jpx(SIGNATURE + box(b"free", b"")) == SIGNATURE + box(b"free", b"")
    assert bare_jpx(SIGNATURE + box(b"free", b"") + box(b"xml ", b"")) == SIGNATURE + box(b"free", b"")


def test_bare_code_stream_is_left_alone() -> None:
    assert bare_jpx(b"\xff\x4f\xff\x51 stream") == b"\xff\x4f\xff\x51 stream"
