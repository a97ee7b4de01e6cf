"""QR codes of household plates: what they say, and how they are drawn.

Error correction M: a plate that has lost a seventh of its surface to weather still reads. The mask is fixed instead of
chosen: choosing costs ten times the rest, and any mask reads the same.
"""

import base64
import io

import qrcode
from django.conf import settings
from django.urls import reverse
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4  # modules of white around the code, as the standard demands
MASK = 3
PIXELS = 8  # per module in pictures


def address(token: str) -> str:
    """What a plate's code says: the plate's page on this site."""
    return f"{settings.PUBLIC_URL}{reverse('plate', args=[token])}"


def modules(text: str) -> list[list[bool]]:
    """The code of `text` as rows of modules, dark ones true, with its quiet zone."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=MASK)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def png(text: str, pixels: int = PIXELS) -> bytes:
    """The code as a PNG of two colours, `pixels` wide per module."""
    matrix = modules(text)
    side = len(matrix)
    picture = Image.frombytes("L", (side, side), bytes(0 if dark else 255 for row in matrix for dark in row))
    file = io.BytesIO()
    picture.resize((side * pixels, side * pixels), Image.Resampling.NEAREST).convert(
        "1", dither=Image.Dither.NONE
    ).save(file, "PNG")
    return file.getvalue()


def data_uri(text: str) -> str:
    """The PNG inside a page, so that a sheet of hundreds is one request."""
    return "data:image/png;base64," + base64.b64encode(png(text)).decode("ascii")


def svg(text: str) -> str:
    """The code as an SVG document: one path, any size, for whoever has plates made of metal."""
    matrix = modules(text)
    side = len(matrix)
    runs = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(matrix) for x, length in runs_of(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{runs}"/></svg>'
    )


def runs_of(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules begin and how many follow each other."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found
