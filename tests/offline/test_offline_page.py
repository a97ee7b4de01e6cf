"""The page that goes on without a line, tried with a user of its own: what is done waits on the device until it is answered for."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = """<div id="root" data-cache="things-1"><p id="state"></p><a id="sign-in" hidden></a><p id="no-package"></p>
  <p id="cannot-store"></p><p id="others"></p><button id="retry"></button>LOG</div>"""
LOG = '<p id="log-sum"></p><ul id="log"></ul><p id="log-none"></p>'
STAGE = """
  document.body.innerHTML = body;
  const { OfflinePage } = await import("/static/js/offline_page.js");
  const { SealedStore } = await import("/static/js/offline_store.js");
  const { SendFault } = await import("/static/js/ops.js");
  const line = { fault: null, sent: [], answers: (op) => ({ op_id: op.op_id, status: "applied" }) };
  const ask = (answer) => { if (line.fault) throw new SendFault(line.fault, "没有信号"); return answer; };
  const text = (id) => document.getElementById(id).textContent;
  const user = {
    root: document.getElementById("root"),
    open: () => SealedStore.of({ database: "dongkou-things", by: "thing", book: "7", user: "wang", days: 7, what: "记录" }),
    read: async () => ask({ as_of: "2026-10-01T08:00:00+08:00", things: [1, 2] }),
    send: async (base, ops) => {
      line.sent.push(...ops.map((op) => op.op_id));
      return ask({ results: ops.map(line.answers).filter(Boolean) });
    },
    words: { since: (time) => `截至 ${time}`, nothing: "没有", off: (since) => `${since}，可以继续`, others: (n) => `别人的 ${n} 条`,
      waiting: (n) => `${n} 条在本机`, failed: (n) => `${n} 条有问题` },
    log: hasLog ? { again() {}, againWords: "再送", detail: () => "", answered: () => "" } : undefined,
    show() {},
  };
  const page = new OfflinePage(user);
  const op = (what) => ({ what, words: { who: "甲", what } });
  const inBook = async () => (await page.store.all()).map((item) => item.op.what);
"""


@pytest.fixture
def play(live_site: str, browser_page: Callable[..., Any]) -> Callable[..., Any]:
    """Run a scene with a `page` that is not yet started; `again` is a later visit of the same device."""
    page = browser_page(360)

    def run(scene: str, log: bool = True) -> Any:
        page.goto("/rules/")
        page.add_script_tag(url="/static/vendor/idb/umd.js")
        body = BODY.replace("LOG", LOG if log else "")
        return page.evaluate(f"async ([body, hasLog]) => {{ {STAGE} {scene} }}", [body, log])

    return run


def test_operation_outlives_the_page_and_goes_once_the_line_is_back(play: Any) -> None:
    scene = """line.fault = "network"; await page.start(); await page.queue.add(op("一"), 0);
      return [await inBook(), text("log-sum"), text("state")];"""
    assert play(scene) == [["一"], "1 条在本机", "离线没有，可以继续"]
    scene = (
        """await page.start(); return [line.sent.length, await inBook(), page.lines.map((each) => each.words.what)];"""
    )
    assert play(scene) == [1, [], ["一"]]


def test_operation_goes_only_with_the_answer_to_its_own_id(play: Any) -> None:
    scene = """await page.start(); let first = true;
      line.answers = (each) => { const answered = first; first = false; return answered ? { op_id: each.op_id, status: "exists" } : null; };
      await page.queue.keep(op("一"), 0); await page.queue.keep(op("二"), 0);
      line.fault = null; await page.queue.sendBatch(page.queue.nextBatch());
      return inBook();"""
    assert play(scene) == ["二"]


def test_package_is_there_without_a_line(play: Any) -> None:
    assert play("await page.start(); return page.content.things;") == [1, 2]
    scene = """line.fault = "network"; const seen = []; user.renewed = (content) => seen.push(content.things.length);
      const later = new OfflinePage(user); await later.start(); return [seen, later.content.things, later.connected];"""
    assert play(scene) == [[2], [1, 2], False]


@pytest.mark.parametrize(
    ("fault", "mark", "hidden"),
    [(None, "在线", True), ("network", "离线", True), ("signed_out", "请重新登录", False)],
)
def test_state_of_the_line_is_said(play: Any, fault: str | None, mark: str, hidden: bool) -> None:
    scene = f"""line.fault = {f'"{fault}"' if fault else "null"}; await page.start();
      return [text("state").startsWith("{mark}"), document.getElementById("sign-in").hidden];"""
    assert play(scene) == [True, hidden]


def test_fault_that_is_not_the_lines_is_thrown_on(play: Any) -> None:
    scene = """user.read = async () => { throw new TypeError("ours"); };
      return new OfflinePage(user).start().catch((fault) => fault.message);"""
    assert play(scene) == "ours"


def test_operations_of_somebody_else_are_told(play: Any) -> None:
    play("""line.fault = "network"; await page.start(); await page.queue.add(op("一"), 0); return 0;""")
    scene = """user.open = () => SealedStore.of({ database: "dongkou-things", by: "thing", book: "7", user: "li", days: 7, what: "记录" });
      const other = new OfflinePage(user); await other.start(); return [text("others"), other.queue.items.length];"""
    assert play(scene) == ["别人的 1 条", 0]


def test_page_without_a_log_stores_its_operations_all_the_same(play: Any) -> None:
    scene = """line.fault = "network"; await page.start(); await page.queue.add(op("一"), 0); return inBook();"""
    assert play(scene, log=False) == ["一"]


def test_page_that_can_store_nothing_says_so_and_works_while_it_is_open(play: Any) -> None:
    scene = """user.open = async () => null; const bare = new OfflinePage(user); await bare.start();
      await bare.queue.add(op("一"), 0);
      return [document.getElementById("cannot-store").hidden, bare.lines.map((each) => each.words.what)];"""
    assert play(scene) == [False, ["一"]]
