"""What the counter stores on a phone: sealed, gone on signing out, and nothing of an older version is lost; in Chromium."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STAGE = """
  const { counterStore } = await import("/static/js/rewards/shop/counter_store.js");
  const { forget } = await import("/static/js/offline_leave.js");
  const { marks } = await import("/static/js/offline_mark.js");
  const village = "430726201201";
  const item = (id, user = "cadre") => ({
    op: { op_id: id, hand: true, signature: "data:image/png;base64,SIGNED", words: {} }, made: 1, state: "waiting", village, user });
  const raw = async (db) => {
    const rows = [];
    for (const name of ["ops", "log", "packages"]) rows.push(...await db.getAll(name));
    return rows.map((row) => JSON.stringify(row) + (row.sealed ? new TextDecoder().decode(row.sealed) : "")).join();
  };
  const older = () => window.idb.openDB("dongkou-counter", 1, { upgrade: (db) => {
    const stores = [["ops", "op.op_id"], ["log", "id"], ["packages", "village.code"]];
    for (const [name, keyPath] of stores) db.createObjectStore(name, { keyPath });
  } });
"""


@pytest.fixture
def play(live_site: str, browser_page: Callable[..., Any]) -> Callable[[str], Any]:
    """Run a scene on a phone that has an older version's database."""
    page = browser_page(360)
    page.goto("/rules/")
    page.add_script_tag(url="/static/vendor/idb/umd.js")
    return lambda scene: page.evaluate(f"async () => {{ {STAGE} {scene} }}")


def test_village_and_signature_lie_sealed(play: Any) -> None:
    scene = """const store = await counterStore(village, "cadre");
      await store.put(item("a")); await store.storePackage({ households: [{ name: "张*丰" }] });
      const text = await raw(await store.database());
      const [[{ op }], { households }] = [await store.all(), await store.readPackage()];
      return [text.includes("SIGNED"), text.includes("张"), op.lost, households[0].name];"""
    assert play(scene) == [False, False, True, "张*丰"]


def test_signing_out_clears_the_village_and_leaves_what_was_not_sent(play: Any) -> None:
    scene = """const store = await counterStore(village, "cadre");
      await store.put(item("a")); await store.storePackage({ households: [1] }); await store.mark();
      const said = Object.values(marks()).map(({ unsent, what }) => `${unsent} ${what}`);
      await forget(() => true);
      const again = await counterStore(village, "cadre");
      return [said, await again.readPackage(), (await again.all()).map(({ op }) => op.signature)];"""
    assert play(scene) == [["1 兑换记录"], None, ["data:image/png;base64,SIGNED"]]


def test_older_hand_overs_are_sealed_and_the_older_list_goes(play: Any) -> None:
    scene = """const old = await older(); await old.put("ops", item("a")); await old.put("ops", item("b", "other"));
      await old.put("packages", { village: { code: village }, user: "cadre", households: ["张*丰"] });
      await old.put("log", { id: "z", village, user: "cadre" });
      const store = await counterStore(village, "cadre");
      return [(await store.all()).map(({ op }) => op.op_id), (await raw(await store.database())).includes("SIGNED"),
        (await old.getAll("ops")).map(({ op }) => op.op_id), await old.count("packages"), await old.count("log")];"""
    assert play(scene) == [["a"], False, ["b"], 0, 0]


def test_new_phone_gets_no_older_database(play: Any) -> None:
    scene = """await counterStore(village, "cadre"); return (await indexedDB.databases()).map(({ name }) => name);"""
    assert play(scene) == ["dongkou-counter-sealed"]
