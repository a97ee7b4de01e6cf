"""What hostile files cost everybody else: a page is asked for calmly, then while eight files come at once, again and again.

    python -m tests.attack.flood http://127.0.0.1:PORT/ [--seconds N] [--demo DATA/demo-accounts.txt]

Only against a server on this machine. Prints figures; exit code 1 when a promise was not kept.
"""

import argparse
import http.cookiejar
import json
import re
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from threading import Event
from urllib.parse import urlsplit
from uuid import uuid4

from tests.attack import hostile_files

AT_ONCE = 8
SLOWER = 10  # times as slow as in calm, at most
MAX_MEMORY = 1536  # MB of all web processes
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PLACE = re.compile(r'<option value="(\d{12})"')


class Browser:
    """Keeps cookies and sends forms; nothing leaves this machine."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=60) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict[str, str], name: str = "", content: bytes = b"") -> int:
        """The status of the answer."""
        mark = uuid4().hex
        parts = [_part(mark, f'name="{key}"', value.encode()) for key, value in fields.items()]
        if name:
            parts.append(_part(mark, f'name="{name}"; filename="a"', content))
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "Referer": self.base + path}
        try:
            with self.opener.open(urllib.request.Request(self.base + path, body, headers), timeout=120) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def form(self, path: str) -> dict[str, str]:
        """What the form there holds already."""
        page = self.get(path)
        token, place = _TOKEN.search(page), _PLACE.search(page)
        return {"csrfmiddlewaretoken": token[1] if token else "", "place": place[1] if place else ""}


def _part(mark: str, about: str, content: bytes) -> bytes:
    return f"--{mark}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + content + b"\r\n"


Send = Callable[[bytes], int]


def filer(base: str) -> Send:
    """Somebody without an account, who has the form open and files a petition with one file."""
    browser = Browser(base)
    words = {"content": "appeal", "title": "试", "text": "试一试会怎样。", "name": "", "phone": ""}
    given = browser.form("/petitions/new/")

    def send(content: bytes) -> int:
        status = browser.post("/petitions/new/", given | words | {"op_id": str(uuid4())}, "files", content)
        if status == 200:  # what was filed closes the form: the next file needs another, or nobody would open it
            given.update(browser.form("/petitions/new/"))
        return status

    return send


def importer(base: str, account: tuple[str, str]) -> Send:
    """The petition office, signed in, rehearses a list."""
    browser = Browser(base)
    door = browser.form("/accounts/sign-in/")
    browser.post("/accounts/sign-in/", door | {"username": account[0], "password": account[1]})
    given = browser.form("/petitions/import/") | {"how": "rehearse"}
    return lambda content: browser.post("/petitions/import/", given, "list", content)


def asked(base: str, times: int, stop: Event | None = None) -> list[float]:
    """Milliseconds of each answer of `/rules/`."""
    browser, taken = Browser(base), []
    for _ in range(times):
        if stop is not None and stop.is_set():
            break
        begun = time.perf_counter()
        browser.get("/rules/")
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]


def web_processes(port: int) -> dict[int, int]:
    """Megabytes of each web process and of its cells, by process id."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,rss,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()[1:]]
    family = {int(row[0]) for row in rows if "granian" in row[3] and f"--port {port}" in row[3]}
    for _ in range(4):
        family |= {int(row[0]) for row in rows if int(row[1]) in family}
    return {int(row[0]): int(row[2]) // 1024 for row in rows if int(row[0]) in family}


def senders(base: str, account: tuple[str, str] | None) -> list[tuple[Send, list[bytes]]]:
    """Eight who send, each with the files that he sends in turn."""
    makers = [*hostile_files.PICTURES.values(), *hostile_files.PAPERS.values()]
    files = [content for content in (maker() for maker in makers) if len(content) < 5_000_000]
    found = [(filer(base), files[at:] + files[:at]) for at in range(AT_ONCE)]
    if account:
        books = [maker() for maker in hostile_files.WORKBOOKS.values()]
        found[:2] = [(importer(base, account), books), (importer(base, account), books[::-1])]
    return found


def flood(base: str, seconds: int, account: tuple[str, str] | None) -> dict[str, object]:
    """Eight hostile files at once for so long, while the page is asked for all the time."""
    port, crowd = urlsplit(base).port or 80, senders(base, account)
    calm, before = asked(base, 200), web_processes(port)
    answers, stop, most, end = Counter[int](), Event(), 0, time.monotonic() + seconds
    with ThreadPoolExecutor(AT_ONCE + 1) as people:
        reading = people.submit(asked, base, 100_000, stop)
        for turn in count():
            sent = [people.submit(send, files[turn % len(files)]) for send, files in crowd]
            while wait(sent, timeout=0.5).not_done:
                most = max(most, sum(web_processes(port).values()))
            answers.update(one.result() for one in sent)
            if time.monotonic() > end:
                break
        stop.set()
        taken = reading.result()
    after = web_processes(port)
    died = set(before) - set(after)
    return {
        "calm median ms": round(statistics.median(calm), 1),
        "calm p95 ms": round(p95(calm), 1),
        "median ms under fire": round(statistics.median(taken), 1),
        "p95 ms under fire": round(p95(taken), 1),
        "times slower": round(p95(taken) / p95(calm), 1),
        "pages read": len(taken),
        "files sent": answers.total(),
        "answers": {str(status): number for status, number in answers.items()},
        "web processes MB": [sum(before.values()), most, sum(after.values())],
        "web processes that died": len(died),
        "kept": p95(taken) <= SLOWER * p95(calm) and most < MAX_MEMORY and not died,
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--account", help="name:password of the petition office, for workbooks")
    given = parser.parse_args()
    if urlsplit(given.base).hostname not in ("127.0.0.1", "localhost"):
        parser.error("only against this machine")
    name, _, password = (given.account or "").partition(":")
    found = flood(given.base, given.seconds, (name, password) if name else None)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0 if found["kept"] else 1


if __name__ == "__main__":
    sys.exit(main())
