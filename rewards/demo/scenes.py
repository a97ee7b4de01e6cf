"""Drawn pictures of a village before, during and after small works: no photo of a real place or person is shipped."""

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (800, 600)  # px
_SKY, _NIGHT, _HILL, _FIELD = "#cfe3ee", "#26344f", "#8fb08c", "#b9cf8f"
Pen = ImageDraw.ImageDraw
Scene = Callable[[Pen, str, Random], None]


def _land(pen: Pen, sky: str = _SKY, field: str = _FIELD, hill: str = _HILL) -> None:
    pen.rectangle((0, 0, 800, 260), fill=sky)
    pen.polygon([(0, 260), (140, 150), (290, 240), (460, 120), (640, 230), (800, 160), (800, 260)], fill=hill)
    pen.rectangle((0, 255, 800, 600), fill=field)
    pen.rectangle((585, 190, 715, 275), fill="#efe6d6")
    pen.polygon([(570, 195), (650, 145), (730, 195)], fill="#8a5a44")


def _road(pen: Pen, when: str, rng: Random) -> None:
    _land(pen)
    ground = {"before": "#96754f", "during": "#a9a296", "after": "#c9ccd0"}[when]
    pen.polygon([(350, 258), (430, 258), (690, 600), (110, 600)], fill=ground)
    if when == "before":
        for _ in range(26):
            depth = rng.random()
            x, y = 390 + (rng.random() - 0.5) * (60 + depth * 420), 280 + depth * 300
            pen.ellipse(
                (x - 8 - depth * 34, y - 3 - depth * 10, x + 8 + depth * 34, y + 3 + depth * 10), fill="#6e5234"
            )
    elif when == "during":
        pen.polygon([(300, 400), (480, 400), (560, 470), (240, 470)], fill="#7f7a70")
        pen.rectangle((330, 330, 450, 400), fill="#e0a526")
        pen.ellipse((320, 375, 380, 435), fill="#3a3a3a")
        pen.ellipse((405, 375, 465, 435), fill="#3a3a3a")
    else:
        for step in range(7):
            top = 280 + step * step * 6
            pen.polygon(
                [(386, top), (396, top), (400, top + 14 + step * 4), (384, top + 14 + step * 4)], fill="#ffffff"
            )


def _canal(pen: Pen, when: str, rng: Random) -> None:
    _land(pen, field="#a8c47c" if when == "after" else "#bdb56f")
    bank = {"before": "#7d6a45", "during": "#98938a", "after": "#c4c6c4"}[when]
    water = {"before": "#75704e", "during": "#8b7f5f", "after": "#5c9fc0"}[when]
    pen.polygon([(300, 258), (370, 258), (560, 600), (60, 600)], fill=bank)
    pen.polygon([(318, 258), (352, 258), (480, 600), (150, 600)], fill=water)
    if when == "before":
        for _ in range(40):
            x, y = rng.randint(150, 480), rng.randint(300, 590)
            pen.line((x, y, x + rng.randint(-14, 14), y - rng.randint(16, 40)), fill="#5f7a3a", width=5)


def _lamp(pen: Pen, when: str, _rng: Random) -> None:
    _land(pen, sky=_NIGHT, field="#33452f", hill="#1f2d35")
    pen.polygon([(350, 258), (430, 258), (690, 600), (110, 600)], fill="#3d4248")
    if when == "before":
        return
    for x, height in ((250, 250), (520, 180)):
        if when == "after":
            pen.polygon(
                [(x - 14, 572 - height), (x + 14, 572 - height), (x + 130, 575), (x - 130, 575)], fill="#8f8a55"
            )
        pen.rectangle((x - 5, 560 - height, x + 5, 570), fill="#a9b0b6")
        if when == "after":
            pen.ellipse((x - 20, 540 - height, x + 20, 580 - height), fill="#ffe89a")


SCENES: dict[str, Scene] = {"road": _road, "water": _canal, "light": _lamp}


def photo(kind: str, when: str, rng: Random) -> bytes:
    """A JPEG of a kind of works (road, water, light) before, during or after them."""
    image = Image.new("RGB", SIZE)
    SCENES[kind](ImageDraw.Draw(image), when, rng)
    file = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(file, "JPEG", quality=88)
    return file.getvalue()
