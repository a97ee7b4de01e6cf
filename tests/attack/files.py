"""Files that cost their opener much, sent by strangers and by whoever imports lists, while somebody else reads a page."""

import random

from households.roles import Role
from tests.attack.flood import MAX_MEMORY, SLOWER, flood
from tests.attack.visitor import Figure, Target

BUSY = "503"  # more files at once than are opened: their senders keep their words and come again


def files(target: Target, _rng: random.Random, seconds: float) -> list[Figure]:
    """Eight at once for so long; a stranger's page must go on, and no process die or grow."""
    office = next((one.name for one in target.people if one.role is Role.PETITION_OFFICE), "")
    account = (office, target.passwords[office]) if office in target.passwords else None
    found = flood(target.base, max(1, int(seconds)), account)
    broken = [
        f"{said}: {number}"
        for said, number in found["answers"].items()
        if not said.isdecimal() or (int(said) >= 500 and said != BUSY)
    ]
    grown = [f"{found['web processes MB'][1]} MB"] if found["web processes MB"][1] >= MAX_MEMORY else []
    died = [f"{found['web processes that died']} died"] if found["web processes that died"] else []
    slow = f"{found['times slower']} times slower"
    return [
        Figure("hostile pictures, PDFs and workbooks, eight at once", found["files sent"], [*broken, *grown, *died]),
        Figure("pages read meanwhile", found["pages read"], [slow] if found["times slower"] > SLOWER else []),
    ]
