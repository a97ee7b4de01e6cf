"""What an uploaded picture must be, and what is made of it. Knows Pillow, not Django.

Nothing of the upload is kept but its pixels: a new file is made of them, without location, device, time or anything that
travelled along. So nothing is searched for: what else a file may have been, the new one is not.
"""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps

from households.files import measures
from households.refusals import Refused

MAX_BYTES = 10 * 1024 * 1024  # a phone's photo has 3 to 8 MB
MAX_PIXELS = 60_000_000  # JPEG, which is decoded small; the largest usual phone camera has 50 million
MAX_PIXELS_WHOLE = 20_000_000  # PNG, which must be decoded whole: 80 MB of memory
MAX_PIXELS_WEBP = 12_000_000  # whole, and four times over: more than a WebP of 720 px across can have
MAX_SCANS = 100  # ways through a JPEG; cameras make one, pages of the web ten
MAX_HELD = 96_000_000  # bytes that a JPEG in several scans is held in: 32 million pixels, 16 with full colours
LONGEST_SIDE = 1600
READABLE_SIDE = 720  # text of a screenshot can be read when its page stays so wide, however long it is
MAX_PIXELS_KEPT = 18_000_000  # 720 x 25,000: a screenshot of a long chat
SIGNATURE_SIZE = (600, 300)
QUALITY = 82
LEAST_INK = 40  # dark pixels of a signature; a dot from a slipped finger has fewer
DARK = 128

FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}
# Beginnings of other files that people take for pictures, and what to do with them.
STRANGERS: tuple[tuple[bytes, str, str], ...] = (
    (b"ftyp", "视频", "请拍一张照片再上传。"),
    (b"GIF8", "GIF 动图", "请用 JPG 或 PNG 图片。"),
    (b"%PDF", "PDF 文件", "请拍照或截图后上传图片。"),
    (b"PK\x03\x04", "压缩包或办公文档", "请把里面的图片单独保存后上传。"),
    (b"<svg", "SVG 图形", "请另存为 JPG 或 PNG 再上传。"),
    (b"<?xml", "SVG 图形", "请另存为 JPG 或 PNG 再上传。"),
    (b"<", "网页", "请上传 JPG 或 PNG 图片。"),
)
# Photos of newer phones come in the box of a video; what is in it, the brands at its beginning say.
NEW_PHOTOS = {
    "HEIC": (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"),
    "AVIF": (b"avif", b"avis"),
    "HEIF": (b"mif1", b"msf1"),
}
LONG = 3  # times as long as wide: a screenshot
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, OverflowError, MemoryError)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Made:
    """The new file with its size in pixels."""

    content: bytes
    width: int
    height: int


def photo(data: bytes) -> Made:
    """A JPEG of at most 1600 px a side, upright, on white, without metadata. Refused when `data` is no such picture.

    A longer one keeps 720 px across: a screenshot of a chat stays readable.
    """
    picture = _upright(data)
    size = _kept_size(*picture.size)
    picture = picture.resize(size, Image.Resampling.LANCZOS) if size != picture.size else picture
    return _saved(picture, "JPEG", quality=QUALITY, optimize=True, progressive=True)


def _kept_size(width: int, height: int) -> tuple[int, int]:
    longest, shortest = max(width, height), min(width, height)
    part = min(1.0, max(LONGEST_SIDE / longest, READABLE_SIDE / shortest))
    size = max(1, round(width * part)), max(1, round(height * part))
    if size[0] * size[1] > MAX_PIXELS_KEPT:
        raise _too_many_pixels(width, height)
    return size


def signature(data: bytes) -> Made:
    """A small greyscale PNG of a signature drawn on a screen. Refused also when nothing was drawn."""
    picture = _upright(data).convert("L")
    picture.thumbnail(SIGNATURE_SIZE, Image.Resampling.LANCZOS)
    if sum(picture.histogram()[:DARK]) < LEAST_INK:
        raise refusal("signature_empty", "还没有签名。", "请领取人在框里签上姓名。")
    return _saved(picture, "PNG", optimize=True)


def too_large(size: int) -> Refused:
    """The refusal of a picture with `size` bytes."""
    return refusal("picture_too_large", f"这张图片有 {size / 1024 / 1024:.1f} MB，最大 10 MB。", "请换一张小些的。")


def refusal(code: str, reason: str, hint: str) -> Refused:
    return Refused(code, reason, hint=hint, fields={"picture": reason})


def _upright(data: bytes) -> Image.Image:
    """The pixels as they are meant to be seen, on white."""
    kind = _kind(data)
    _check_parts(data, kind)
    try:
        if kind == "PNG":  # decoding passes over parts whose checksum is wrong
            Image.open(io.BytesIO(data), formats=[kind]).verify()
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            _check_size(picture, kind)
            _kept_size(*picture.size)  # refuses before anything is decoded
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            ImageOps.exif_transpose(picture, in_place=True)
            return _on_white(picture)
    except BOMBS:
        raise _too_many_pixels(1, 1) from None
    except UNREADABLE:
        raise refusal("picture_broken", "这张图片打不开，可能没有传完整。", "请重新拍一张，或重新选择。") from None


def _kind(data: bytes) -> str:
    """The format that the first bytes claim, once nothing speaks against it."""
    if len(data) > MAX_BYTES:
        raise too_large(len(data))
    kind = next((name for start, name in FORMATS.items() if data.startswith(start)), "")
    if not kind or (kind == "WEBP" and data[8:12] != b"WEBP"):
        raise _no_picture(data)
    if not _is_whole(data, kind):
        raise refusal("picture_broken", "这张图片不完整，可能没有传完。", "请重新拍一张，或重新选择。")
    return kind


def _no_picture(data: bytes) -> Refused:
    if data[4:8] == b"ftyp":
        brands = data[8 : min(len(data), max(16, int.from_bytes(data[:4], "big")), 256)]
        kind = next((kind for kind, marks in NEW_PHOTOS.items() if any(mark in brands for mark in marks)), "")
        if kind:
            hint = "请在手机“设置-相机”里把照片格式改成 JPG（苹果叫“兼容性最佳”），或把照片发到微信再保存。"
            return refusal("picture_unread_format", f"这是 {kind} 格式的照片，这里读不了。", hint)
    head = data[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    for start, what, hint in STRANGERS:
        if head.startswith(start) or head[4:].startswith(start):
            return refusal("picture_not_one", f"这是{what}，不是照片。", hint)
    return refusal("picture_not_one", "这不是照片。", "请上传 JPG、PNG 或 WebP 图片。")


def _is_whole(data: bytes, kind: str) -> bool:
    """Whether the end of the picture is there. What cameras add behind it (a second view, a clip) is left behind."""
    if kind == "WEBP":
        return int.from_bytes(data[4:8], "little") + 8 <= len(data)
    return (b"\xff\xd9" if kind == "JPEG" else b"IEND\xaeB`\x82") in data


def _check_parts(data: bytes, kind: str) -> None:
    """Before anything is opened: a file of a few hundred kilobytes can ask for minutes."""
    found = measures.jpeg(data) if kind == "JPEG" else None
    if found and found.held > MAX_HELD:
        raise _too_many_pixels(1, 1)
    parts = found.parts if found else measures.png_parts(data) if kind == "PNG" else 0
    if parts > measures.MAX_PARTS or (found and found.scans > MAX_SCANS):
        raise refusal(
            "picture_too_costly", "这张图片的存法少见，打开它太费时间。", "请用手机重新拍一张，或截图后上传。"
        )


def _check_size(picture: Image.Image, kind: str) -> None:
    """Before a single pixel is decoded: a file of a few kilobytes can claim gigabytes."""
    most = {"JPEG": MAX_PIXELS, "WEBP": MAX_PIXELS_WEBP}.get(kind, MAX_PIXELS_WHOLE)
    if picture.width * picture.height > most:
        raise _too_many_pixels(picture.width, picture.height)
    if kind != "JPEG" and getattr(picture, "is_animated", False):  # a JPEG's further frames are other views of it
        raise refusal("picture_moves", "这是会动的图片。", "请上传一张普通照片。")


def _too_many_pixels(width: int, height: int) -> Refused:
    if max(width, height) > LONG * min(width, height):
        return refusal("picture_too_long", "这张截图太长，缩小以后看不清字。", "请分成几段截图上传。")
    return refusal("picture_too_many_pixels", "这张图片的像素太多。", "请用手机的普通模式（不用高像素）再拍一张。")


def _on_white(picture: Image.Image) -> Image.Image:
    picture.load()
    if picture.mode.startswith("I"):  # 16 bits a pixel: Pillow would cut off everything above 255
        picture = picture.point(lambda value: value / 256).convert("L")
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    seen = picture if picture.mode == "RGBA" else picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen)
    return ground


def _saved(picture: Image.Image, kind: str, **how: Any) -> Made:
    """The file alone: only the pixels are copied, so nothing that Pillow keeps beside them is written."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    file = io.BytesIO()
    bare.save(file, kind, **how)
    return Made(file.getvalue(), bare.width, bare.height)
