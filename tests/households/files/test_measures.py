"""What is read off a picture's bytes before anything is decoded: exactly what stands there."""

import struct

import pytest

from households.files.measures import MAX_PARTS, JpegMeasure, jpeg, png_parts

START, END, SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA
BASELINE, PROGRESSIVE = 0xC0, 0xC2


def segment(kind: int, body: bytes = b"") -> bytes:
    return bytes((0xFF, kind)) + struct.pack(">H", len(body) + 2) + body


def frame(kind: int, *samplings: int, width: int = 16, height: int = 8) -> bytes:
    components = b"".join(bytes((at, sampling, 0)) for at, sampling in enumerate(samplings, start=1))
    return segment(kind, struct.pack(">BHHB", 8, height, width, len(samplings)) + components)


@pytest.mark.parametrize(
    ("samplings", "held"), [((0x22, 0x11, 0x11), 384), ((0x11, 0x11, 0x11), 768), ((0x11,), 256), ((0x21, 0x11), 384)]
)
def test_coarser_components_hold_less(samplings: tuple[int, ...], held: int) -> None:
    data = START + frame(PROGRESSIVE, *samplings) + segment(SCAN) + segment(SCAN) + END
    assert jpeg(data) == JpegMeasure(scans=2, parts=3, held=held)


def test_picture_in_one_way_through_is_not_held() -> None:
    assert jpeg(START + frame(BASELINE, 0x11) + segment(SCAN) + b"\x12\xff\x00\x34" + END) == JpegMeasure(1, 2, 0)


def test_mark_inside_a_remark_is_none() -> None:
    remark = segment(0xFE, b"\xff\xda\xff\xda\xff\xc2 and more")
    assert jpeg(START + remark + frame(BASELINE, 0x11) + segment(SCAN) + END) == JpegMeasure(1, 3, 0)


def test_second_start_has_no_length() -> None:
    assert jpeg(START + START + frame(BASELINE, 0x11) + segment(SCAN) + END) == JpegMeasure(1, 3, 0)


def test_frame_that_is_cut_off_holds_nothing() -> None:
    assert jpeg(START + frame(PROGRESSIVE, 0x11)[:9]) == JpegMeasure(0, 1, 0)


@pytest.mark.parametrize("lengths", [[0], [13, 5, 0], [258, 70_000, 1, 0]])
def test_parts_of_a_png_are_counted(lengths: list[int]) -> None:
    parts = b"".join(struct.pack(">I4s", length, b"IDAT") + bytes(length) + b"crcs" for length in lengths)
    assert png_parts(b"\x89PNG\r\n\x1a\n" + parts) == len(lengths)


def test_counting_a_png_stops() -> None:
    assert png_parts(bytes(8) + bytes(12 * (MAX_PARTS + 50))) == MAX_PARTS + 1
