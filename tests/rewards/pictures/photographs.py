"""Pictures of all kinds for tests, made on the spot."""

import io
import struct
import zlib

from PIL import Image, ImageDraw

LATITUDE = b"\x00\x00\x00\x1b\x00\x00\x00\x01\x00\x00\x00\x06\x00\x00\x00\x01\x00\x00\x00\x1e\x00\x00\x00\x01"
MAKER = "HONOR-X9-SECRET"


def pixels(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """A red left half and a blue right half, with a diagonal."""
    picture = Image.new("RGB", (width, height), "red")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 2, 0, width, height), fill="blue")
    draw.line((0, 0, width, height), fill="white", width=max(2, width // 100))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def photo(width: int = 640, height: int = 480, **how: object) -> bytes:
    return saved(pixels(width, height), **how)


def photo_with_location(orientation: int = 1) -> bytes:
    """As a phone takes it: maker, orientation and the place where it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = MAKER, orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (27.0, 6.0, 30.0), 3: "E", 4: (110.0, 34.0, 12.0)})
    return saved(pixels(), exif=exif, comment=b"taken at home", icc_profile=b"PROFILE-SECRET" * 10)


def signature(width: int = 600, height: int = 240) -> bytes:
    """Black strokes on a transparent ground, as the counter's canvas gives them."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.line((40, 180, 200, 40, 320, 200, 560, 60), fill=(0, 0, 0, 255), width=6)
    return saved(picture, "PNG")


def blank() -> bytes:
    return saved(Image.new("RGBA", (600, 240), (0, 0, 0, 0)), "PNG")


def moving(kind: str) -> bytes:
    """Two frames."""
    frames = [pixels(64, 64), pixels(64, 64).transpose(Image.Transpose.ROTATE_180)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def bomb(side: int = 10_000) -> bytes:
    """A PNG of side x side pixels in a few kilobytes: 100 megapixels unpack to 100 MB and more."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    squeezed = zlib.compressobj(1)
    row = b"\x00" * (side + 1)
    body = b"".join([*(squeezed.compress(row) for _ in range(side)), squeezed.flush()])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
