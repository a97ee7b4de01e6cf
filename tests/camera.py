"""A camera before which a test holds pictures: Chromium reads them from a file as if they came from a lens, and decodes a real stream."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from tests.conftest import WITH_CAMERA, complaints, listen

SIDE = 720  # pixels of the picture
EACH = 3  # frames that a picture stays


def filmed(path: Path, pictures: Sequence[bytes]) -> None:
    """Have the camera see these pictures (PNG), one after another, over and over, five a second."""
    head = f"YUV4MPEG2 W{SIDE} H{SIDE} F5:1 Ip A1:1 C420jpeg\n".encode()
    with path.open("wb") as film:
        film.write(head)
        for picture in pictures:
            film.write((b"FRAME\n" + _frame(picture)) * EACH)


def _frame(picture: bytes) -> bytes:
    """In the middle of a grey table."""
    seen = Image.open(BytesIO(picture)).convert("L")
    seen.thumbnail((SIDE - 40, SIDE - 40))
    table = Image.new("L", (SIDE, SIDE), 150)
    table.paste(seen, ((SIDE - seen.width) // 2, (SIDE - seen.height) // 2))
    return table.tobytes() + b"\x80" * (SIDE * SIDE // 2)


@contextmanager
def camera_browser(chromium: Any, film: Path | None) -> Iterator[Any]:
    """Chromium whose camera sees `film`, or has none; `film` may be written anew between two openings of the camera."""
    assert WITH_CAMERA, "needs the whole of Chromium: Debian's package chromium"
    words = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"] if film else []
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", *words]
    browser = chromium.browser_type.launch(executable_path=WITH_CAMERA, args=arguments)
    yield browser
    browser.close()


@contextmanager
def page_of(browser: Any, site: str, width: int = 360, *, camera: bool = True) -> Iterator[Any]:
    """A page of that width; `camera`: its reader has allowed it. Complaints of the browser fail the test."""
    size = {"width": width, "height": 780 if width < 600 else 900}
    context = browser.new_context(base_url=site, viewport=size, locale="zh-CN")
    context.set_default_timeout(20_000)
    if camera:
        context.grant_permissions(["camera"])
    page = context.new_page()
    listen(page)
    yield page
    heard = complaints(page)
    context.close()
    assert not heard, f"the browser complained: {heard}"


def shown(page: Any, said: str, code: str) -> list[bytes]:
    """Every code that a page shows one after another, as it stands on the screen; `said` tells which of how many it is."""
    pieces: dict[str, bytes] = {}
    words = page.locator(said).inner_text()
    number = int(words.split("共 ")[1].split(" ")[0])
    while len(pieces) < number:
        before = page.locator(said).inner_text()
        picture = page.locator(code).screenshot()
        if page.locator(said).inner_text() == before:
            pieces[before] = picture
    return list(pieces.values())
