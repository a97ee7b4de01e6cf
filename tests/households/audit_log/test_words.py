"""Whatever actions write into the audit log, the auditor reads in Chinese."""

import re
from pathlib import Path

from django.conf import settings

from households.audit_log.words import ACTIONS, KEYS, SUBJECTS

WRITTEN = re.compile(r'(?:audit\.(?:record|line)\(\s*[^"()]+,|_record\([^"()]+,|_note\()\s*"([a-z_]+\.[a-z_]+)"')
ROOMS = ("households", "scoring", "rewards", "petitions")


def actions_in_the_code() -> set[str]:
    root = Path(settings.BASE_DIR)
    sources = [path for room in ROOMS for path in (root / room).rglob("*.py")]
    return {name for path in sources for name in WRITTEN.findall(path.read_text(encoding="utf-8"))}


def test_search_finds_the_actions() -> None:
    assert {"account.create", "sheet.declare", "event.record", "scheme.publish"} <= actions_in_the_code()


def test_every_action_has_words() -> None:
    assert actions_in_the_code() - set(ACTIONS) == set()


def test_every_action_stands_under_a_heading() -> None:
    assert {action for action in ACTIONS if action.partition(".")[0] not in SUBJECTS} == set()


def test_words_are_chinese_and_told_apart() -> None:
    assert not any(words.isascii() for words in [*ACTIONS.values(), *KEYS.values()])
    assert len(set(ACTIONS.values())) == len(ACTIONS)
