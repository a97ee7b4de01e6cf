// The month's sheet: reads it, shows it, and sends what is recorded. The parts are the modules beside it.

import { byId, closable, fill, h } from "../../dom.js";
import { Queue, TabStore } from "../../ops.js";
import { Entry } from "./entry.js";
import { keepStop, useKeys } from "./keys.js";
import { List, codeOf } from "./list.js";
import { SIGNS, Sheet, changes } from "./model.js";
import { Photos } from "./photos.js";
import { readSheet, sender } from "./server.js";
import { Sign } from "./sign.js";

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
    const data = await this.read(false);
    if (!data) return;
    this.sheet = new Sheet(data);
    this.queue = new Queue(new TabStore(`dongkou ops ${this.user} ${data.month} ${data.village.code}`), sender(this.root.dataset.opsUrl));
    this.list = new List(this.sheet, this.queue, this.opened);
    this.photos = new Photos(this);
    this.sign = new Sign(this);
    this.entry = new Entry(this);
    await this.queue.restore();
    this.listen();
    this.draw();
    byId("sheet-loading").hidden = true;
    byId("sheet-tools").hidden = false;
    this.openAsked();
    if (this.queue.waiting.length) this.queue.flush();
  }

  // The sheet from the server; when that fails, a way to try again in place of the list.
  async read(fresh) {
    try {
      return await readSheet(this.root.dataset.sheetUrl, fresh);
    } catch (fault) {
      if (!this.sheet) this.showFault(fault);
      return null;
    }
  }

  showFault(fault) {
    const again = h("button.btn.btn-primary", { type: "button", on: { click: () => location.reload() } }, "再试一次");
    const way = fault.kind === "signed_out" ? h("a.btn.btn-primary", { href: this.root.dataset.signInUrl }, "重新登录") : again;
    fill(byId("sheet-loading"), h("p", {}, `没有读到台账：${fault.message}。`), way);
  }

  listen() {
    this.queue.addEventListener("change", () => this.queueChanged());
    this.queue.addEventListener("answer", (event) => this.answered(event.detail));
    this.queue.addEventListener("fault", (event) => event.detail.fault.kind === "stale" && this.reload());
    byId("sheet").addEventListener("click", (event) => this.clicked(event));
    byId("sheet-search").addEventListener("input", (event) => this.search(event.target.value));
    byId("sheet-tools").addEventListener("submit", (event) => event.preventDefault());
    byId("sheet-sign-in").href = this.root.dataset.signInUrl;
    closable(byId("help"), () => this.helpFrom);
    window.addEventListener("online", () => this.queue.flush());
    window.addEventListener("beforeunload", (event) => this.leaving(event));
    window.addEventListener("beforeprint", () => this.list.toggleAll(true));
    document.addEventListener("visibilitychange", () => this.cameBack());
    useKeys(this.list, () => this.openFirst(), () => this.help());
  }

  // The browser asks before a page with unsent entries is closed; older ones look at returnValue.
  leaving(event) {
    if (!this.queue.waiting.length && !this.photos.waiting) return;
    event.preventDefault();
    event.returnValue = "";
  }

  cameBack() {
    if (document.hidden) {
      this.left = Date.now();
    } else if (this.queue.waiting.length) {
      this.queue.flush();
    } else if (this.left && Date.now() - this.left > AWAY) {
      this.reload();
    }
  }

  draw() {
    this.list.draw();
    this.drawFilters();
    this.drawBanner();
    this.sign.draw();
    keepStop(this.list);
  }

  drawBanner() {
    const { data } = this.sheet;
    const { returned } = data;
    const banners = [];
    if (data.lock_reason) banners.push(h("p.notice.sheet-lock", {}, data.lock_reason));
    const since = returned && returned.changes ? `退回以后已经改了 ${returned.changes} 处。` : "退回以后还没有改动。";
    if (returned) banners.push(h("p.notice.notice-warning", {}, `${returned.by || "乡镇"}退回了这份台账：${returned.reason}。${since}改好后请重新申报。`));
    if (data.due && data.may.declare) banners.push(h("p.sheet-due", {}, data.due));
    this.banner = this.banner || byId("sheet-notices").appendChild(h("div"));
    fill(this.banner, ...banners);
    fill(byId("sheet-state"), h(`span.state.state-${data.state}`, {}, { open: "录入中", declared: "已申报", reviewed: "已审核", posted: "公示中", frozen: "已锁定" }[data.state]));
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
    const { household, show } = this.root.dataset;
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
    const code = codeOf(item.op);
    const { zero } = this.sheet.clauses.get(item.op.clause) || {};
    await this.drop(item, [code]);
    if (act === "again" && zero) this.entry.open(code, zero.code, item.op);
  }

  async drop(item, codes) {
    await this.queue.discard(item);
    this.refresh(codes);
  }

  // One new entry. `fields` are those of an "add" of the interface, `files` the photos chosen with it.
  async record(fields, files) {
    return this.operate(fields, [codeOf(fields)], files);
  }

  // One operation of any type; `codes` are the places whose rows show it.
  async operate(fields, codes, files = []) {
    const item = await this.queue.keep(fields, this.sheet.data.version);
    this.photos.keep(item, files);
    this.refresh(codes);
    await this.queue.flush();
    this.refresh(codes);
    return item;
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
    const mine = answer.results.filter((result) => result.status === "applied" || result.status === "exists");
    for (const result of mine) this.own.add(result.op_id).add(result.event);
    const applied = answer.results.filter((result) => result.status === "applied").length;
    for (const event of answer.events) this.sheet.put(event);
    const alone = applied === answer.results.length && answer.version === data.version + applied && answer.state === data.state;
    const signed = items.some((item) => item.state === "done" && /declare$/.test(item.op.type));
    if (alone) data.version = answer.version;
    else await this.reload(signed);
    const codes = [...answer.events.map((event) => event.code), ...items.map((item) => codeOf(item.op)).filter(Boolean)];
    this.refresh(codes);
    this.drawFilters();
    this.sign.draw();
  }

  // Read the sheet again and tell what others changed; `signed` when the state was moved from here. What is typed stays.
  async reload(signed = false) {
    const data = await this.read(true);
    if (!data) return;
    const before = { ...this.sheet.data, events: this.sheet.all };
    if (signed) before.state = data.state;
    const told = changes(before, data, this.own);
    this.sheet.load(data);
    await this.queue.rebase(data.version);
    this.draw();
    if (this.entry.isOpen) this.entry.refresh();
    if (told.length) this.tell(told);
    if (this.queue.waiting.length) this.queue.flush();
  }

  tell(told) {
    const close = h("button.btn.btn-sm", { type: "button", on: { click: () => notice.remove() } }, "知道了");
    const notice = h("div.notice.sheet-changed", { role: "status" }, h("p", {}, `台账刚刚有变化：${told.slice(0, 5).join("；")}${told.length > 5 ? `，共 ${told.length} 处` : ""}`), close);
    const older = byId("sheet-notices").querySelector(".sheet-changed");
    if (older) older.remove();
    byId("sheet-notices").append(notice);
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
