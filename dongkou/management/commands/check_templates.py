"""``manage.py check_templates``: every template compiles and every icon it names exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError, engines

from dongkou.templatetags.icons import drawing

ICON = re.compile(r'{%\s*icon\s+"([^"]*)"')


class Command(BaseCommand):
    """Compile all of ``templates/``."""

    help = "检查模板能否编译，图标是否存在。"

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
        for name in ICON.findall(path.read_text(encoding="utf-8")):
            drawing(name)
    except (TemplateSyntaxError, UnicodeDecodeError) as fault:
        yield str(fault)
