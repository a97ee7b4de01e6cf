// What this device keeps of one sheet, for the time without a line: the month as it was read last, what is being typed, and every
// operation until the server has answered for it. Sealed under a key of its person's own. It also says how the line is.

import { byId, fill, h } from "../../dom.js";
import { again, persist, storePage } from "../../offline_cache.js";
import { clock } from "../../offline_log.js";
import { NoStore, SealedStore } from "../../offline_store.js";

const DAYS = 40; // a month that is older than that is closed
const MARKS = { on: "在线", off: "离线", out: "请重新登录" };

// `book` names the sheet. A device that can store nothing works as long as the page is open.
export async function sheetStore(book, user) {
  const store = await SealedStore.of({ database: "dongkou-sheets", by: "sheet", book, user, days: DAYS, what: "台账登记" });
  return store || new NoStore();
}

export class Device {
  // `root` is the page's element; `queue` holds what the server has not answered for, and what it did not take.
  constructor(root, store, queue) {
    Object.assign(this, { root, store, queue, line: "on", since: null, ready: false });
    this.stores = !(store instanceof NoStore);
  }

  async open() {
    await this.store.sweep();
    if (this.stores) await persist();
    byId("sheet-cannot-store").hidden = this.stores;
    await this.others();
    window.addEventListener("offline", () => this.tell("off"));
  }

  async others() {
    const number = await this.store.ofOthers();
    byId("sheet-others").hidden = !number;
    byId("sheet-others").textContent = `这台设备上还有别的账号的 ${number} 条登记没有送出，谁记的请谁登录后打开这一页。`;
  }

  // The month as it was read last, null when it never was.
  async month() {
    const found = await this.store.readPackage();
    if (found) this.since = found.at;
    return found && found.month;
  }

  // Without room for it the page still works with a line; it does not call itself ready then.
  async keep(month) {
    this.since = Date.now();
    try {
      await this.store.storePackage({ at: this.since, month });
    } catch {
      this.stores = false;
    }
  }

  // `fault` is what a request ran into, null when it was answered.
  heard(fault) {
    this.tell(!fault || fault.kind === "stale" || fault.kind === "rejected" ? "on" : fault.kind === "signed_out" ? "out" : "off");
  }

  tell(line = this.line) {
    this.line = line;
    fill(byId("sheet-line"), h(`strong.mark.mark-${line}`, {}, MARKS[line]), h("span", {}, this.words()));
  }

  // Whether one may go where there is no signal, and what happens to what is done there.
  words() {
    const [waiting, failed] = [this.queue.waiting.length, this.queue.failed.length];
    const since = this.since ? `台账截至 ${clock(this.since)}。` : "";
    const wait = waiting ? `${waiting} 条已存在本机，等着送出。` : "";
    if (this.line === "out") return `登录过期了，记的都在。${wait}`;
    if (this.line === "off") return `${since}可以照常登记，${waiting ? wait : "记的先存在本机，"}网络一恢复就自动送出。`;
    if (waiting) return `${wait}送完以前，请留在有信号的地方。`;
    if (failed) return `其余都已送到，${failed} 条没有保存，请看名单里的原因。`;
    return this.ready ? "都已送到，台账已存在本机。去没有信号的地方也能照常打开、登记。" : "都已送到。";
  }

  // The page itself, so that it opens without a line; then it may say so. What a breaking line kept back is fetched once more in a while.
  async settle(by) {
    const { worker, cache, carry, codes, due } = this.root.dataset;
    const told = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => name === by)).toString();
    const query = told ? `?${told}` : "";
    const address = location.pathname + query;
    const short = due && due + query; // the month that is due is found by the short address, too
    const wanted = { worker, cache, more: [carry, codes], fresh: this.line === "on", address, short };
    const stored = await storePage(wanted);
    this.ready = Boolean(this.stores && stored);
    if (this.ready) this.root.dataset.stored = "yes";
    if (stored === null) again().then(() => this.settle(by));
    this.tell();
  }
}
