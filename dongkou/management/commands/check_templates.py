"""``manage.py check_templates``: every template compiles, every icon it names exists, and it keeps to the rules of the house.

A rule about who may do what, or what a state means, has its place in Python: a template is told the answer.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError, engines

from dongkou.templatetags.icons import drawing

ICON = re.compile(r'{%\s*icon\s+"([^"]*)"')
WIDEST = 120  # columns; a Chinese character takes two
# What pages call their own parts: the tab that is open, the field of a form, the column that sorts.
OF_PAGES = r"(?:(?:board\.sort|field\.name|field\.widget_type|here|how|only|step\.where|tab|where)\s*[!=]=)"
RULES = (
    (
        re.compile(r"{%\s*(?:el)?if\b[^%]*\brole\s*(?:[!=]=|in\b|not\s+in\b)"),
        "compares a role; ask for a permission in Python",
    ),
    (
        re.compile(r"""{%\s*(?:el)?if\b[^%]*\bin\s+["']"""),
        "looks for a word inside a string; name the states in Python",
    ),
    (re.compile(r'name="op_id"'), "writes op_id by hand; use {% once_form %}"),
    (
        re.compile(r"""{%\s*(?:el)?if\b(?:[^%]*[\s(])?(?!""" + OF_PAGES + r""")[\w.|]+\s*[!=]=\s*["']"""),
        "compares a value with a word; ask for the meaning in Python",
    ),
    (
        re.compile(r"""{%\s*(?:el)?if\b[^%]*["']\s*[!=]=\s*[\w.]+"""),
        "compares a word with a value; ask for the meaning in Python",
    ),
)


class Command(BaseCommand):
    """Compile all of ``templates/``."""

    help = "检查模板能否编译，图标是否存在，写法是否合乎规矩。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Name every template at fault; CommandError if there is one."""
        folder = Path(settings.BASE_DIR) / "templates"
        faults = [f"{path}: {fault}" for path in sorted(folder.rglob("*.*")) for fault in faults_of(folder, path)]
        if faults:
            raise CommandError("\n".join(faults))


def faults_of(folder: Path, path: Path) -> Iterator[str]:
    """What is wrong with one template."""
    try:
        engines["django"].get_template(str(path.relative_to(folder)))
        text = path.read_text(encoding="utf-8")
        for name in ICON.findall(text):
            drawing(name)
    except (TemplateSyntaxError, UnicodeDecodeError) as fault:
        yield str(fault)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if path.suffix == ".html":  # a line of a letter is a paragraph of it
            yield from (f"line {number}: {fault}" for fault in _too_wide(line))
        yield from (f"line {number}: {fault}" for pattern, fault in RULES if pattern.search(line))


def _too_wide(line: str) -> Iterator[str]:
    columns = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)
    if columns > WIDEST:
        yield f"{columns} columns; join shorter lines with {{% joined %}}"
