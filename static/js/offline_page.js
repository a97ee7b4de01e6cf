// A page that goes on without a line. It works from a package, renewed whenever the server answers; what is done on it waits in a
// queue until the server has answered for it. What the package holds and what is done its user knows, who gives:
//
//   root             the page's element: data-worker and data-cache name its service worker and its cache
//   open()           a promise of its store (offline_store.js), null where this browser can store nothing
//   read()           a promise of the package; a SendFault of ops.js when it does not come
//   send(base, ops)  as the Queue of ops.js calls it
//   words            {since(time), nothing, off(since), others(number), waiting(number), failed(number)}
//   log              {again(item), againWords, detail(words), answered(result)}: see offline_log.js
//   show()           called when the package, the connection or the log has changed
//   renewed(content) called with each package, also the one that was stored
//   answered()       called when the server has answered for what was sent
//
// On the page it fills the elements with the ids state, sign-in, no-package, cannot-store, others, log, log-sum and log-none; retry
// is its button. A page without a log leaves out log and those three.

import { byId, fill, h } from "./dom.js";
import { again, persist, storePage } from "./offline_cache.js";
import { clock, showLog } from "./offline_log.js";
import { NoStore } from "./offline_store.js";
import { Queue, SendFault } from "./ops.js";

const MARKS = { on: "在线", off: "离线", out: "请重新登录" };

export class OfflinePage {
  constructor(user) {
    this.user = { renewed() {}, answered() {}, ...user };
    this.store = new NoStore();
    this.content = null;
    this.lines = []; // of the log: what the server has answered for
    this.connected = navigator.onLine; // whether the server answered last time
    this.signedOut = false;
    this.stores = false; // whether anything outlives the page
  }

  // Everything until the server was asked once. What was stored is there before it answers.
  async start() {
    await this.restore();
    this.listen();
    this.take(await this.store.readPackage());
    this.showState();
    await this.queue.flush();
    await this.renew();
    await this.refreshLog();
  }

  async restore() {
    const store = await this.user.open();
    this.stores = Boolean(store);
    if (store) this.store = store;
    this.queue = new Queue(this.store, this.user.send);
    this.queue.addEventListener("change", () => this.refreshLog());
    this.queue.addEventListener("answer", () => this.answered());
    this.queue.addEventListener("fault", (event) => this.disconnected(event.detail.fault));
    await this.store.sweep();
    await this.queue.restore();
    this.showOthers(await this.store.ofOthers());
    if (this.stores) await persist();
  }

  listen() {
    byId("retry").addEventListener("click", () => this.back());
    window.addEventListener("online", () => this.back());
    window.addEventListener("offline", () => { this.connected = false; this.showState(); });
    window.addEventListener("beforeunload", (event) => this.leaving(event));
  }

  // Without a store the browser asks before what was not sent is lost; older ones look at returnValue.
  leaving(event) {
    if (this.stores || !this.queue.items.length) return;
    event.preventDefault();
    event.returnValue = "";
  }

  take(content) {
    this.content = content;
    if (content) this.user.renewed(content);
  }

  async renew() {
    try {
      this.take(await this.user.read());
      Object.assign(this, { connected: true, signedOut: false });
      await this.store.storePackage(this.content);
    } catch (fault) {
      this.disconnected(fault);
    }
    this.showState();
  }

  async back() {
    this.connected = navigator.onLine;
    await this.queue.flush();
    await this.renew();
  }

  answered() {
    Object.assign(this, { connected: true, signedOut: false });
    this.showState();
    this.user.answered();
  }

  // What a request ran into; anything but a fault of the line is thrown on.
  disconnected(fault) {
    if (!(fault instanceof SendFault)) throw fault;
    this.connected = fault.kind === "rejected";
    this.signedOut = fault.kind === "signed_out";
    this.showState();
  }

  showState() {
    const { content, connected, signedOut, user: { words } } = this;
    const since = content ? words.since(clock(Date.parse(content.as_of))) : words.nothing;
    const [mark, said] = signedOut ? ["out", `登录过期了，记录都在。${since}`] : connected ? ["on", since] : ["off", words.off(since)];
    fill(byId("state"), h(`strong.mark.mark-${mark}`, {}, MARKS[mark]), h("span", {}, said));
    byId("sign-in").hidden = !signedOut;
    byId("no-package").hidden = Boolean(content);
    byId("cannot-store").hidden = this.stores;
    this.user.show();
  }

  showOthers(number) {
    byId("others").hidden = !number;
    byId("others").textContent = this.user.words.others(number);
  }

  async refreshLog() {
    this.lines = await this.store.log();
    if (this.user.log) this.showLog();
    await this.store.mark();
    this.user.show();
  }

  showLog() {
    const { queue, lines, user: { words, log } } = this;
    const acts = { again: log.again, againWords: log.againWords, aside: (item) => queue.discard(item) };
    byId("log-none").hidden = showLog(byId("log"), queue, lines, acts, log) > 0;
    const [waiting, failed] = [queue.waiting.length, queue.failed.length];
    byId("log-sum").textContent = [waiting ? words.waiting(waiting) : "", failed ? words.failed(failed) : ""].filter(Boolean).join("，");
  }

  // The page is ready: say so, and store the page itself; `more` are further addresses that it needs without a line. What a breaking
  // line kept back is fetched once more in a while.
  async settle(more = []) {
    const { root } = this.user;
    root.dataset.ready = "yes";
    const wanted = { worker: root.dataset.worker, cache: root.dataset.cache, more, fresh: this.connected };
    const stored = await storePage(wanted);
    if (stored) root.dataset.stored = "yes";
    if (stored === null) again().then(() => this.settle(more));
  }
}
