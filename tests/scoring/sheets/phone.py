"""A cadre's telephone with the sheet on it, in Chromium: it opens it, goes where there is no line, and dies."""

import re
from typing import Any

from playwright.sync_api import expect

from households.models import User
from households.roles import Role
from tests.scoring.sheets.sheet_browser import come, enter, record
from tests.world import MONTH, VILLAGE, World

STORED = "#sheet[data-stored=yes]"
PATH = f"/village/sheet/{MONTH}/"
CODES = [f"{VILLAGE}0{group}000{n}" for group, last in ((1, 5), (2, 3)) for n in range(1, last + 1)]


class Phone:
    """One device; whoever has signed in on it last works on it."""

    def __init__(self, page: Any, world: World, who: User | str = Role.CADRE, path: str = PATH) -> None:
        self.page, self.world, self.path = page, world, path
        self.open_as(who)

    def open_as(self, who: User | str) -> None:
        """Sign in and open the sheet, until everything lies on the device."""
        enter(self.page, self.world, who, self.path)
        self.page.wait_for_selector(STORED)

    def open(self) -> None:
        """Open the sheet as whoever is signed in, with a line or without."""
        self.page.goto(self.path)
        self.page.wait_for_selector("#sheet-list .sheet-group", state="attached")

    def come_as(self, who: User | str) -> None:
        come(self.page, self.world, who, self.path)

    def killed(self) -> None:
        """The browser dies in the middle of whatever it does, and is opened again."""
        context = self.page.context
        self.page.close(run_before_unload=False)
        self.page = context.new_page()
        self.open()

    def offline(self, off: bool = True) -> None:
        self.page.context.set_offline(off)
        self.page.wait_for_selector("#sheet-line .mark-off" if off else "#sheet-line .mark-on")

    def record(self, code: str, zero: str = "illegal_building", words: str = "搭棚、砌墙") -> None:
        record(self.page, code, zero, words)

    def record_ten(self) -> None:
        for code in CODES[:5]:
            self.record(code)
            self.record(code, "pollution", "往路边、水沟")

    def line(self) -> str:
        return str(self.page.inner_text("#sheet-line"))

    def says(self, words: str) -> None:
        """Wait until the line at the head says so."""
        expect(self.page.locator("#sheet-line")).to_contain_text(words, timeout=15_000)

    def all_arrived(self) -> None:
        """Wait until the line at the head says so of everything; what failed would be left out of 其余都已送到."""
        expect(self.page.locator("#sheet-line")).to_contain_text(re.compile("(?<!其余)都已送到"), timeout=15_000)

    def states(self) -> list[str]:
        """What each line of what is on its way says of itself, without its day."""
        small = self.page.locator("#sheet-list .sheet-line-queued small").all_inner_texts()
        return [text.split(" · ", 1)[1] for text in small]

    def each_says(self, words: str, number: int) -> None:
        """Wait until so many lines are on their way, and each says this."""
        lines = self.page.locator("#sheet-list .sheet-line-queued small")
        expect(lines).to_contain_text([words] * number, timeout=15_000)

    def wait_for_way(self) -> None:
        """Until what seals work for somebody to carry lies on the device."""
        self.page.wait_for_function(f"async () => (await ({COUNTS})()).drafts > 0")

    def readable(self) -> str:
        """Whatever of the device's database can be read as it lies there."""
        return str(self.page.evaluate(READABLE))

    def stored(self) -> dict[str, int]:
        """How many rows lie in each store of the device."""
        return dict(self.page.evaluate(COUNTS))


_OPEN = """const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
  const db = await done(indexedDB.open("dongkou-sheets")); const all = [...db.objectStoreNames]; const change = db.transaction(all);"""
COUNTS = f"""async () => {{ {_OPEN} const found = {{}};
  for (const name of all) found[name] = await done(change.objectStore(name).count());
  db.close(); return found; }}"""
READABLE = f"""async () => {{ {_OPEN} const rows = [];
  for (const name of all) rows.push(...await done(change.objectStore(name).getAll()));
  db.close();
  const text = (value) => new TextDecoder().decode(value);
  return JSON.stringify(rows) + rows.map((row) => (row.sealed ? text(row.sealed) : "")).join(""); }}"""
