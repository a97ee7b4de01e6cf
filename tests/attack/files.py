"""Files that cost their opener much, sent with a filing by a stranger, while somebody else reads a page."""

import importlib
import importlib.util
import random
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.attack.visitor import Figure, Target

HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
PLACES = re.compile(r'<option value="(\w{6,})"')
NEW, READ = "/petitions/new/", "/rules/"
AT_ONCE = 8
SLOWER = 10  # times the calm value, by the 95th percentile
CALM = 20


def files(target: Target, rng: random.Random, seconds: float) -> list[Figure]:
    """Every hostile picture and paper, eight at once, and how slow a page of everybody becomes meanwhile."""
    if not importlib.util.find_spec("tests.attack.hostile_files"):
        return []
    hostile_files = importlib.import_module("tests.attack.hostile_files")
    made = {**hostile_files.PICTURES, **hostile_files.PAPERS}
    bodies = [(name, make()) for name, make in sorted(made.items())]
    calm = [_read(target) for _ in range(CALM)]
    taken, slow, times = Figure("hostile files with a filing"), Figure("pages that became slow meanwhile"), []
    with ThreadPoolExecutor(AT_ONCE) as threads:
        sent = [threads.submit(_filed, target, name, body) for name, body in bodies]
        while not all(one.done() for one in sent):
            times.append(_read(target))
        for one in sent:
            taken.note(one.result())
    worst, still = statistics.quantiles(times + calm[:2], n=20)[-1], max(statistics.quantiles(calm, n=20)[-1], 0.02)
    slow.tries = len(times)
    slow.through = [f"p95 {worst:.2f} s, calm {still:.2f} s"] if worst > SLOWER * still else []
    return [taken, slow]


def _read(target: Target) -> float:
    begun = time.monotonic()
    target.nobody().get(READ)
    return time.monotonic() - begun


def _filed(target: Target, name: str, body: bytes) -> str:
    """File with it; anything but a refusal or a receipt is a fault."""
    visitor = target.nobody()
    page = visitor.get(NEW).text
    fields = dict(HIDDEN.findall(page)) | {
        "op_id": str(uuid4()),
        "content": "appeal",
        "title": "路坏了",
        "text": "半年没人修",
    }
    fields["place"] = next(iter(PLACES.findall(page)), "")
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    whole = "".join(parts).encode() + head.encode() + body + f"\r\n--{mark}--\r\n".encode()
    answer = visitor.ask("POST", NEW, whole, {"Content-Type": f"multipart/form-data; boundary={mark}"})
    return f"{name}: {answer.status}" if answer.status >= 500 or answer.status == 302 else ""
