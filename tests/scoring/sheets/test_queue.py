"""The queue of operations (static/js/ops.js): nothing is lost, nothing is doubled, nothing changes its id."""

import re
from collections.abc import Callable

import pytest

pytestmark = pytest.mark.browser

# A store that keeps what it is told, and a server with the interface's rule: the same id is answered "exists".
STAGE = """
  const { Queue, SendFault, newId } = await import("/static/js/ops.js");
  class Memory {
    constructor() { this.items = new Map(); this.log = []; }
    async all() { return JSON.parse(JSON.stringify([...this.items.values()])); }
    async put(item) { this.items.set(item.op.op_id, JSON.parse(JSON.stringify(item))); this.log.push(`put ${item.state}`); }
    async remove(id) { this.items.delete(id); this.log.push("remove"); }
  }
  const store = new Memory();
  const server = { seen: new Map(), calls: [], faults: [], refuse: new Set() };
  const send = async (base, ops) => {
    server.calls.push({ base, ids: ops.map((op) => op.op_id), stored: store.items.size });
    const fault = server.faults.shift();
    if (fault === "before") throw new SendFault("network", "没有信号");
    const results = ops.map((op) => {
      const known = server.seen.has(op.op_id);
      server.seen.set(op.op_id, op);
      if (server.refuse.has(op.note)) return { op_id: op.op_id, status: "refused", reason: "不行", event: null };
      return { op_id: op.op_id, status: known ? "exists" : "applied", reason: "", event: 1 };
    });
    if (fault === "after") throw new SendFault("network", "没有信号");
    if (fault) throw fault === "bug" ? new TypeError("bug") : new SendFault(fault, "原因");
    return { version: 1, results };
  };
  const queue = new Queue(store, send);
  const states = () => queue.items.map((item) => item.state);
"""


@pytest.fixture
def play(browser_page: Callable) -> Callable:
    """Run a scene with `queue`, `store` and `server` on the stage; returns what it returns."""
    page = browser_page(360)
    page.goto("/healthz")  # of the site, and next to nothing to draw
    return lambda scene: page.evaluate(f"async () => {{ {STAGE} {scene} }}")


def test_ids_are_random_uuids(play: Callable) -> None:
    ids = play("return Array.from({ length: 200 }, newId);")
    assert len(set(ids)) == 200
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", each) for each in ids
    )


def test_operation_is_stored_before_it_is_sent_and_removed_after_the_answer(play: Callable) -> None:
    scene = "await queue.add({ type: 'add' }, 3); return [store.log, server.calls[0].stored, store.items.size];"
    assert play(scene) == [["put waiting", "put sending", "remove"], 1, 0]


def test_answered_item_carries_its_result(play: Callable) -> None:
    assert play("const item = await queue.add({}, 0); return [item.state, item.result.status];") == ["done", "applied"]


@pytest.mark.parametrize("fault", ["before", "after"])
def test_lost_request_or_answer_is_repeated_with_the_same_id(play: Callable, fault: str) -> None:
    calls, applied, left = play(f"""
      server.faults = ["{fault}"];
      const item = await queue.add({{ type: "add" }}, 0);
      if (item.state !== "waiting" || store.items.size !== 1) throw new Error("not kept");
      await queue.flush();
      return [server.calls.map((call) => call.ids[0]), server.seen.size, store.items.size];
    """)
    assert calls[0] == calls[1]
    assert (applied, left) == (1, 0)


def test_it_tries_again_by_itself(play: Callable) -> None:
    assert play("""
      server.faults = ["before"];
      const timers = [];
      window.setTimeout = (act, pause) => timers.push([act, pause]);
      await queue.add({}, 0);
      const [act, pause] = timers[timers.length - 1];
      await act();
      return [pause, server.calls.length, states()];
    """) == [3000, 2, []]


def test_pauses_grow_and_start_anew_after_an_answer(play: Callable) -> None:
    assert play("""
      const pauses = [];
      window.setTimeout = (act, pause) => pauses.push(pause);
      server.faults = Array(6).fill("before");
      await queue.add({}, 0);
      for (let n = 0; n < 5; n += 1) await queue.flush();
      await queue.flush();
      server.faults = ["before"];
      await queue.add({}, 0);
      return pauses;
    """) == [3000, 8000, 20000, 60000, 60000, 60000, 3000]


def test_refused_operation_stays_failed_and_is_never_sent_again(play: Callable) -> None:
    assert play("""
      server.refuse.add("x");
      const item = await queue.add({ note: "x" }, 0);
      await queue.add({}, 0);
      await queue.flush();
      return [item.state, item.reason, server.calls.map((call) => call.ids.length), store.items.size];
    """) == ["failed", "不行", [1, 1], 1]


def test_discarded_item_is_gone_from_the_store_too(play: Callable) -> None:
    assert play("""
      server.refuse.add("x");
      await queue.discard(await queue.add({ note: "x" }, 0));
      return [queue.items.length, store.items.size];
    """) == [0, 0]


def test_order_is_kept_and_one_request_runs_at_a_time(play: Callable) -> None:
    assert play("""
      const added = ["a", "b", "c"].map((note) => queue.add({ note }, 0));
      await Promise.all(added);
      return [...server.seen.values()].map((op) => op.note);
    """) == ["a", "b", "c"]


def test_operations_of_different_pages_travel_in_different_requests(play: Callable) -> None:
    assert play("""
      server.faults = ["before", "before", "before"];
      await queue.add({}, 1); await queue.add({}, 1); await queue.add({}, 2);
      server.calls.length = 0;
      await queue.flush();
      return server.calls.map((call) => [call.base, call.ids.length]);
    """) == [[1, 2], [2, 1]]


def test_queue_is_taken_up_again_after_a_reload(play: Callable) -> None:
    assert play("""
      server.faults = ["after"];
      await queue.add({ note: "x" }, 4);
      for (const item of store.items.values()) item.state = "sending";  // the tab was closed just then
      const next = new Queue(store, send);
      await next.restore();
      const before = next.items.map((item) => [item.state, item.base]);
      await next.flush();
      return [before, next.items.length, server.seen.size];
    """) == [[["waiting", 4]], 0, 1]


def test_operation_that_was_not_answered_for_stays(play: Callable) -> None:
    assert play("""
      const deaf = new Queue(store, async () => { deaf.send = send; return { version: 1, results: [] }; });
      await deaf.add({}, 0);
      return [deaf.items.length, server.seen.size];
    """) == [0, 1]


def test_rejected_request_fails_its_operations_with_the_reason(play: Callable) -> None:
    assert play("""
      server.faults = ["rejected"];
      const item = await queue.add({}, 0);
      return [item.state, item.reason, queue.fault.kind];
    """) == ["failed", "原因", "rejected"]


@pytest.mark.parametrize("kind", ["signed_out", "stale"])
def test_ended_session_or_stale_page_keeps_everything_waiting(play: Callable, kind: str) -> None:
    assert play(f"""
      server.faults = ["{kind}"];
      const heard = [];
      queue.addEventListener("fault", (event) => heard.push(event.detail.fault.kind));
      await queue.add({{}}, 9);
      await queue.rebase(2);
      await queue.flush();
      return [heard, server.calls.map((call) => call.base), store.items.size];
    """) == [[kind], [9, 2], 0]


def test_fault_of_our_own_is_not_swallowed_and_loses_nothing(play: Callable) -> None:
    assert play("""
      server.faults = ["bug"];
      const fault = await queue.add({}, 0).catch((each) => each.message);
      return [fault, states(), store.items.size];
    """) == ["bug", ["waiting"], 1]


def test_operation_that_finds_no_room_is_not_taken(play: Callable) -> None:
    assert play("""
      store.put = async () => { throw new Error("QuotaExceededError"); };
      const said = await queue.add({}, 0).catch((fault) => fault.message);
      return [said, queue.items.length, server.calls.length];
    """) == ["这台设备存不下了", 0, 0]


def test_answer_that_cannot_be_noted_loses_nothing(play: Callable) -> None:
    assert play("""
      store.remove = async () => { throw new Error("QuotaExceededError"); };
      const item = await queue.add({}, 0);
      const next = new Queue(Object.assign(new Memory(), { items: store.items }), send);
      await next.restore();
      await next.flush();
      return [item.state, store.items.size, server.seen.size];
    """) == ["done", 0, 1]


def test_what_was_made_on_an_older_page_keeps_its_claim(play: Callable) -> None:
    assert play("""
      server.faults = ["before", "before"];
      await queue.add({}, 1); await queue.add({}, 4);
      await queue.rebase(5, 4);
      return queue.items.map((item) => item.base);
    """) == [1, 5]


def test_items_stay_in_order_when_the_clock_is_set_back(play: Callable) -> None:
    assert play("""
      const now = Date.now;
      await queue.keep({ note: "a" }, 0);
      Date.now = () => now() - 3600000;
      await queue.keep({ note: "b" }, 0);
      const next = new Queue(store, send);
      await next.restore();
      next.items.sort((a, b) => a.made - b.made);
      return next.items.map((item) => item.op.note);
    """) == ["a", "b"]


@pytest.mark.parametrize("seed", range(5))
def test_any_weather_delivers_each_operation_once_and_in_order(play: Callable, seed: int) -> None:
    sent, left = play(f"""
      let state = {seed + 1};
      const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
      window.setTimeout = () => 0;
      const notes = Array.from({{ length: 40 }}, (_, n) => String(n));
      for (const note of notes) {{
        server.faults = random() < 0.3 ? ["before"] : random() < 0.4 ? ["after"] : [];
        await queue.add({{ note }}, 0);
      }}
      server.faults = [];
      await queue.flush();
      return [[...server.seen.values()].map((op) => op.note), store.items.size];
    """)
    assert sent == [str(n) for n in range(40)]
    assert left == 0
