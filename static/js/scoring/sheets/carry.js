// Work that somebody carries to where there is a line: everything that waits, as a file only the server reads; and the receipts that
// come back the same way.

import { byId, fill } from "../../dom.js";
import { open, replyKey, seal } from "../../offline_envelope.js";
import { read } from "../../server.js";
import { plain } from "./server.js";

const TASK = "dongkou carried 1";
const RECEIPTS = "dongkou receipts 1";
const KEYS = "carried"; // among the drafts: the keys of files whose receipts may still come
const MOST = 20; // of them

export class Carry {
  // `page` gives: root, device, queue, receipts, sheet, received(results, events)
  constructor(page) {
    this.page = page;
    this.way = null; // what seals, fetched while there was a line
    byId("carry-out").addEventListener("click", () => this.out());
    byId("carry-in").addEventListener("change", (event) => this.in(event.target));
  }

  get store() {
    return this.page.device.store;
  }

  // While there is a line: what is needed to seal without one.
  async prepare() {
    const { device, root } = this.page;
    const known = await this.store.readDraft("way");
    this.way = known;
    if (!device.stores || device.line !== "on" || !this.page.sheet.data.may.record) return;
    this.way = await read(root.dataset.carryingUrl).catch(() => known);
    if (this.way) await this.store.storeDraft("way", this.way).catch(() => undefined);
  }

  draw() {
    byId("carry").hidden = !this.page.device.stores;
    byId("carry-out").disabled = !this.page.queue.waiting.length;
  }

  async out() {
    const { queue, root, sheet } = this.page;
    const items = queue.waiting;
    if (!this.way) return this.say("这台设备还没有准备好，要先在有信号的地方打开一次台账。");
    const reply = replyKey();
    await this.store.storeDraft(KEYS, [reply, ...((await this.store.readDraft(KEYS)) || [])].slice(0, MOST));
    const content = { book: root.dataset.book, proof: this.way.proof, base: Math.min(...items.map((item) => item.base)), ops: items.map((item) => plain(item.op)), reply };
    save(await seal(content, this.way, TASK), `${sheet.data.village.name}${sheet.data.month}台账${items.length}条.dkt`);
    return this.say(`${items.length} 条存成了文件。请带到有网络的地方，由任何一个管得到本村的人登录后在“代交台账文件”里交；这里的先不删，等回执。`);
  }

  async in(field) {
    const [file] = field.files;
    field.value = "";
    if (!file) return;
    const found = await open(await file.text(), (await this.store.readDraft(KEYS)) || [], RECEIPTS);
    if (!found || found.book !== this.page.root.dataset.book) {
      this.say("这个文件不是这台设备、这份台账的回执。");
      return;
    }
    const ops = this.page.queue.items.map((item) => plain(item.op));
    const results = await this.page.receipts.signed(ops, found.results);
    await this.page.received(results, found.events);
    this.say(results.length ? `读好了：${results.length} 条有服务器的签收。` : "回执里没有还在等的登记。");
  }

  say(words) {
    fill(byId("carry-said"), words);
  }
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
