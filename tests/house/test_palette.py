"""One palette: each meaning has one colour, and text in it can be read on every ground it stands on."""

import re

import pytest

from dongkou.layout import BASE_DIR

STYLES = BASE_DIR / "static/css"
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})\b", (STYLES / "tokens.css").read_text()))
USED = {name for path in STYLES.rglob("*.css") for name in re.findall(r"var\(--([a-z0-9-]+)\)", path.read_text())}
GIVEN = {name for path in STYLES.rglob("*.css") for name in re.findall(r"(?<![\w-])--([a-z0-9-]+):", path.read_text())}
GROUNDS = ("white", "ground", "paper", "faint")
PAIRS = [(text, ground) for text in ("ink", "quiet", "brand", "good", "bad", "warn", "info") for ground in GROUNDS] + [
    *(("ink", f"{name}-tint") for name in ("brand", "good", "bad", "warn", "info", "grey")),
    *((name, f"{name}-tint") for name in ("brand", "good", "bad", "warn", "info")),
    ("quiet", "brand-tint"),
    ("quiet", "warn-tint"),
    ("white", "brand"),
    ("white", "brand-deep"),
    ("white", "settled"),
]


def light(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=lambda name: name)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    darker, lighter = sorted((light(TOKENS[text]), light(TOKENS[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_every_token_is_given_and_used() -> None:
    drawn = (BASE_DIR / "static/js/petitions/board/board.js").read_text()
    assert {name for name in USED - GIVEN if not name.startswith("tblr-")} == set()
    assert {name for name in TOKENS if name not in USED and f'"{name}"' not in drawn} == set()


def test_numbers_that_the_framework_wants_are_the_palettes() -> None:
    staff = (STYLES / "staff.css").read_text()
    for name, token in (
        ("primary", "brand"),
        ("link-color", "brand"),
        ("link-hover-color", "brand-deep"),
        ("danger", "bad"),
    ):
        numbers = re.search(rf"--tblr-{name}-rgb: ([\d, ]+);", staff)
        assert numbers and "#" + "".join(f"{int(each):02x}" for each in numbers[1].split(",")) == TOKENS[token]
