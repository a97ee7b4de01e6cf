// The month's sheet: reads it, shows it, and sends what is recorded. The parts are the modules beside it.

import { byId, closable, fill, h } from "../../dom.js";
import { again } from "../../offline_cache.js";
import { Receipts } from "../../offline_receipts.js";
import { NotStored, Queue } from "../../ops.js";
import { Conflict } from "./conflict.js";
import { Device, sheetStore } from "./device.js";
import { Entry } from "./entry.js";
import { keepStop, useKeys } from "./keys.js";
import { List, codeOf } from "./list.js";
import { SIGNS, Sheet, changes } from "./model.js";
import { drawBanner, tell } from "./notices.js";
import { asked, fetchRest, late, showFault } from "./opening.js";
import { Photos } from "./photos.js";
import { readSheet, sender } from "./server.js";
import { Sent } from "./sent.js";
import { Sign } from "./sign.js";
import { day } from "./words.js";

const AWAY = 120000; // milliseconds in the background after which the sheet is read again
const SAID = 6000; // milliseconds that a passing message stays

class Page {
  constructor(root) {
    this.root = root;
    this.user = root.dataset.user;
    this.own = new Set(); // op ids and event ids that this page wrote
    this.opened = new Set();
  }

  async start() {
    const store = await sheetStore(this.root.dataset.book, this.user);
    this.receipts = new Receipts(JSON.parse(this.root.dataset.receiptKeys), this.root.dataset.book);
    this.queue = new Queue(store, sender(this.root.dataset.opsUrl, this.receipts), { chained: true });
    this.device = new Device(this.root, store, this.queue);
    await Promise.all([this.device.open(), this.queue.restore()]);
    const [data, coming] = await this.first();
    if (!data) return;
    await this.begin(data, await store.allDrafts());
    fetchRest();
    if (coming) await this.take(await coming);
    else await this.keepMonth();
    if (this.queue.waiting.length) await this.queue.flush();
    await this.device.settle("village");
    await this.fetchCarry();
  }

  // What nobody waits for on a weak line: giving work to somebody who carries it. It lies on the device with the page.
  async fetchCarry() {
    const found = await import(this.root.dataset.carry).catch(() => null);
    if (!found) return;
    this.carry = new found.Carry(this);
    this.carry.draw();
    await this.carry.prepare();
  }

  // The month to begin with, and what is still to come when that is the one of this device.
  async first() {
    const held = await this.device.month();
    const coming = this.read(false, Boolean(held));
    const data = held ? await Promise.race([coming, late()]) : (await coming) || (await this.insist());
    return data ? [data, null] : [held, held && coming];
  }

  // A device that holds no month asks again by itself as long as only the line is to blame.
  async insist() {
    while (this.device.line === "off") {
      await again();
      const data = await this.read(false, false);
      if (data) return data;
    }
    return null;
  }

  async begin(data, drafts) {
    this.sheet = new Sheet(data);
    this.list = new List(this.sheet, this.queue, this.opened);
    this.photos = new Photos(this);
    this.sign = new Sign(this);
    this.sent = new Sent(this);
    this.conflict = new Conflict(this);
    this.entry = new Entry(this, drafts);
    this.listen();
    this.draw();
    byId("sheet-loading").hidden = true;
    byId("sheet-tools").hidden = false;
    this.openAsked();
  }

  // The sheet from the server; when that fails and this device holds none, a way to try again in place of the list.
  async read(fresh, held = Boolean(this.sheet)) {
    try {
      const data = await readSheet(this.root.dataset.sheetUrl, fresh);
      this.device.heard(null);
      return data;
    } catch (fault) {
      this.device.heard(fault);
      if (!held) showFault(fault, this.root.dataset.signInUrl);
      return null;
    }
  }

  keepMonth() {
    return this.device.keep({ ...this.sheet.data, events: this.sheet.all });
  }

  listen() {
    this.queue.addEventListener("change", () => this.queueChanged());
    this.queue.addEventListener("answer", (event) => this.answered(event.detail));
    this.queue.addEventListener("fault", (event) => this.faulted(event.detail.fault));
    byId("sheet").addEventListener("click", (event) => this.clicked(event));
    byId("sheet-search").addEventListener("input", (event) => this.search(event.target.value));
    byId("sheet-tools").addEventListener("submit", (event) => event.preventDefault());
    byId("sheet-sign-in").href = this.root.dataset.signInUrl;
    closable(byId("help"), () => this.helpFrom);
    window.addEventListener("online", () => this.back());
    window.addEventListener("beforeunload", (event) => this.leaving(event));
    window.addEventListener("beforeprint", () => this.list.toggleAll(true));
    document.addEventListener("visibilitychange", () => this.cameBack());
    useKeys(this.list, () => this.openFirst(), () => this.help());
  }

  // The browser asks before what nothing outlives the page is lost; older ones look at returnValue.
  leaving(event) {
    if ((this.device.stores || !this.queue.waiting.length) && !this.photos.waiting) return;
    event.preventDefault();
    event.returnValue = "";
  }

  faulted(fault) {
    this.device.heard(fault);
    if (fault.kind === "stale") this.reload(false, true);
  }

  // There is a line again: what waits goes out, and what others did meanwhile is read.
  async back() {
    await this.queue.flush();
    if (!this.queue.waiting.length) await this.reload();
  }

  cameBack() {
    if (document.hidden) {
      this.left = Date.now();
      if (this.entry.isOpen) this.entry.keepDraft();
    } else if (this.queue.waiting.length) {
      this.queue.flush();
    } else if (this.left && Date.now() - this.left > AWAY) {
      this.reload();
    }
  }

  draw() {
    this.list.draw();
    this.drawFilters();
    drawBanner(this.sheet);
    this.sign.draw();
    keepStop(this.list);
  }

  drawFilters() {
    const { events } = this.sheet.counts();
    const pending = this.sheet.pending().length;
    const filters = [["all", "全部"], ["exceptions", `有例外 ${events}`], ["pending", `待确认 ${pending}`]];
    const shown = filters.filter(([name]) => name !== "pending" || pending || this.list.filter === "pending");
    const buttons = shown.map(([name, words]) => h("button.btn.btn-sm", { type: "button", "aria-pressed": String(this.list.filter === name), data: { filter: name } }, words));
    const many = this.sheet.groups().length > 1 && this.list.filter === "all" && !this.list.words;
    const every = this.sheet.groups().every((group) => this.opened.has(group.code));
    const fold = many ? h("button.btn.btn-sm.sheet-fold", { type: "button", data: { fold: every ? "" : "open" } }, every ? "全部收起" : "全部展开") : null;
    const help = h("button.btn.btn-sm.sheet-help", { type: "button", data: { help: "" } }, "怎么用");
    fill(byId("sheet-filters"), ...buttons, fold, help);
    byId("sheet-filters").hidden = false;
  }

  clicked(event) {
    const button = event.target.closest("button");
    const row = event.target.closest(".sheet-row");
    if (!button) return row && !window.getSelection().toString() ? this.entry.open(row.dataset.code) : undefined;
    const { zero, toggle, filter, fold, help, act, item, more } = button.dataset;
    if (zero && row) return this.entry.open(row.dataset.code, zero);
    if (toggle) return [this.list.toggle(toggle), this.drawFilters(), keepStop(this.list)];
    if (filter) return this.show(filter);
    if (fold !== undefined) return this.fold(fold === "open");
    if (more !== undefined) return this.list.showMore();
    if (help !== undefined) return this.help();
    if (act) return this.failedItem(act, this.queue.items.find((each) => each.op.op_id === item));
    return undefined;
  }

  async fold(open) {
    if (open) await this.list.unfold();
    else this.list.toggleAll(false);
    this.drawFilters();
    keepStop(this.list);
    byId("sheet-filters").querySelector("[data-fold]").focus();
  }

  show(filter) {
    this.list.ask({ filter });
    this.drawFilters();
    keepStop(this.list);
    byId("sheet-filters").querySelector(`[data-filter="${filter}"]`).focus();
  }

  search(words) {
    const before = this.list.words;
    const found = this.list.ask({ words: words.trim() });
    byId("sheet-found").textContent = this.list.words ? `找到 ${found} 户` : "";
    if (Boolean(before) !== Boolean(this.list.words)) this.drawFilters();
    keepStop(this.list);
  }

  // The household searched for is done: the next touch of the search field marks the old word, so that typing replaces it.
  spent() {
    const field = byId("sheet-search");
    const done = field.value;
    const mark = () => setTimeout(() => field.value === done && field.select(), 0); // unless somebody types already
    if (done) field.addEventListener("focus", mark, { once: true });
  }

  openFirst() {
    const codes = this.list.flatCodes;
    if (codes && codes.length) this.entry.open(codes[0]);
  }

  // ?show= in the address: the home page leads to what waits. ?household=: a cadre has scanned the plate at the door.
  openAsked() {
    const { show } = this.root.dataset;
    const household = this.root.dataset.household || asked();
    if (show) {
      this.list.ask({ filter: show });
      this.drawFilters();
      keepStop(this.list);
    }
    if (this.sheet.places.has(household)) this.entry.open(household);
    else if (household) this.say("这一户本月不在册，不能登记。", "failed");
  }

  help() {
    fill(byId("help-signs"), ...[].concat(...Object.entries(SIGNS).filter(([name]) => name !== "none").map(([name, sign]) =>
      [h("dt", {}, h(`span.sheet-lamp.sheet-lamp-${name}`, { "aria-hidden": "true" }, h("i", {}, sign.mark))), h("dd", {}, sign.words)])));
    this.helpFrom = document.activeElement;
    byId("help").showModal();
  }

  // A failed entry of an earlier moment: back into the form, or dropped.
  async failedItem(act, item) {
    if (!item) return;
    if (act === "choose") this.conflict.open(item);
    else if (act === "again") await this.again(item);
    else await this.drop(item);
  }

  async again(item) {
    if (item.result && item.result.status === "conflict" && item.result.event) return this.conflict.open(item);
    const code = codeOf(item.op);
    const { zero } = this.sheet.clauses.get(item.op.clause) || {};
    await this.drop(item);
    if (zero) this.entry.open(code, zero.code, item.op);
    return undefined;
  }

  async drop(item, codes = [codeOf(item.op)]) {
    await this.queue.discard(item);
    if (!item.sent) await this.device.store.forget(item.op.op_id); // the server never heard of it
    this.refresh(codes);
  }

  // One new entry. `fields` are those of an "add" of the interface, `files` the photos chosen with it.
  async record(fields, files) {
    return this.operate(fields, [codeOf(fields)], files);
  }

  // One operation of any type; `codes` are the places whose rows show it.
  async operate(fields, codes, files = []) {
    const item = await this.stored(fields);
    if (!item.op.op_id) return item;
    this.photos.keep(item, files);
    this.refresh(codes);
    await this.queue.flush();
    this.refresh(codes);
    return item;
  }

  // What is done, for this device's own list.
  words(fields) {
    const event = this.sheet.all.find((each) => each.id === fields.event) || fields;
    const clause = this.sheet.clauses.get(event.clause);
    const act = { withdraw: "撤回：", confirm: "确认：", declare: "签字申报", undeclare: "撤回申报" }[fields.type] || "";
    const code = codeOf(event) || event.code;
    return { who: code ? this.sheet.name(code) : this.sheet.data.village.name, what: `${act}${clause ? clause.text : ""}`, day: event.date ? day(event.date) : "" };
  }

  // Not taken when there is no room for it: then it is as if the server had refused it, and what was typed stays.
  async stored(fields) {
    try {
      return await this.queue.keep({ ...fields, words: this.words(fields) }, this.sheet.data.version);
    } catch (fault) {
      if (!(fault instanceof NotStored)) throw fault;
      return { op: {}, state: "failed", reason: `${fault.message}，这一条没有记下。请先在有信号的地方把等着的送出去，再记。` };
    }
  }

  refresh(codes) {
    this.list.refresh(codes);
    if (this.entry.isOpen && codes.includes(this.entry.code)) {
      this.entry.drawEvents();
      this.entry.drawTabs();
    }
    keepStop(this.list);
  }

  queueChanged() {
    this.device.store.mark();
    if (!this.sheet) return;
    this.device.tell();
    this.photos.moved();
    this.sign.drawSaved();
    const codes = this.queue.items.map((item) => codeOf(item.op) || this.codeOfEvent(item.op.event)).filter(Boolean);
    this.list.refresh(codes);
  }

  codeOfEvent(id) {
    const event = this.sheet.all.find((each) => each.id === id);
    return event ? event.code : "";
  }

  // The server has answered: its events are taken over; whatever else moved there meanwhile is read anew.
  async answered({ items, answer }) {
    const { data } = this.sheet;
    this.device.heard(null);
    const mine = answer.results.filter((result) => result.status === "applied" || result.status === "exists");
    for (const result of mine) this.own.add(result.op_id).add(result.event);
    const applied = answer.results.filter((result) => result.status === "applied").length;
    for (const event of answer.events) this.sheet.put(event);
    const alone = applied === answer.results.length && answer.version === data.version + applied && answer.state === data.state;
    const signed = items.some((item) => item.state === "done" && /declare$/.test(item.op.type));
    if (alone) this.advance(answer.version); // its writes go on beside: rows are drawn before the focus comes back to them
    else await this.reload(signed);
    const codes = [...answer.events.map((event) => event.code), ...items.map((item) => codeOf(item.op)).filter(Boolean)];
    this.refresh(codes);
    this.drawFilters();
    this.sign.draw();
  }

  // Answers that somebody brought as a file.
  async received(results, events) {
    const items = await this.queue.receive(results);
    for (const event of events) this.sheet.put(event);
    await this.keepMonth();
    this.refresh([...events.map((event) => event.code), ...items.map((item) => codeOf(item.op)).filter(Boolean)]);
    this.sign.draw();
    await this.sent.draw();
  }

  // Nobody else came between: what was done on top of what was sent now stands on the new version.
  async advance(version) {
    const { data } = this.sheet;
    const from = data.version;
    data.version = version;
    await this.queue.rebase(version, from);
    await this.keepMonth();
  }

  // Read the sheet again; `lost` when the server does not know the version that what waits was made on.
  async reload(signed = false, lost = false) {
    const data = await this.read(true);
    if (!data) return;
    if (lost) await this.queue.rebase(data.version);
    await this.take(data, signed);
    if (this.queue.waiting.length) this.queue.flush();
  }

  // The sheet as it is now, and what others changed; `signed` when the state was moved from here. What is typed stays.
  async take(data, signed = false) {
    if (!data) return;
    const before = { ...this.sheet.data, events: this.sheet.all };
    if (signed) before.state = data.state;
    const told = changes(before, data, this.own);
    this.sheet.load(data);
    await this.keepMonth();
    this.draw();
    if (this.entry.isOpen) this.entry.refresh();
    if (told.length) tell(told);
  }

  // A passing message in the line at the foot.
  say(words, tone = "done") {
    const node = byId("sheet-saved");
    node.textContent = words;
    node.className = `sheet-saved sheet-saved-${tone}`;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.sign.drawSaved(), SAID);
  }
}

new Page(byId("sheet")).start();
