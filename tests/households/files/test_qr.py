"""QR codes of plates: an independent reader reads back what was written, at every size."""

import io
import re
import secrets

import pytest
import zxingcpp
from django.conf import settings
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from PIL import Image

from households.files import qr

TOKENS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=22, max_size=22)


def read(picture: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return found.text


def drawn(text: str, **size: int) -> Image.Image:
    return Image.open(io.BytesIO(qr.png(text, **size)))


def from_svg(text: str) -> Image.Image:
    """The SVG's path, drawn rectangle by rectangle."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', qr.svg(text))[1])
    picture = Image.new("L", (side * 4, side * 4), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", qr.svg(text)):
        left, top = int(x) * 4, int(y) * 4
        picture.paste(0, (left, top, left + int(length) * 4, top + 4))
    return picture


def test_address_is_the_public_one_and_holds_the_token_alone() -> None:
    token = secrets.token_urlsafe(16)
    assert qr.address(token) == f"{settings.PUBLIC_URL}/h/{token}/"


@effort(max_examples=25, deadline=None)
@given(TOKENS)
def test_png_reads_back(token: str) -> None:
    assert read(drawn(qr.address(token))) == qr.address(token)


@effort(max_examples=10, deadline=None)
@given(TOKENS)
def test_svg_reads_back(token: str) -> None:
    assert read(from_svg(qr.address(token))) == qr.address(token)


@pytest.mark.parametrize("pixels", [2, 4, 12])
def test_png_reads_back_at_any_size(pixels: int) -> None:
    text = qr.address(secrets.token_urlsafe(16))
    picture = drawn(text, pixels=pixels)
    assert picture.width == picture.height == len(qr.modules(text)) * pixels
    assert read(picture) == text


def test_scratched_plate_still_reads() -> None:
    text = qr.address(secrets.token_urlsafe(16))
    picture = drawn(text).convert("L")
    side = picture.width
    picture.paste(255, (side // 2, side // 2, side // 2 + side // 8, side // 2 + side // 8))
    assert read(picture) == text


def test_code_has_its_quiet_zone() -> None:
    matrix = qr.modules("x")
    assert not any(any(row) for row in matrix[: qr.QUIET_ZONE])
    assert not any(row[column] for row in matrix for column in range(qr.QUIET_ZONE))


def test_picture_is_small_and_of_two_colours() -> None:
    text = qr.address(secrets.token_urlsafe(16))
    assert drawn(text).mode == "1"
    assert len(qr.data_uri(text)) < 1500
    assert qr.data_uri(text).startswith("data:image/png;base64,")
