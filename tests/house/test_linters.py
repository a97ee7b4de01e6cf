"""The linters of scripts and styles notice what an old browser does not know, and what a file may not do to other pages."""

import re
import subprocess
from collections import Counter

import pytest
from django.conf import settings

from dongkou.layout import BASE_DIR
from dongkou.statics import VENDOR
from script.run_checks import CHECKS

# In the staff's frame, which is a page of its own.
STAFFS_OWN = {"css/frame.css", "css/staff.css", "css/top_bar.css"}
SCRIPT = """
const last = [1].at(-1) || "a".replaceAll("a", "b");
document.body.replaceChildren(structuredClone(last), nowhere);
"""


def complaints(check: str, name: str, text: str) -> Counter[str]:
    """Rules that a file of this name and text would break."""
    *command, _files = CHECKS[check]
    given = (
        ["--stdin", "--stdin-filename", name]
        if check == "eslint"
        else ["--stdin-filename", name, "--formatter", "unix"]
    )
    done = subprocess.run([*command, *given], cwd=BASE_DIR, input=text, capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr
    return Counter(re.findall(r"\s([a-z-]+/[a-z-]+|[a-z]+(?:-[a-z]+)+)$", told, re.MULTILINE)) or Counter(
        re.findall(r"\(([a-z/-]+)\)", told)
    )


def test_script_for_newer_browsers_is_noticed() -> None:
    broken = complaints("eslint", "static/js/planted.js", SCRIPT)
    assert broken["no-restricted-syntax"] == 3
    assert broken["compat/compat"] >= 1 and broken["no-undef"] == 1


def test_syntax_for_newer_browsers_cannot_be_read() -> None:
    told = subprocess.run(
        [*CHECKS["eslint"][:-1], "--stdin", "--stdin-filename", "static/js/planted.js"],
        cwd=BASE_DIR,
        input="let a;\na ??= 1;\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1 and "Parsing error" in told.stdout


def served(kind: str) -> dict[str, str]:
    """The files of this kind that are served as the packages publish them."""
    files = [settings.NODE_MODULES / folder / name for folder, names in VENDOR.values() for name in names]
    return {file.name: file.read_text("utf-8") for file in files if file.suffix == kind}


def test_styles_of_packages_are_for_the_browsers_of_staff() -> None:
    """A newer release of Tabler mixes its colours in the browser: cards without a ground, selects without an arrow."""
    told = {name: complaints("stylelint", "static/css/planted.css", text) for name, text in served(".css").items()}
    newer = ("plugin/no-unsupported-browser-features", "function-disallowed-list")
    # The one rule with :has() only leaves the line away below a link that is an icon.
    assert {name: [rules[rule] for rule in newer] for name, rules in told.items()} == {"tabler.min.css": [1, 0]}


def test_scripts_of_packages_can_be_read_by_the_browsers_of_the_field() -> None:
    scripts = served(".js") | {"planted": "a ??= 1"}
    parse = [BASE_DIR / "node_modules/.bin/acorn", "--ecma2020", "--silent"]
    broken = [
        name
        for name, text in scripts.items()
        if subprocess.run(parse, input=text, text=True, capture_output=True, check=False).returncode
    ]
    assert broken == ["planted"] and len(scripts) == 4


@pytest.mark.parametrize(
    ("name", "text", "rules"),
    [
        (
            "public.css",
            ".a { display: flex; gap: 1rem; } .b:has(b) { color: red; }",
            {"plugin/no-unsupported-browser-features": 2},
        ),
        (
            "rewards/shop.css",
            ".a:is(b, i) { color: color-mix(in srgb, red, blue); } .d { aspect-ratio: 1; }",
            {"selector-pseudo-class-disallowed-list": 1, "function-disallowed-list": 1, "property-disallowed-list": 1},
        ),
        (
            "scoring/sheets.css",
            ".a { margin-inline: 1rem; } .b { color: red !important; }",
            {"property-disallowed-list": 1, "declaration-no-important": 1},
        ),
        (
            "scoring/reviews.css",
            ".a:has(b) { color: #b3261e; align-items: end; } main p > a { display: flex; gap: 1rem; }",
            {
                "plugin/no-unsupported-browser-features": 1,
                "color-no-hex": 1,
                "selector-disallowed-list": 1,
                "declaration-property-value-disallowed-list": 1,
            },
        ),
    ],
)
def test_style_out_of_order_is_noticed(name: str, text: str, rules: dict[str, int]) -> None:
    """Flexible gaps are for staff, whose browsers are a year newer."""
    assert complaints("stylelint", f"static/css/{name}", text + "\n") == rules


def test_styles_of_villagers_and_the_field_are_held_to_their_browsers() -> None:
    """Every style that a page outside the staff's frame loads, and those of the pages that are taken along."""
    pages = [page.read_text() for page in (BASE_DIR / "templates").rglob("*.html")]
    open_to_all = [text for text in pages if "<!doctype html>" in text or 'extends "base_public.html"' in text]
    loaded = {sheet for text in open_to_all for sheet in re.findall(r"static '(css/[^']+)'", text)}
    [listed] = re.findall(r"const FIELD = \[(.*?)\];", (BASE_DIR / "stylelint.config.mjs").read_text(), re.DOTALL)
    held = [
        file.relative_to(BASE_DIR / "static")
        for glob in re.findall(r'"([^"]+)"', listed)
        for file in BASE_DIR.glob(glob)
    ]
    assert len(loaded) > 5 and sorted(loaded - {str(file) for file in held} - STAFFS_OWN) == []
