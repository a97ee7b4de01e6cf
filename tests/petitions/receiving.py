"""A device on which a reception is written down, driven the way the petition office does it."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from households.roles import Role
from petitions.models import Petition, Reception
from tests.browsing import enter
from tests.petitions.desk import LYJ, Desk

READY, STORED = "#record[data-ready]", "#record[data-stored=yes]"


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


class Device:
    """One tablet with the record page open, everything stored for the time without a line."""

    def __init__(self, page: Any, desk: Desk, reception: Reception) -> None:
        self.page, self.reception = page, reception
        enter(page, desk.world, Role.PETITION_OFFICE)
        self.open()
        page.wait_for_selector(STORED)

    def open(self) -> None:
        self.page.goto(reverse("reception-record", args=[self.reception.pk]))
        self.page.wait_for_selector(READY)

    def killed(self) -> None:
        """The tab dies and is opened again."""
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.open()

    def offline(self, off: bool = True) -> None:
        self.page.context.set_offline(off)
        self.page.wait_for_selector("#state .mark-off" if off else "#state .mark-on")

    def choose(self, petition: Petition | None = None) -> None:
        """A case from the list, or a new matter; its form is open then."""
        self.page.click(f"[data-number='{petition.number}']" if petition else "#new")
        self.page.wait_for_selector("#case")

    def say(self, outcome: str, **fields: str) -> None:
        """Fill the form: the outcome, and fields by their ids."""
        self.page.check(f"input[name=outcome][value={outcome}]")
        for name, text in fields.items():
            field = self.page.locator(f"#{name.replace('_', '-')}")
            if field.get_attribute("role") == "combobox":
                self.find(field, text)
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)

    def find(self, box: Any, value: str) -> None:
        """Choose in a searched list, by the words of the one with this value."""
        select = self.page.locator(f"#{box.get_attribute('id')}-plain")
        box.fill(select.locator(f"option[value='{value}']").inner_text())
        box.press("Enter")
        assert select.input_value() == value

    def promise(self, what: str, days: int = 10, person: str = "陈股长", **fields: str) -> None:
        promised = {"promise_what": what, "promise_unit": LYJ, "promise_person": person, "promise_due": in_days(days)}
        self.say("promise", **promised | fields)

    def save(self, *, done: bool = True) -> str:
        """Press 记下; what the page says then."""
        self.page.click("#save")
        where = "#done:not(:empty)" if done else "#trouble:not([hidden])"
        self.page.wait_for_selector(where)
        return str(self.page.inner_text(where))

    def lines(self) -> list[str]:
        """Where each record of this device is, newest first."""
        return list(self.page.locator("#log .mark").all_inner_texts())

    def wait_for(self, state: str, number: int = 1) -> None:
        """Until so many records are in this state: stored, sent or trouble."""
        self.page.wait_for_function(
            "([state, number]) => document.querySelectorAll(`#log [data-state=${state}]`).length === number",
            arg=[state, number],
        )

    def wait_for_draft(self) -> None:
        """Until what is being typed lies on the device."""
        self.page.wait_for_selector("#record[data-draft=stored]")

    def stored(self) -> dict[str, int]:
        """How many rows lie in each store of the device."""
        return dict(self.page.evaluate(COUNTS))

    def readable(self) -> str:
        """Whatever of the device's database can be read as it lies there."""
        return str(self.page.evaluate(READABLE))


_OPEN = """const asked = indexedDB.open("dongkou-receptions");
  const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
  const db = await done(asked); const all = [...db.objectStoreNames]; const change = db.transaction(all);"""
COUNTS = f"""async () => {{ {_OPEN} const found = {{}};
  for (const name of all) found[name] = await done(change.objectStore(name).count());
  db.close(); return found; }}"""
READABLE = f"""async () => {{ {_OPEN} const rows = [];
  for (const name of all) rows.push(...await done(change.objectStore(name).getAll()));
  db.close();
  const text = (value) => new TextDecoder().decode(value);
  return JSON.stringify(rows) + rows.map((row) => (row.sealed ? text(row.sealed) : "")).join(""); }}"""
