"""What a page stores sealed on a device: unreadable, thrown away in time, and gone when its reader leaves; in Chromium."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browsing import enter
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAYS = 7
STAGE = f"""
  const {{ SealedStore }} = await import("/static/js/offline_store.js");
  const {{ Seal }} = await import("/static/js/offline_seal.js");
  const {{ mark, marks }} = await import("/static/js/offline_mark.js");
  const {{ forget }} = await import("/static/js/offline_leave.js");
  const open = (book, user) =>
    SealedStore.of({{ database: "dongkou-things", by: "thing", book, user, days: {DAYS}, what: "记录" }});
  const store = await open("7", "wang");
  const db = await store.database();
  const item = (id, words) => ({{ op: {{ op_id: id, note: words, words: {{}} }}, base: 0, state: "waiting", reason: "", made: 1 }});
  const count = async () => {{
    const found = {{}};
    for (const name of db.objectStoreNames) found[name] = await db.count(name);
    return found;
  }};
  const aged = async (name, days, field = "stored") => {{
    for (const {{ stored, ...row }} of await db.getAll(name)) await db.put(name, {{ ...row, [field]: Date.now() - days * 86400000 }});
  }};
"""
COUNT = """async (name) => {
  const db = await window.idb.openDB("dongkou-things");
  const number = await db.count(name);
  db.close();
  return number === 0;
}"""


@pytest.fixture
def play(live_site: str, browser_page: Callable[..., Any]) -> Callable[[str], Any]:
    """Run a scene with a `store` on a device; returns what it returns."""
    page = browser_page(360)
    page.goto("/rules/")
    page.add_script_tag(url="/static/vendor/idb/umd.js")

    def run(scene: str) -> Any:
        return page.evaluate(f"async () => {{ {STAGE} {scene} }}")

    run.page = page  # type: ignore[attr-defined]
    return run


def test_operation_lies_sealed_and_comes_back_whole(play: Any) -> None:
    scene = """await store.put(item("a", "停电损失")); const [row] = await db.getAll("ops");
      return [Object.keys(row).sort(), new TextDecoder().decode(row.sealed).includes("停电"), (await store.all())[0].op.note];"""
    assert play(scene) == [["iv", "made", "op", "sealed", "thing", "user"], False, "停电损失"]


def test_key_is_the_users_own_and_the_same_in_every_tab(play: Any) -> None:
    scene = """await store.put(item("a", "停电损失"));
      const [again, other] = [await open("7", "wang"), await open("7", "li")];
      const row = await db.get("ops", "a");
      return [(await again.all()).length, (await other.all()).length, await other.ofOthers(), await other.open(row)];"""
    assert play(scene) == [1, 0, 1, None]


def test_key_cannot_be_taken_out(play: Any) -> None:
    scene = """const { key } = await db.get("keys", "wang");
      return [key.extractable, await crypto.subtle.exportKey("raw", key).catch(() => "refused")];"""
    assert play(scene) == [False, "refused"]


def test_operations_of_another_book_stay_apart(play: Any) -> None:
    scene = """const next = await open("8", "wang"); await store.put(item("a", "一")); await next.put(item("b", "二"));
      return [(await store.all()).map((one) => one.op.op_id), (await next.all()).map((one) => one.op.op_id)];"""
    assert play(scene) == [["a"], ["b"]]


def test_answered_operation_moves_to_the_log_with_its_answer(play: Any) -> None:
    scene = """const done = { ...item("a", "一"), result: { status: "applied", code: "ABCDE" } };
      await store.put(done); await store.remove("a", done); await store.remove("a", done);
      return [(await store.all()).length, (await store.log()).map((line) => line.result.code)];"""
    assert play(scene) == [0, ["ABCDE"]]


@pytest.mark.parametrize("field", ["stored", "kept"])  # the field's older name: devices hold such rows
def test_what_lay_too_long_is_thrown_away_but_never_an_operation(play: Any, field: str) -> None:
    scene = f"""await store.put(item("a", "一")); await store.storePackage({{ a: [] }}); await store.storeDraft("new", {{ note: "二" }});
      await aged("packages", {DAYS - 1}, "{field}"); await aged("drafts", {DAYS - 1}, "{field}"); await store.sweep();
      const before = await count();
      await aged("packages", {DAYS + 1}, "{field}"); await aged("drafts", {DAYS + 1}, "{field}"); await store.sweep();
      const {{ ops, packages, drafts }} = await count(); return [before.packages, before.drafts, ops, packages, drafts];"""
    assert play(scene) == [1, 1, 1, 0, 0]


def test_package_and_draft_come_back(play: Any) -> None:
    scene = """await store.storePackage({ cases: [1] }); await store.storeDraft("n-1", { note: "写到一半" });
      const read = [await store.readPackage(), await store.readDraft("n-1"), await store.readDraft("n-2")];
      await store.dropDraft("n-1"); return [...read, await store.readDraft("n-1")];"""
    assert play(scene) == [{"cases": [1]}, {"note": "写到一半"}, None, None]


@pytest.mark.parametrize(("waiting", "keys"), [(1, 1), (0, 0)])
def test_leaving_clears_what_was_read_and_the_key_when_nothing_waits(play: Any, waiting: int, keys: int) -> None:
    scene = f"""if ({waiting}) await store.put(item("a", "一")); await store.storePackage({{ cases: [1] }}); await store.mark();
      await forget(() => true);
      const left = await count(); return [left.ops, left.packages, left.keys, Object.values(marks()).map((said) => said.unsent)];"""
    assert play(scene) == [waiting, 0, keys, [1] if waiting else []]


def test_each_database_is_marked_and_cleared_by_itself(play: Any) -> None:
    scene = """const theirs = { database: "dongkou-others", by: "other", book: "1", user: "wang", days: 1, what: "台账" };
      const other = await SealedStore.of(theirs);
      await other.storePackage({ cases: [2] }); await other.mark();
      await store.storePackage({ cases: [1] }); mark("dongkou-things", { unsent: 0, until: 1, what: "记录" });
      await forget();
      return [await store.readPackage(), await other.readPackage(), Object.keys(marks())];"""
    assert play(scene) == [None, {"cases": [2]}, ["dongkou-others"]]


def test_mark_of_an_older_version_stands_for_every_sealed_database(play: Any) -> None:
    scene = """localStorage.setItem("dongkou-kept", JSON.stringify({ unsent: 1, until: 1 }));
      await store.put(item("a", "一")); await store.storePackage({ cases: [1] }); const before = Object.values(marks());
      await forget(); const { ops, packages, keys } = await count();
      return [before, ops, packages, keys, marks()["dongkou-things"].unsent];"""
    assert play(scene) == [[{"what": "记录", "unsent": 1, "until": 1}], 1, 0, 1, 1]


def test_what_an_older_version_wrote_is_still_there(play: Any) -> None:
    """Rows as they were sealed before fields were renamed: unsent records, a list and a draft."""
    scene = """const { recordStore } = await import("/static/js/petitions/receptions/record_store.js");
      const records = await recordStore("7", "wang"); const old = await records.database();
      const clear = ["id", "made", "ended", "kept", "user", "reception"];
      const [owner, kept] = [{ user: "wang", reception: "7" }, Date.now()];
      await old.put("ops", await records.seal.shut({ ...item("a", "一"), ...owner }, clear));
      await old.put("packages", await records.seal.shut({ id: "wang 7", user: "wang", kept, content: { cases: [1] } }, clear));
      await old.put("drafts", await records.seal.shut({ id: "wang 7 new", user: "wang", kept, fields: { note: "二" } }, clear));
      await records.sweep();
      return [(await records.all()).map((one) => one.op.note), await records.readPackage(), await records.readDraft("new")];"""
    assert play(scene) == [["一"], {"cases": [1]}, {"note": "二"}]


def test_any_page_clears_what_lay_too_long(play: Any) -> None:
    page = play.page
    enter(page, build(), "petition_office")
    play("await store.storePackage({ cases: [1] }); mark('dongkou-things', { unsent: 0, until: 1, what: '记录' });")
    page.goto("/petitions/")
    page.add_script_tag(url="/static/vendor/idb/umd.js")
    page.wait_for_function(COUNT, arg="packages")
