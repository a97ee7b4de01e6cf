"""What the demo's shops have on their shelves, and a drawn picture of each."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

SIDE = 480  # px
_LIGHT, _LINE = "#ffffff", "#4a4238"

Pen = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Ware:
    """Points and cost (fen) of one unit, how many a village buys, at how many it is warned, how many a household gets."""

    name: str
    unit: str
    points: int
    cost_fen: int
    description: str
    bought: tuple[int, int]
    low_stock: int
    limit: int | None
    ground: str
    draw: Callable[[Pen], None]

    def picture(self) -> bytes:
        """A PNG."""
        image = Image.new("RGB", (SIDE, SIDE), self.ground)
        self.draw(ImageDraw.Draw(image))
        file = io.BytesIO()
        image.save(file, "PNG")
        return file.getvalue()


def _box(pen: Pen, corners: tuple[int, int, int, int], fill: str, radius: int = 24) -> None:
    pen.rounded_rectangle(corners, radius, fill=fill, outline=_LINE, width=6)


def _salt(pen: Pen) -> None:
    _box(pen, (140, 90, 340, 400), "#e8f1fb")
    _box(pen, (140, 190, 340, 290), "#2f6fb0", 0)
    for x, y in ((200, 240), (240, 220), (240, 260), (280, 240)):
        pen.rectangle((x - 10, y - 10, x + 10, y + 10), fill=_LIGHT)


def _soap(pen: Pen) -> None:
    _box(pen, (90, 210, 390, 380), "#f4c9a8", 60)
    _box(pen, (150, 260, 330, 330), "#f8dcc4", 30)
    for x, y, size in ((170, 150, 34), (245, 120, 48), (320, 160, 26)):
        pen.ellipse((x - size, y - size, x + size, y + size), fill=_LIGHT, outline=_LINE, width=5)


def _toothpaste(pen: Pen) -> None:
    pen.polygon([(80, 190), (340, 150), (340, 330), (80, 290)], fill=_LIGHT, outline=_LINE, width=6)
    pen.polygon([(140, 205), (290, 182), (290, 298), (140, 275)], fill="#d94f4f")
    _box(pen, (340, 195, 405, 285), "#4aa3a2", 14)


def _towel(pen: Pen) -> None:
    for top, colour in ((120, "#f2a7b5"), (210, "#fbe3a5"), (300, "#a9d4c3")):
        _box(pen, (90, top, 390, top + 80), colour, 38)
        pen.line((120, top + 40, 340, top + 40), fill=_LIGHT, width=8)


def _powder(pen: Pen) -> None:
    pen.polygon([(140, 100), (340, 100), (370, 400), (110, 400)], fill="#2f8f6b", outline=_LINE, width=6)
    pen.ellipse((165, 190, 315, 340), fill=_LIGHT)
    for x, y, size in ((215, 245, 34), (270, 265, 26), (235, 300, 22)):
        pen.ellipse((x - size, y - size, x + size, y + size), fill="#bfe3f2", outline="#2f6fb0", width=4)


def _noodles(pen: Pen) -> None:
    for step in range(13):
        x = 145 + step * 16
        pen.line((x, 70, x + (6 - step) * 3, 410), fill="#e3b04b" if step % 2 else "#f3cf80", width=13)
    _box(pen, (130, 200, 352, 290), "#c8463c", 8)


def _tissue(pen: Pen) -> None:
    pen.polygon([(200, 190), (215, 80), (300, 100), (285, 190)], fill=_LIGHT, outline=_LINE, width=5)
    _box(pen, (80, 180, 400, 380), "#7fb2e5", 20)
    pen.ellipse((170, 165, 310, 215), fill="#dcebfa", outline=_LINE, width=5)


def _flask(pen: Pen) -> None:
    _box(pen, (185, 70, 295, 140), "#e9e4da", 16)
    _box(pen, (160, 130, 320, 410), "#c8463c", 30)
    pen.rectangle((160, 230, 320, 262), fill="#e9e4da", outline=_LINE, width=4)


WARES = (
    Ware("食盐", "包", 3, 250, "加碘，400 克", (40, 80), 10, None, "#f6f1e7", _salt),
    Ware("香皂", "块", 4, 350, "125 克", (30, 60), 8, None, "#e9f3ee", _soap),
    Ware("牙膏", "支", 6, 550, "薄荷，120 克", (20, 40), 6, 3, "#fdf3e3", _toothpaste),
    Ware("毛巾", "条", 8, 750, "纯棉", (20, 40), 6, 3, "#eef2f7", _towel),
    Ware("洗衣粉", "袋", 10, 950, "1 千克", (15, 30), 5, 2, "#f3efe6", _powder),
    Ware("挂面", "把", 5, 450, "900 克", (20, 50), 6, None, "#eaf2e6", _noodles),
    Ware("抽纸", "提", 12, 1150, "六包装", (15, 30), 5, 2, "#f9efe9", _tissue),
    Ware("保温杯", "个", 40, 3800, "500 毫升，不锈钢", (4, 8), 2, 1, "#f2f0e8", _flask),
)
EVERYWHERE = WARES[:3]  # what a village without people of its own has
