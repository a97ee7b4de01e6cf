"""What is made of an upload, and what is refused, with a reason that a cadre understands. No database."""

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from households.files import images
from households.refusals import Refused
from tests.rewards.pictures import photographs

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def made(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(images.photo(data).content))


def refused(data: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        images.photo(data)
    assert caught.value.fields == {"picture": caught.value.reason}
    assert not caught.value.sentence.isascii()
    return caught.value


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", "<b>hello</b>")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_of_each_kind_becomes_a_jpeg(kind: str) -> None:
    picture = made(photographs.saved(photographs.pixels(), kind))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (640, 480), "RGB")


def test_location_and_maker_are_gone() -> None:
    data = photographs.photo_with_location()
    assert photographs.MAKER.encode() in data
    kept = images.photo(data).content
    for secret in (photographs.MAKER.encode(), b"Exif", b"GPS", b"taken at home", b"PROFILE-SECRET", b"ICC_PROFILE"):
        assert secret not in kept
    picture = made(data)
    assert not picture.getexif() and set(picture.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_text_in_a_png_is_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "secret-person")
    data = photographs.saved(photographs.pixels(), "PNG", pnginfo=notes)
    assert b"secret-person" in data and b"secret-person" not in images.photo(data).content


@pytest.mark.parametrize(
    ("orientation", "size", "top_left"),
    [(1, (640, 480), "red"), (3, (640, 480), "blue"), (6, (480, 640), "red"), (8, (480, 640), "blue")],
)
def test_photo_taken_sideways_stands_upright(orientation: int, size: tuple[int, int], top_left: str) -> None:
    picture = made(photographs.photo_with_location(orientation))
    red, _green, blue = picture.getpixel((20, 8) if orientation in (1, 3) else (60, 20))
    assert picture.size == size
    assert (red > blue) == (top_left == "red")


@pytest.mark.parametrize(
    ("width", "height", "expected"), [(4000, 3000, (1600, 1200)), (300, 3200, (300, 3200)), (200, 100, (200, 100))]
)
def test_large_photo_is_made_smaller_and_a_small_one_left(width: int, height: int, expected: tuple[int, int]) -> None:
    assert made(photographs.photo(width, height)).size == expected


def test_transparent_ground_becomes_white() -> None:
    picture = made(photographs.saved(Image.new("RGBA", (80, 80), (0, 0, 0, 0)), "PNG"))
    assert min(picture.getpixel((40, 40))) > 250


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "I;16"])
def test_photo_of_any_colour_model_is_read(mode: str) -> None:
    ground = Image.new("I;16", (64, 64), 65535) if mode == "I;16" else photographs.pixels(64, 64, mode)
    picture = made(photographs.saved(ground, "JPEG" if mode == "CMYK" else "PNG"))
    assert picture.mode == "RGB"
    assert mode != "I;16" or min(picture.getpixel((5, 5))) > 250


def test_same_photo_gives_the_same_bytes() -> None:
    data = photographs.photo_with_location()
    assert images.photo(data) == images.photo(data)


def test_two_views_of_one_photo_are_one_picture() -> None:
    """Phones store a second view behind the first (MPO): that is no animation."""
    views = photographs.saved(photographs.pixels(), "MPO", save_all=True, append_images=[photographs.pixels(320, 240)])
    assert made(views).size == (640, 480)


def test_clip_behind_a_photo_is_left_behind() -> None:
    clip = b"\x00\x00\x00\x18ftypmp42" + b"MOTION" * 100
    assert b"MOTION" not in images.photo(photographs.photo() + clip).content


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"\xef\xbb\xbf<!doctype html><script>alert(1)</script>", "网页"),
        (zipped(), "压缩包"),
        (PDF, "PDF"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "GIF"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "视频"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "不是照片"),
        (b"MZ\x90\x00", "不是照片"),
        (b"", "不是照片"),
        (b"\xff\xd8", "不是照片"),
    ],
)
def test_other_file_is_refused_by_name(data: bytes, word: str) -> None:
    refusal = refused(data)
    assert refusal.code == "picture_not_one"
    assert word in refusal.reason and refusal.hint


@pytest.mark.parametrize(
    ("brands", "kind"),
    [
        (b"heic\0\0\0\0mif1heic", "HEIC"),
        (b"heix\0\0\0\0mif1heix", "HEIC"),
        (b"mif1\0\0\0\0mif1heic", "HEIC"),
        (b"mif1\0\0\0\0miafmif1", "HEIF"),
        (b"avif\0\0\0\0mif1avif", "AVIF"),
    ],
)
def test_photo_of_an_unread_format_is_called_a_photo(brands: bytes, kind: str) -> None:
    refusal = refused((8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands + bytes(200))
    assert kind in refusal.reason and "照片" in refusal.reason and "视频" not in refusal.reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("kept", [0.2, 0.6, 0.95])
def test_photo_cut_off_is_refused(kind: str, kept: float) -> None:
    data = photographs.saved(photographs.pixels(), kind)
    assert refused(data[: int(len(data) * kept)]).code == "picture_broken"


def test_photo_damaged_in_the_middle_is_refused() -> None:
    data = bytearray(photographs.saved(photographs.pixels(), "PNG"))
    data[200:400] = bytes(200)
    assert refused(bytes(data)).code == "picture_broken"


@pytest.mark.parametrize("hidden", [zipped(), b"<script>alert(1)</script>", b"<!DOCTYPE html>", b"<?php system('id');"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_picture_was_besides_is_left_behind(kind: str, hidden: bytes) -> None:
    plain = photographs.saved(photographs.pixels(), kind)
    assert images.photo(plain + hidden) == images.photo(plain)


@pytest.mark.parametrize("hidden", [b"<SCRIPT>alert(1)</SCRIPT>", PDF])
def test_what_stands_in_a_comment_is_left_behind(hidden: bytes) -> None:
    assert images.photo(photographs.photo(comment=hidden)) == images.photo(photographs.photo())


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((1080, 18_000), (720, 12_000)),
        ((18_000, 1080), (12_000, 720)),
        ((1080, 2400), (720, 1600)),
        ((640, 9000), (640, 9000)),
        ((4000, 2250), (1600, 900)),
    ],
)
def test_screenshot_stays_readable_however_long_it_is(size: tuple[int, int], kept: tuple[int, int]) -> None:
    assert made(photographs.saved(Image.new("RGB", size, "white"))).size == kept


@pytest.mark.parametrize(("size", "kind"), [((1080, 20_000), "PNG"), ((1080, 50_000), "JPEG")])
def test_screenshot_beyond_reading_is_refused_as_one(size: tuple[int, int], kind: str) -> None:
    refusal = refused(photographs.saved(Image.new("RGB", size, "white"), kind))
    assert refusal.code == "picture_too_long" and "截图" in refusal.hint


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_picture_is_refused(kind: str) -> None:
    assert refused(photographs.moving(kind)).code == "picture_moves"


def test_hundred_megapixels_in_a_small_file_are_refused_at_once() -> None:
    data = photographs.bomb()
    assert len(data) < 1_000_000
    begun = time.process_time()
    assert refused(data).code == "picture_too_many_pixels"
    assert time.process_time() - begun < 0.5


def test_claimed_gigapixels_are_refused() -> None:
    data = bytearray(photographs.photo())
    at = data.index(b"\xff\xc0") + 5  # height and width of the frame header
    data[at : at + 4] = b"\xff\xff\xff\xff"
    assert refused(bytes(data)).code == "picture_too_many_pixels"


def test_file_over_ten_megabytes_is_refused_with_its_size() -> None:
    refusal = refused(photographs.photo() + bytes(images.MAX_BYTES))
    assert refusal.code == "picture_too_large" and "10 MB" in refusal.reason


def test_fifty_megapixel_photo_of_a_phone_is_taken() -> None:
    data = photographs.saved(Image.new("RGB", (8160, 6144), "green"))
    assert made(data).size == (1600, 1205)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damaged_photo_is_made_or_refused_never_an_error(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))
    whole = bytearray(photographs.saved(photographs.pixels(48, 32), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert images.photo(bytes(whole)).width
    except Refused as refusal:
        assert refusal.reason


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_never_an_error(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP"):
        assert refused(start + data).reason


def test_signature_becomes_a_small_grey_png() -> None:
    kept = images.signature(photographs.signature(1800, 900))
    picture = Image.open(io.BytesIO(kept.content))
    assert (picture.format, picture.mode, picture.size) == ("PNG", "L", (600, 300))
    assert len(kept.content) < 15_000


def test_empty_signature_is_refused() -> None:
    with pytest.raises(Refused, match="还没有签名"):
        images.signature(photographs.blank())
