"""A county behind nginx as it is shipped: strangers who guess, bodies that never end, and whoever is right is served meanwhile."""

import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from script import run_tests
from tests.attack.visitor import Figure
from tests.dongkou.setup.proxies import HOST, NoForm, Proxy, Visitor
from tests.waiting import PAUSE

STRANGERS, GUESSES, SLOW, FILERS = 30, 72, 16, 3
AT_ONCE = 8
TRIES, AGAIN = 3, "请过几秒再按一次"
SIGN_IN, NEW = "/accounts/sign-in/", "/petitions/new/"
BEHIND = {"DONGKOU_HTTPS": "1", "DONGKOU_HOSTS": HOST, "DONGKOU_TRUSTED_PROXIES": "127.0.0.1"}
_PLACE = re.compile(r'<option value="(\d{12})"')
_KNOWN = "dongkou_known"

Doors = Sequence[tuple[str, str]]


@contextmanager
def nginx(base: str) -> Iterator[int]:
    """The port of an nginx of our own before the instance, whose settings are BEHIND."""
    if not run_tests.proxy("nginx"):
        run_tests.unpack("nginx")
    with tempfile.TemporaryDirectory(prefix="dongkou-nginx-") as folder:
        Path(folder).chmod(0o755)
        proxy = Proxy("nginx", Path(folder), urlsplit(base).port or 80)
        try:
            yield proxy.port
        finally:
            proxy.end()


def scene(port: int, doors: Doors, passwords: Mapping[str, str], rng: random.Random) -> list[Figure]:
    """Households came before; then all the guesses and bodies at once, and everybody who is right while the bodies still hang.

    A plate that is still under the PIN on paper knows no browser: it waits, or its village unlocks it (ADR 25).
    """
    came = [(path, pin, _came_before(port, path, pin, at)) for at, (path, pin) in enumerate(doors)]
    homes = [(path, pin, phone) for path, pin, phone in came if phone.cookies]
    with ExitStack() as lines, ThreadPoolExecutor(AT_ONCE) as threads:
        for at in range(SLOW):
            lines.enter_context(Visitor(port, f"127.0.1.{at + 1}").begin_to_post(NEW))
        pins = _wrong_pins(port, doors, rng, threads)
        words = _wrong_passwords(port, passwords, rng, threads)
        served = Figure("households, filers and officers behind nginx meanwhile, shut out")
        for fault in threads.map(lambda served: served(), _right_ones(port, homes, passwords)):
            served.note(fault)
    return [pins, words, Figure("bodies that never end, behind nginx", SLOW), served]


def _came_before(port: int, path: str, pin: str, at: int) -> Visitor:
    """A household's phone: the plate knows it, its session is over."""
    visitor = Visitor(port, f"127.0.3.{at + 1}")
    visitor.post(path, pin=pin)
    for name in [name for name in visitor.cookies if not name.endswith(_KNOWN)]:
        del visitor.cookies[name]
    return visitor


def _wrong_pins(port: int, doors: Doors, rng: random.Random, threads: ThreadPoolExecutor) -> Figure:
    """Each stranger from an address of his own, at the plates in turn: more a plate than it takes."""
    figure = Figure("wrong PINs of strangers behind nginx")

    def guess(tried: tuple[int, tuple[str, str]]) -> str:
        number, (path, pin) = tried
        wrong = f"{(int(pin) + rng.randrange(1, 10**6)) % 10**6:06d}"
        try:
            status, _text = Visitor(port, f"127.0.2.{number + 1}").post(path, pin=wrong)
        except NoForm:  # the plate is locked for whom it does not know
            return ""
        return f"{status} {path}" if status < 400 or status >= 500 else ""

    for fault in threads.map(guess, enumerate(islice(cycle(doors), STRANGERS))):
        figure.note(fault)
    return figure


def _wrong_passwords(
    port: int, passwords: Mapping[str, str], rng: random.Random, threads: ThreadPoolExecutor
) -> Figure:
    """All from one address: more for each account than it takes from there."""
    figure = Figure("wrong passwords behind nginx")

    def guess(name: str) -> str:
        status, _text = Visitor(port, "127.0.2.200").post(
            SIGN_IN, username=name, password=f"Wrong-{rng.getrandbits(40):x}"
        )
        return f"{status} {name}" if status == 302 or status >= 500 else ""

    for fault in threads.map(guess, islice(cycle(passwords), GUESSES)):
        figure.note(fault)
    return figure


class Served:
    """Somebody who is right and sends a form; called, what is wrong about the answer."""

    def __init__(self, who: str, visitor: Visitor, path: str, fields: Mapping[str, str]) -> None:
        self.who, self.visitor, self.path, self.fields = who, visitor, path, dict(fields)

    def __call__(self) -> str:
        if self.path == NEW:
            self.fields |= {"content": "appeal", "title": "路灯坏了", "text": "路灯坏了两个月。", "op_id": str(uuid4())}
            self.fields["place"] = _PLACE.findall(self.visitor.get(NEW)[1])[0]
        for _ in range(TRIES):
            try:
                status, text = self.visitor.post(self.path, **self.fields)
            except NoForm:
                return f"{self.who} finds no form"
            if status == 302 or AGAIN not in text:
                break
            PAUSE.wait(1)  # as the page asks: few passwords are looked at together
        return "" if status == 302 else f"{self.who} {status}"


def _right_ones(port: int, homes: list[tuple[str, str, Visitor]], passwords: Mapping[str, str]) -> list[Served]:
    return [
        *(Served("household", home, path, {"pin": pin}) for path, pin, home in homes),
        *(
            Served(name, Visitor(port, f"127.0.4.{at + 1}"), SIGN_IN, {"username": name, "password": password})
            for at, (name, password) in enumerate(passwords.items())
        ),
        *(Served("filer", Visitor(port, f"127.0.5.{at + 1}"), NEW, {}) for at in range(FILERS)),
    ]
