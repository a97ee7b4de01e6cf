// The dialog of one household or division: its six zeros, what is recorded under one of them, and the form for one more.

import { byId, closable, fill, h, onKey } from "../../dom.js";
import { faultOf } from "./check.js";
import { Drafts } from "./drafts.js";
import { eventCard } from "./event.js";
import { Impact } from "./impact.js";
import { HOUSEHOLD } from "./model.js";
import { faultOfFiles } from "./photos.js";
import { dayHere, lampWord, points, weekday } from "./words.js";

const FAULTS = { clause: "entry-clause-fault", date: "entry-date-fault", document_no: "entry-document-fault", note: "entry-note-fault", photos: "entry-photos-fault" };
const KINDS = [["deduct", "扣分"], ["remind", "提醒"], ["bonus", "加分"]];
const LONGEST_NOTE = 200;

const later = (one, other) => (one > other ? one : other); // without a line the month is that of an earlier day

export class Entry {
  // `page` gives: sheet, queue, device, list, record(fields, files) -> item, operate(fields) -> item, say(words); `drafts` those that lie
  // on the device.
  constructor(page, drafts) {
    this.page = page;
    this.dialog = byId("entry");
    this.form = byId("entry-form");
    this.drafts = new Drafts(page.device.store, drafts);
    this.impact = new Impact(page.root.dataset.impactUrl);
    this.code = "";
    closable(this.dialog, () => page.list.lamp(this.code, this.zero.code));
    this.dialog.addEventListener("close", () => this.keepDraft());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("change", (event) => event.target.name === "clause" && this.choose());
    this.form.addEventListener("input", () => this.typed());
    byId("entry-zeros").addEventListener("click", (event) => this.tab(event.target.closest("[data-zero]")));
    onKey(byId("entry-zeros"), (event) => this.tabKey(event));
  }

  get isOpen() {
    return this.dialog.open;
  }

  get sheet() {
    return this.page.sheet;
  }

  open(code, zero, fields) {
    this.code = code;
    byId("entry-who").textContent = this.sheet.name(code);
    if (code.length === HOUSEHOLD) byId("entry-who").append(h("small", {}, this.numberOf(code)));
    const contacts = byId("entry-contacts");
    contacts.hidden = code.length !== HOUSEHOLD;
    contacts.href = contacts.dataset.at.replace("0/", `${code}/`);
    this.show(zero || this.firstZero());
    if (fields) this.restore(fields);
    if (!this.dialog.open) this.dialog.showModal();
    (zero ? this.firstField() : byId("entry-zeros").querySelector('[aria-selected="true"]')).focus();
  }

  numberOf(code) {
    const group = this.sheet.places.get(code.slice(0, 14));
    return `${group ? `${group.name} ` : ""}${code.slice(14)}`;
  }

  // The first zero under which something is recorded, else the first that takes an entry.
  firstZero() {
    const used = this.sheet.zeros.find((zero) => this.sheet.lamp(this.code, zero).count);
    return (used || this.tabs()[0]).code;
  }

  tabs() {
    return this.sheet.zeros.filter((zero) => this.sheet.clausesFor(zero, this.code).length || this.sheet.lamp(this.code, zero).count);
  }

  show(code) {
    this.zero = this.sheet.zeros.find((zero) => zero.code === code);
    this.drawTabs();
    this.say("");
    this.drawForm();
    this.drawEvents();
    this.restore(this.drafts.get(this.code, this.zero.code));
    byId("entry-panel").scrollTop = 0;
  }

  drawTabs() {
    const tabs = this.tabs().map((zero) => {
      const lamp = this.sheet.lamp(this.code, zero);
      const chosen = zero === this.zero;
      return h(`button.sheet-lamp.sheet-lamp-${lamp.state}`, {
        type: "button", role: "tab", id: `tab-${zero.code}`, "aria-selected": String(chosen), "aria-controls": "entry-panel",
        "aria-label": `${zero.name}：${lamp.words}`, tabindex: chosen ? "0" : "-1", data: { zero: zero.code },
      }, h("span", { "aria-hidden": "true" }, lampWord(zero)), h("i", { "aria-hidden": "true" }, lamp.mark));
    });
    fill(byId("entry-zeros"), ...tabs);
    byId("entry-panel").setAttribute("aria-labelledby", `tab-${this.zero.code}`);
  }

  tab(button) {
    if (!button || button.dataset.zero === this.zero.code) return;
    this.keepDraft();
    this.show(button.dataset.zero);
    byId(`tab-${this.zero.code}`).focus();
  }

  tabKey(event) {
    const tabs = [...byId("entry-zeros").children];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.tab(tabs[(tabs.indexOf(event.target.closest("button")) + step + tabs.length) % tabs.length]);
  }

  // The sheet was read anew. What is being typed stays, unless nothing may be recorded any more: then it is a draft.
  refresh() {
    if (this.sheet.data.may.record || byId("entry-foot").hidden) {
      this.drawEvents();
      this.drawTabs();
      if (this.chosen) this.impact.ask(this.fields());
    } else {
      this.keepDraft();
      this.show(this.zero.code);
    }
  }

  // Events change while the form is being filled in: they are drawn apart from it.
  drawEvents() {
    const events = this.sheet.of(this.code).filter((event) => event.indicator === this.zero.code);
    const standing = events.filter((event) => event.state !== "withdrawn");
    const withdrawn = events.filter((event) => event.state === "withdrawn");
    const card = (event) => eventCard(event, this.page);
    const past = withdrawn.length ? h("details.sheet-past", {}, h("summary", {}, `撤回过 ${withdrawn.length} 条`), ...withdrawn.map(card)) : null;
    fill(byId("entry-events"), ...standing.map(card), past);
  }

  drawForm() {
    const clauses = this.sheet.clausesFor(this.zero, this.code);
    const own = this.sheet.data.may.record ? clauses.filter((clause) => clause.may_record) : [];
    const others = clauses.filter((clause) => !own.includes(clause));
    const fields = byId("entry-fields");
    this.form.reset();
    byId("entry-add").append(fields); // out of the clauses that are about to go
    fields.hidden = true;
    this.impact.clear();
    byId("entry-add").hidden = byId("entry-foot").hidden = !own.length;
    byId("entry-add-title").textContent = `${this.zero.name}：登记一条`;
    fill(byId("entry-clauses"), byId("entry-clauses").firstElementChild, ...KINDS.map(([kind, words]) => this.kind(words, own.filter((clause) => clause.kind === kind))));
    fill(byId("entry-whole"), own.length ? this.forEveryone() : null);
    fill(byId("entry-others"), this.locked(), this.others(others, own.length));
    const date = byId("entry-date");
    [date.min, date.max] = this.days();
    date.value = date.max;
    this.clearFaults();
    this.typed();
  }

  // The first and the last day that an entry may have: inside the month, not after today.
  days() {
    const { opens_on: first, closes_at: end, today } = this.sheet.data;
    const [last, now] = [end.slice(0, 10), later(today, dayHere())];
    return [first, now < last ? now : last];
  }

  kind(words, clauses) {
    if (!clauses.length) return null;
    return h("div.sheet-kind", {}, h("h4", {}, words), ...clauses.map((clause) => this.clause(clause)));
  }

  clause(clause) {
    const needs = [clause.document_required ? "须有文书号" : "", clause.second_person ? "须第二人确认才算" : ""].filter(Boolean);
    return h("label.sheet-clause", {},
      h("input.form-check-input", { type: "radio", name: "clause", value: clause.code }),
      h("span.sheet-clause-text", {}, clause.text, needs.length ? h("small", {}, needs.join("，")) : ""),
      h(`span.sheet-points.sheet-points-${clause.kind}`, {}, points(clause.kind, clause.points, this.code.length !== HOUSEHOLD)));
  }

  forEveryone() {
    if (this.code.length === HOUSEHOLD) return null;
    const inside = this.sheet.data.households.filter((household) => household.code.startsWith(this.code)).length;
    return h("p.notice.notice-warning", {}, `这里记的，${inside} 户每户都算。只是某一户的事，请记在那一户上。`);
  }

  locked() {
    return this.sheet.data.lock_reason ? h("p.notice", {}, this.sheet.data.lock_reason) : null;
  }

  // Clauses that somebody else records: greyed, each with who.
  others(clauses, folded) {
    if (!clauses.length) return null;
    const lines = clauses.map((clause) => h("li", {},
      h("span.sheet-clause-text", {}, clause.text, h("small", {}, clause.may_record ? "" : `由${clause.recorder_name}登记`)),
      h(`span.sheet-points.sheet-points-${clause.kind}`, {}, points(clause.kind, clause.points, this.code.length !== HOUSEHOLD))));
    const title = this.sheet.data.may.record ? `别人登记的条款（${clauses.length}）` : `这一项的条款（${clauses.length}）`;
    return h("details.sheet-others", { open: !folded && this.sheet.data.may.record }, h("summary", {}, title), h("ul", {}, ...lines));
  }

  firstField() {
    return this.form.querySelector('input[name="clause"]') || byId("entry-who");
  }

  get chosen() {
    const input = this.form.querySelector('input[name="clause"]:checked');
    return input ? this.sheet.clauses.get(input.value) : null;
  }

  // The fields stand right under the chosen clause, so that nobody has to look for them.
  choose() {
    const clause = this.chosen;
    const fields = byId("entry-fields");
    for (const label of this.form.querySelectorAll(".sheet-clause")) {
      const mine = Boolean(clause) && label.firstElementChild.value === clause.code;
      label.classList.toggle("sheet-clause-chosen", mine);
      if (mine) label.after(fields);
    }
    fields.hidden = !clause;
    byId("entry-document-field").hidden = !clause || !clause.document_required;
    byId("entry-document").required = Boolean(clause && clause.document_required);
    this.fault("clause", "");
    this.twice = this.told = null;
    if (!clause) return;
    fields.scrollIntoView({ block: "nearest" });
    this.impact.ask(this.fields());
  }

  typed() {
    const left = LONGEST_NOTE - byId("entry-note").value.length;
    byId("entry-note-left").textContent = left < 50 ? `还可以写 ${left} 个字` : "";
    byId("entry-date-words").textContent = byId("entry-date").value ? weekday(byId("entry-date").value) : "";
    byId("entry-draft").hidden = true;
    byId("entry-save").textContent = "登记这一条";
    this.twice = this.told = null;
  }

  fields() {
    const clause = this.chosen;
    const place = this.code.length === HOUSEHOLD ? "household" : "division";
    const fields = { type: "add", [place]: this.code, clause: clause ? clause.code : "", date: byId("entry-date").value };
    if (clause && clause.document_required) fields.document_no = byId("entry-document").value.trim();
    if (byId("entry-note").value.trim()) fields.note = byId("entry-note").value.trim();
    return fields;
  }

  files() {
    return [...byId("entry-photos").files];
  }

  async submit(event) {
    event.preventDefault();
    if (this.saving || byId("entry-foot").hidden) return;
    const fields = this.fields();
    if (!this.check(fields) || !this.sure(fields)) return;
    await this.save(fields);
  }

  check(fields) {
    this.clearFaults();
    const [first, last] = this.days();
    const found = faultOf(fields, this.chosen, { first, last });
    if (found) this.fault(...found);
    else if (faultOfFiles(this.files())) this.fault("photos", faultOfFiles(this.files()));
    else return true;
    return false;
  }

  // The same clause on the same day a second time is possible, but not by a slip: the second press says that it is meant. Of a
  // twin that this reader does not see only the server knows.
  sure(fields) {
    const twin = this.sheet.standing(this.code).find((event) => event.clause === fields.clause && event.date === fields.date);
    const key = JSON.stringify(fields);
    if (key === (twin ? this.twice : this.told)) fields.again = true;
    if (!twin || fields.again) return true;
    this.twice = key;
    this.say("同一天已经登记过这一条，就在上面。如果确实又发生了一次，请再按一次。");
    byId("entry-save").textContent = "确实又一次，登记";
    return false;
  }

  async save(fields) {
    const [code, zero] = [this.code, this.zero.code];
    this.busy(true);
    this.drafts.drop(code, zero); // from here on the queue holds it
    const item = await this.page.record(fields, this.files());
    this.busy(false);
    if (!this.dialog.open || this.code !== code || this.zero.code !== zero) return;
    if (item.state === "failed") await this.refused(item, fields);
    else this.done(code, item);
  }

  busy(busy) {
    this.saving = busy;
    byId("entry-save").disabled = busy;
    byId("entry-save").textContent = busy ? "正在保存……" : "登记这一条";
  }

  done(code, item) {
    this.form.reset();
    this.dialog.close();
    this.page.spent();
    if (item.state === "done") this.page.say(`已保存：${this.sheet.name(code)}`); // else the foot says why it waits
  }

  // What was typed stays; the reason stands beside what it concerns. The failed operation itself is not needed any more.
  async refused(item, fields) {
    await this.page.queue.discard(item);
    const { again, ...plain } = fields;
    this.told = item.result && ["twin", "raced"].includes(item.result.code) ? JSON.stringify(plain) : null;
    const faults = Object.entries((item.result && item.result.fields) || {}).filter(([name]) => FAULTS[name]);
    if (faults.length) this.fault(faults[0][0], item.reason);
    else this.say(item.reason);
    this.drawEvents();
    this.drawTabs();
  }

  fault(name, words) {
    const node = byId(FAULTS[name]);
    const field = name === "clause" ? this.firstField() : this.form.elements[name];
    node.textContent = words;
    node.hidden = !words;
    if (field.setAttribute) field.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) field.focus();
  }

  clearFaults() {
    this.say("");
    for (const name of Object.keys(FAULTS)) this.fault(name, "");
  }

  say(words) {
    fill(byId("entry-said"), words ? h("p.notice.notice-error", {}, words) : "");
    if (words) byId("entry-said").scrollIntoView({ block: "nearest" });
  }

  // Typed but not saved: kept for when the lamp is opened again.
  keepDraft() {
    if (byId("entry-foot").hidden || this.saving) return;
    const fields = this.fields();
    if (fields.clause || fields.note) this.drafts.put(this.code, this.zero.code, { ...fields, document_no: byId("entry-document").value, note: byId("entry-note").value });
    else this.drafts.drop(this.code, this.zero.code);
  }

  restore(fields) {
    const input = fields && this.form.querySelector(`input[name="clause"][value="${fields.clause}"]`);
    if (!fields || (!input && !fields.note)) return;
    if (input) input.checked = true;
    byId("entry-note").value = fields.note || "";
    byId("entry-document").value = fields.document_no || "";
    if (fields.date) byId("entry-date").value = fields.date;
    this.choose();
    this.typed();
    byId("entry-draft").hidden = false;
  }
}
