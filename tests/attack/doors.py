"""Strangers who guess: PINs, follow codes and passwords. Their limits must come, and shut nobody else out."""

import random
from concurrent.futures import ThreadPoolExecutor

from tests.attack.visitor import Figure, Target, Visitor

FOLLOW, SIGN_IN = "/petitions/follow/", "/accounts/sign-in/"
GUESSES = 40  # more than an address may make in ten minutes
AT_ONCE = 8


def doors(target: Target, rng: random.Random, seconds: float) -> list[Figure]:
    """Each door in turn; then everybody who is right is let in."""
    figures = [_codes(target, rng)]
    if target.doors:
        figures.append(_pins(target, rng))
    if target.passwords:
        figures.append(_passwords(target, rng))
    figures.append(_served(target))
    return figures


def _guessed(attack: str, guesses: list[tuple[Visitor, str, dict[str, str]]], inside: str) -> Figure:
    """Send the forms, some at once; a page that says `inside` was opened by a guess."""
    figure = Figure(attack)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for answer in threads.map(lambda guess: guess[0].form(guess[1], guess[2]), guesses):
            opened = answer.status in (200, 302) and (answer.status == 302 or inside in answer.text)
            figure.note(f"{answer.status} {answer.location}" if opened or answer.status >= 500 else "")
    return figure


def _codes(target: Target, rng: random.Random) -> Figure:
    forms = [{"number": "430525-2026-000001", "code": f"{rng.getrandbits(40):010X}"} for _ in range(GUESSES)]
    return _guessed("wrong follow codes", [(target.nobody(), FOLLOW, form) for form in forms], "补充情况")


def _pins(target: Target, rng: random.Random) -> Figure:
    """Two guesses a plate: its own limit must not be what holds."""
    right = dict(target.doors)
    guesses = [(path, f"{rng.randrange(10**6):06d}") for path in right for _ in range(2)]
    forms = [(target.nobody(), path, {"pin": pin}) for path, pin in guesses if pin != right[path]]
    return _guessed("wrong PINs of plates", forms, "退出")


def _passwords(target: Target, rng: random.Random) -> Figure:
    names = [name for name in target.passwords for _ in range(2)]
    forms = [{"username": name, "password": f"Wrong-{rng.getrandbits(40):x}"} for name in names]
    return _guessed("wrong passwords", [(target.nobody(), SIGN_IN, form) for form in forms], "退出登录")


def _served(target: Target) -> Figure:
    """After all the guesses, from the same address."""
    figure = Figure("right PINs and passwords after the guesses, shut out")
    for path, pin in target.doors:
        figure.note("" if target.nobody().form(path, {"pin": pin}).status in (200, 302) else path)
    for name, password in target.passwords.items():
        came = target.nobody().form(SIGN_IN, {"username": name, "password": password}).status == 302
        figure.note("" if came else name)
    return figure
