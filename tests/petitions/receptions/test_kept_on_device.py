"""What the page for records keeps on a device: sealed, thrown away in time, and gone when its reader leaves; in Chromium."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browsing import enter
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STAGE = """
  const { ReceptionStore, KEEP_DAYS } = await import("/static/js/reception_store.js");
  const { Seal } = await import("/static/js/kept_seal.js");
  const db = await window.idb.openDB("dongkou-receptions");
  const store = await ReceptionStore.of("7", "wang");
  const item = (id, words) => ({ op: { op_id: id, note: words, words: {} }, base: 0, state: "waiting", reason: "", made: 1 });
  const count = async () => {
    const found = {};
    for (const name of db.objectStoreNames) found[name] = await db.count(name);
    return found;
  };
  const aged = async (name, days) => {
    for (const row of await db.getAll(name)) await db.put(name, { ...row, kept: Date.now() - days * 86400000 });
  };
"""


@pytest.fixture
def play(live_site: str, browser_page: Callable[..., Any]) -> Callable[[str], Any]:
    """Run a scene with a `store` on a device; returns what it returns."""
    page = browser_page(360)
    page.goto("/rules/")
    page.add_script_tag(url="/static/vendor/idb/umd.js")
    page.evaluate(
        "import('/static/js/reception_store.js').then(({ ReceptionStore }) => ReceptionStore.of('7', 'wang'))"
    )

    def run(scene: str) -> Any:
        return page.evaluate(f"async () => {{ {STAGE} {scene} }}")

    run.page = page  # type: ignore[attr-defined]
    return run


def test_record_is_kept_sealed_and_comes_back_whole(play: Any) -> None:
    scene = """await store.put(item("a", "停电损失")); const [row] = await db.getAll("ops");
      return [Object.keys(row).sort(), new TextDecoder().decode(row.sealed).includes("停电"), (await store.all())[0].op.note];"""
    assert play(scene) == [["iv", "made", "op", "reception", "sealed", "user"], False, "停电损失"]


def test_key_is_the_users_own_and_the_same_in_every_tab(play: Any) -> None:
    scene = """await store.put(item("a", "停电损失"));
      const [again, other] = [await ReceptionStore.of("7", "wang"), await ReceptionStore.of("7", "li")];
      const row = await db.get("ops", "a");
      return [(await again.all()).length, (await other.all()).length, await other.ofOthers(), await other.seal.open(row)];"""
    assert play(scene) == [1, 0, 1, None]


def test_key_cannot_be_taken_out(play: Any) -> None:
    scene = """const { key } = await db.get("keys", "wang");
      return [key.extractable, await crypto.subtle.exportKey("raw", key).catch(() => "refused")];"""
    assert play(scene) == [False, "refused"]


def test_records_of_another_reception_stay_apart(play: Any) -> None:
    scene = """const next = await ReceptionStore.of("8", "wang"); await store.put(item("a", "一")); await next.put(item("b", "二"));
      return [(await store.all()).map((one) => one.op.op_id), (await next.all()).map((one) => one.op.op_id)];"""
    assert play(scene) == [["a"], ["b"]]


def test_answered_record_moves_to_the_log_with_its_answer(play: Any) -> None:
    scene = """const done = { ...item("a", "一"), result: { status: "applied", code: "ABCDE" } };
      await store.put(done); await store.remove("a", done); await store.remove("a", done);
      return [(await store.all()).length, (await store.log()).map((line) => line.result.code)];"""
    assert play(scene) == [0, ["ABCDE"]]


def test_what_lay_too_long_is_thrown_away_but_never_a_record(play: Any) -> None:
    scene = """await store.put(item("a", "一")); await store.keepPackage({ cases: [] }); await store.keepDraft("new", { note: "二" });
      await store.sweep(); const before = await count();
      await aged("packages", KEEP_DAYS + 1); await aged("drafts", KEEP_DAYS + 1); await store.sweep();
      const { ops, packages, drafts } = await count(); return [before.packages, before.drafts, ops, packages, drafts];"""
    assert play(scene) == [1, 1, 1, 0, 0]


def test_package_and_draft_come_back(play: Any) -> None:
    scene = """await store.keepPackage({ cases: [1] }); await store.keepDraft("n-1", { note: "写到一半" });
      const read = [await store.readPackage(), await store.readDraft("n-1"), await store.readDraft("n-2")];
      await store.dropDraft("n-1"); return [...read, await store.readDraft("n-1")];"""
    assert play(scene) == [{"cases": [1]}, {"note": "写到一半"}, None, None]


@pytest.mark.parametrize(("waiting", "keys"), [(1, 1), (0, 0)])
def test_leaving_clears_what_was_read_and_the_key_when_nothing_waits(play: Any, waiting: int, keys: int) -> None:
    scene = f"""if ({waiting}) await store.put(item("a", "一")); await store.keepPackage({{ cases: [1] }});
      const {{ forget }} = await import("/static/js/kept_leave.js"); await forget();
      const left = await count(); return [left.ops, left.packages, left.keys];"""
    assert play(scene) == [waiting, 0, keys]


def test_any_page_clears_what_lay_too_long(play: Any) -> None:
    page = play.page
    enter(page, build(), "petition_office")
    play(
        "await store.keepPackage({ cases: [1] }); localStorage.setItem('dongkou-kept', '{\"unsent\": 0, \"until\": 1}');"
    )
    page.goto("/petitions/")
    page.add_script_tag(url="/static/vendor/idb/umd.js")
    page.wait_for_function(
        "async () => !(await (await window.idb.openDB('dongkou-receptions')).count('packages').catch(() => 1))"
    )
