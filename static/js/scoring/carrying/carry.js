// Work that somebody carries to where there is a line: everything that waits, sealed so that only the server reads it, as a file, as a
// film of codes or on paper; and the receipts that come back in one of these ways. The sheet fetches this module when it can be used.

import { Camera } from "../../camera.js";
import { byId, fill } from "../../dom.js";
import { RECEIPTS as BACK, Reel, TASK as OUT, piecesOf, progress, refusal } from "../../film.js";
import { FilmShow, printSlip } from "../../film_show.js";
import { open, replyKey, seal } from "../../offline_envelope.js";
import { read } from "../../server.js";
import { plain } from "../sheets/server.js";

const TASK = "dongkou carried 1";
const RECEIPTS = "dongkou receipts 1";
const KEYS = "carried"; // among the drafts: the keys of files whose receipts may still come
const MADE = "film"; // among the drafts: what was sealed last, so that a piece that was not read can be shown again
const MOST = 20; // keys
const TURNED = "这是要交上去的码，请到有网络的地方，在“代交台账文件”里读。";
const STAYS = "这里的先不删，等回执。";

export class Carry {
  // `page` gives: root, device, queue, receipts, sheet, received(results, events)
  constructor(page) {
    this.page = page;
    this.way = null; // what seals, fetched while there was a line
    const { codes } = page.root.dataset;
    this.film = new FilmShow(byId("carry-film"), codes);
    this.camera = new Camera(byId("carry-camera"), codes);
    byId("carry-out").addEventListener("click", () => this.give((sealed) => this.asFile(sealed)));
    byId("carry-show").addEventListener("click", () => this.give((sealed) => this.asFilm(sealed)));
    byId("carry-print").addEventListener("click", () => this.give((sealed) => this.asSlip(sealed)));
    byId("carry-look").addEventListener("click", () => this.look());
    byId("carry-in").addEventListener("change", (event) => this.in(event.target));
    byId("sent").addEventListener("close", () => this.end());
  }

  get store() {
    return this.page.device.store;
  }

  get name() {
    const { village, month } = this.page.sheet.data;
    return `${village.name}${month}台账`;
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
    for (const id of ["carry-out", "carry-show", "carry-print"]) byId(id).disabled = !this.page.queue.waiting.length;
  }

  end() {
    this.film.close();
    this.camera.close();
  }

  async give(as) {
    this.end();
    if (!this.way) return this.say("这台设备还没有准备好，要先在有信号的地方打开一次台账。");
    return as(await this.sealed());
  }

  // {ids, number, text}: everything that waits. As long as that is the same, it is the same text: pieces of it that were read count on.
  async sealed() {
    const { queue, root } = this.page;
    const items = queue.waiting;
    const ids = items.map((item) => item.op.op_id).join(" ");
    const made = await this.store.readDraft(MADE);
    if (made && made.ids === ids) return made;
    const reply = replyKey();
    await this.store.storeDraft(KEYS, [reply, ...((await this.store.readDraft(KEYS)) || [])].slice(0, MOST));
    const content = { book: root.dataset.book, proof: this.way.proof, base: Math.min(...items.map((item) => item.base)), ops: items.map((item) => plain(item.op)), reply };
    const fresh = { ids, number: items.length, text: await seal(content, this.way, TASK) };
    await this.store.storeDraft(MADE, fresh).catch(() => undefined); // without room another one is sealed the next time
    return fresh;
  }

  asFile({ number, text }) {
    save(text, `${this.name}${number}条.dkt`);
    this.say(`${number} 条存成了文件。请带到有网络的地方，由任何一个管得到本村的人登录后在“代交台账文件”里交；${STAYS}`);
  }

  async asFilm({ number, text }) {
    const pieces = await piecesOf(text, OUT);
    if (!pieces.length) return this.say("记的太多，二维码放不下，请存成文件带出去。");
    this.say(`${number} 条放成了 ${pieces.length} 张二维码，一张接一张。请让带的人打开“代交台账文件”，用摄像头对着这里，直到读完；${STAYS}`);
    return this.film.show(pieces);
  }

  async asSlip({ number, text }) {
    const pieces = await piecesOf(text, OUT);
    if (!pieces.length) return this.say("记的太多，纸条放不下，请存成文件带出去。");
    this.say(`${number} 条印成 ${pieces.length} 个二维码；${STAYS}`);
    const how = "请带到有网络的地方，由管得到本村的人登录后在“代交台账文件”里用摄像头读，先读哪一张都可以。内容加了密。请不要折到码上。";
    return printSlip(pieces, this.page.root.dataset.codes, `${this.name} ${number} 条`, how);
  }

  async in(field) {
    const [file] = field.files;
    field.value = "";
    if (file) this.say(await this.take(await file.text()));
  }

  // Receipts before the camera: from a screen or from paper.
  look() {
    this.film.close();
    this.say("");
    const reel = new Reel(BACK);
    this.camera.open(async (code) => {
      const what = reel.take(code);
      if (what !== "new" && what !== "again") return refusal(what, reel, TURNED);
      if (!reel.isWhole) return progress(reel);
      const text = await reel.text();
      const said = text ? await this.take(text) : "读到的几张合不起来，请重新读。";
      this.say(said);
      return "";
    });
  }

  // What receipts say, in words.
  async take(text) {
    const found = await open(text, (await this.store.readDraft(KEYS)) || [], RECEIPTS);
    if (!found || found.book !== this.page.root.dataset.book) return "这不是这台设备、这份台账的回执。";
    const ops = this.page.queue.items.map((item) => plain(item.op));
    const results = await this.page.receipts.signed(ops, found.results);
    await this.page.received(results, found.events);
    this.draw();
    return results.length ? `读好了：${results.length} 条有服务器的签收。` : "回执里没有还在等的登记。";
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
