"""Keys that an input method is using are no keys of ours."""

import re

from dongkou.layout import BASE_DIR

SCRIPTS = BASE_DIR / "static/js"
LISTENS = re.compile(r"addEventListener\(\s*[\"'`]key\w+|\bonkey\w+|\bkey(?:down|up|press)\s*:")


def test_every_key_is_heard_through_the_one_door() -> None:
    """`onKey` of dom.js is deaf while an input method composes."""
    found = {path.name: len(LISTENS.findall(path.read_text(encoding="utf-8"))) for path in SCRIPTS.rglob("*.js")}
    assert {name: number for name, number in found.items() if number} == {"dom.js": 1}
