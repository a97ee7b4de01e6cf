// The list: groups that open, rows with six lamps, the flat list of a search or a filter. Rows are built when they are shown.

import { byId, fill, h } from "../../dom.js";
import { HOUSEHOLD, VILLAGE } from "./model.js";
import { day, lampWord, points, queued, standing, state } from "./words.js";

const SMALL = 60; // households up to which every group is open from the start
const FIRST_FOUND = 20; // rows of a flat list at first: a key stroke must not wait for more
const MORE_FOUND = 60;

export class List {
  constructor(sheet, queue, opened) {
    this.sheet = sheet;
    this.queue = queue;
    this.node = byId("sheet-list");
    this.flat = byId("sheet-found-list");
    this.opened = opened; // codes of groups that are open, kept by the caller
    this.filter = "all";
    this.words = "";
    this.most = FIRST_FOUND;
  }

  draw() {
    const groups = this.sheet.groups();
    if (this.opened.size === 0 && (groups.length === 1 || this.sheet.data.households.length <= SMALL)) {
      for (const group of groups) this.opened.add(group.code);
    }
    // What counts for every household comes last: it is rare, and nobody should record there by a slip.
    const whole = this.sheet.data.groups.filter((group) => group.code.length === VILLAGE && this.canHaveOwn(group.code));
    fill(this.node, ...groups.map((group) => this.group(group)), ...whole.map((group) => this.group(group)), this.strays());
    this.drawFlat();
  }

  // Events of households that have left the list of the month: still to be seen, and to be withdrawn.
  strays() {
    const codes = this.sheet.exceptional().filter((code) => !this.sheet.places.has(code));
    if (!codes.length) return null;
    return h("section.sheet-group", {}, h("div.sheet-rows", { role: "grid", "aria-label": "本月不在册" }, ...codes.map((code) => this.row(code))));
  }

  group(group) {
    const id = `rows-${group.code}`;
    const open = this.opened.has(group.code);
    const rows = h("div.sheet-rows", { id, role: "grid", "aria-label": group.name, hidden: !open });
    const toggle = h("button.sheet-toggle", { type: "button", "aria-expanded": String(open), "aria-controls": id, data: { toggle: group.code } });
    const section = h("section.sheet-group", { data: { group: group.code } }, h("h2", {}, toggle), rows);
    this.caption(section, group);
    if (open) this.fillGroup(rows, group.code);
    return section;
  }

  caption(section, group) {
    const whole = group.code.length === VILLAGE;
    const inside = whole ? [] : this.sheet.inGroup(group.code);
    const events = inside.reduce((sum, household) => sum + this.sheet.standing(household.code).length, this.sheet.standing(group.code).length);
    const said = h("span.sheet-toggle-count", {}, whole ? "记在全村" : `${inside.length} 户`, events ? h("strong", {}, ` · ${events} 条例外`) : "");
    fill(section.querySelector("button"), h("span.sheet-chevron", { "aria-hidden": "true" }), h("span", {}, whole ? "全村" : group.name), said);
  }

  fillGroup(rows, code) {
    const households = code.length === VILLAGE ? [] : this.sheet.inGroup(code);
    const own = this.canHaveOwn(code) ? [this.row(code)] : [];
    fill(rows, ...households.map((household) => this.row(household.code)), ...own);
  }

  // A row for the group itself only where somebody could record something on it, or has.
  canHaveOwn(code) {
    return this.sheet.of(code).length > 0 || this.sheet.zeros.some((zero) => this.sheet.clausesFor(zero, code).some((clause) => clause.may_record));
  }

  toggle(code, open = !this.opened.has(code)) {
    const section = this.node.querySelector(`[data-group="${code}"]`);
    if (!section) return;
    const rows = section.querySelector(".sheet-rows");
    if (open) this.opened.add(code);
    else this.opened.delete(code);
    if (open && !rows.firstChild) this.fillGroup(rows, code);
    rows.hidden = !open;
    section.querySelector("button").setAttribute("aria-expanded", String(open));
  }

  toggleAll(open) {
    for (const group of this.sheet.data.groups) this.toggle(group.code, open);
  }

  // One group a frame: a cheap phone shows the first at once and stays usable while the others come.
  async unfold() {
    for (const group of this.sheet.data.groups) {
      this.toggle(group.code, true);
      await new Promise((next) => requestAnimationFrame(next));
    }
  }

  row(code) {
    const division = code.length !== HOUSEHOLD;
    const row = h(division ? "div.sheet-row.sheet-row-division" : "div.sheet-row", { role: "row", data: { code } });
    const number = division ? "每户都算" : `${this.groupName(code)}${code.slice(14)}`;
    fill(row, h("div.sheet-who", { role: "rowheader" }, h("span.sheet-name", {}, this.sheet.name(code)), h("span.sheet-number", {}, this.sheet.isAway(code) ? `${number} · 外出` : number)));
    for (const zero of this.sheet.zeros) row.append(this.cell(code, zero));
    const lines = this.lines(code);
    if (lines.length) row.append(h("div.sheet-lines", { role: "gridcell" }, h("ul", {}, ...lines)));
    return row;
  }

  // In the flat lists the group has to be said with each row.
  groupName(code) {
    if (!this.isFlat) return "";
    const group = this.sheet.places.get(code.slice(0, 14));
    return group ? `${group.name} ` : "";
  }

  cell(code, zero) {
    const possible = this.sheet.clausesFor(zero, code).length > 0 || this.sheet.of(code).some((event) => event.indicator === zero.code);
    if (!possible) return h("div.sheet-cell", { role: "gridcell" });
    const lamp = this.sheet.lamp(code, zero);
    const more = lamp.count > 1 ? `，${lamp.count} 条` : "";
    const label = `${this.sheet.name(code)} ${zero.name}：${lamp.words}${more}`;
    const button = h(`button.sheet-lamp.sheet-lamp-${lamp.state}`, { type: "button", tabindex: "-1", "aria-label": label, "aria-haspopup": "dialog", data: { zero: zero.code } });
    fill(button, h("span", { "aria-hidden": "true" }, lampWord(zero)), h("i", { "aria-hidden": "true" }, lamp.mark, lamp.count > 1 ? h("small", {}, String(lamp.count)) : ""));
    return h("div.sheet-cell", { role: "gridcell" }, button);
  }

  // What is recorded on it, and what is still on its way, each with its state in words.
  lines(code) {
    const events = this.sheet.standing(code).map((event) => this.eventLine(event, code));
    return [...events, ...this.queue.items.filter((item) => item.op.type === "add" && codeOf(item.op) === code).map((item) => this.queuedLine(item))];
  }

  eventLine(event, code) {
    const zero = this.sheet.zeros.find((each) => each.code === event.indicator);
    const clause = this.sheet.clauses.get(event.clause);
    const item = this.queue.items.find((each) => each.op.event === event.id);
    const said = item ? `${item.op.type === "confirm" ? "确认" : "撤回"}：${queued(item)}` : state(event);
    return h(`li.sheet-line-${event.state}`, {},
      h("b", {}, zero.name), ` ${points(event.kind, event.points, code.length !== HOUSEHOLD)} `,
      h("span", {}, event.secret ? "零非访条款，内容保密" : clause ? clause.text : event.clause),
      h("small", {}, `${day(event.date)} ${event.recorded_by.name} · ${said}`));
  }

  queuedLine(item) {
    const clause = this.sheet.clauses.get(item.op.clause);
    const buttons = this.waysOut(item).map(([act, words]) => this.itemButton(item, act, words));
    return h(`li.sheet-line-queued.sheet-line-${standing(item)}`, {},
      h("b", {}, clause ? clause.zero.name : ""), h("span", {}, ` ${clause ? clause.text : item.op.clause}`),
      h("small", {}, `${day(item.op.date)} · ${queued(item)}`), ...buttons);
  }

  // What can be done about an entry that the server did not take. On a sheet that is signed for it waits until that is opened again.
  waysOut(item) {
    const at = standing(item);
    const drop = ["drop", "不要了"];
    if (at === "waiting") return item.sent ? [] : [["again", "改一改"], drop];
    if (at === "conflict" && item.result.event) return [["choose", "看一看，选一个"]];
    if (at === "locked") return this.sheet.declared ? [drop] : [["again", "再登记"], drop];
    return at === "sending" ? [] : [["again", "改一改"], drop];
  }

  itemButton(item, act, words) {
    return h("button.btn.btn-sm", { type: "button", data: { act, item: item.op.op_id } }, words);
  }

  // After something changed on these places: their rows, wherever they stand, and the captions of their groups.
  refresh(codes) {
    for (const code of codes) {
      for (const list of [this.node, this.flat]) {
        this.isFlat = list === this.flat;
        for (const row of list.querySelectorAll(`.sheet-row[data-code="${code}"]`)) row.replaceWith(this.row(code));
      }
      const group = this.sheet.places.get(code.slice(0, 14)) || this.sheet.places.get(code.slice(0, VILLAGE));
      const section = group && this.node.querySelector(`[data-group="${group.code}"]`);
      if (section) this.caption(section, group);
    }
    this.isFlat = false;
  }

  get flatCodes() {
    if (this.words) return this.sheet.search(this.words);
    if (this.filter === "exceptions") return this.sheet.exceptional();
    if (this.filter === "pending") return [...new Set(this.sheet.pending().map((event) => event.code))];
    return null;
  }

  // The flat list, if there is something to search or filter by. Returns how many rows were found, null for none asked.
  drawFlat() {
    const codes = this.flatCodes;
    this.node.hidden = codes !== null;
    this.flat.hidden = codes === null;
    this.isFlat = true;
    fill(this.flat, codes === null ? null : this.found(codes));
    this.isFlat = false;
    return codes === null ? null : codes.length;
  }

  found(codes) {
    if (!codes.length) {
      const advice = this.words ? `没有找到“${this.words}”。可以输入姓名、拼音首字母（如 zsf）、户号（如 12），或“1组12号”。` : "没有。";
      return h("div.empty-box", {}, h("p", {}, advice));
    }
    const rows = h("div.sheet-rows", { role: "grid", "aria-label": "找到的户" }, ...codes.slice(0, this.most).map((code) => this.row(code)));
    const rest = codes.length - this.most;
    const more = rest > 0 ? h("p.sheet-rest", {}, `还有 ${rest} 户。`, h("button.btn.btn-sm", { type: "button", data: { more: "" } }, "再显示一些")) : null;
    return h("section.sheet-group", {}, rows, more);
  }

  showMore() {
    this.most += MORE_FOUND;
    this.drawFlat();
  }

  // Search or filter anew. Returns how many were found, null when nothing is asked any more.
  ask({ words = this.words, filter = this.filter }) {
    this.words = words;
    this.filter = filter;
    this.most = FIRST_FOUND;
    return this.drawFlat();
  }

  // The lamp to put the focus on: in the list that is shown, its group opened if need be.
  lamp(code, zero) {
    if (this.flatCodes === null) this.toggle(code.slice(0, 14), true);
    const shown = this.flatCodes === null ? this.node : this.flat;
    const row = shown.querySelector(`.sheet-row[data-code="${code}"]`);
    return row && (row.querySelector(`[data-zero="${zero}"]`) || row.querySelector("[data-zero]"));
  }
}

export const codeOf = (op) => op.household || op.division;
