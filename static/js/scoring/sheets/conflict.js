// A conflict: what was recorded here beside what somebody else recorded meanwhile, and a choice in plain words.

import { byId, closable, fill, h } from "../../dom.js";
import { codeOf } from "./list.js";
import { day, moment } from "./words.js";

const WHY = "与后登记的一条重复，以后登记的为准";

export class Conflict {
  // `page` gives: sheet, queue, list, drop(item), operate(fields, codes), reload(), say(words)
  constructor(page) {
    this.page = page;
    this.dialog = byId("conflict");
    closable(this.dialog, () => this.code && page.list.lamp(this.code, this.zero));
    byId("conflict-choices").addEventListener("click", (event) => this.chosen(event.target.closest("[data-choice]")));
  }

  get sheet() {
    return this.page.sheet;
  }

  // `item` is an entry of the queue that the server did not take; its result names what stands.
  async open(item) {
    if (!this.standing(item)) await this.page.reload(); // it may not have been read yet
    if (this.dialog.open) return;
    const clause = this.sheet.clauses.get(item.op.clause);
    Object.assign(this, { item, code: codeOf(item.op), zero: clause ? clause.zero.code : "", theirs: this.standing(item) });
    fill(byId("conflict-title"), `${this.sheet.name(this.code)}${clause ? `：${clause.zero.name}` : ""}`);
    fill(byId("conflict-said"), item.reason);
    fill(byId("conflict-sides"), this.side("我在这台设备上记的", this.mine(item.op, clause)), this.side("已经登记的", this.other()));
    fill(byId("conflict-choices"), ...this.choices());
    this.dialog.showModal();
    byId("conflict-choices").firstElementChild.focus();
  }

  // What the server named, as long as it stands.
  standing(item) {
    return this.sheet.all.find((event) => event.id === item.result.event && event.state !== "withdrawn") || null;
  }

  side(title, facts) {
    return h("section.conflict-side", {}, h("h3", {}, title), ...facts);
  }

  mine(op, clause) {
    return [
      h("p", {}, clause ? clause.text : op.clause),
      h("dl", {}, ...rows([["日期", day(op.date)], ["文书号", op.document_no], ["说明", op.note]])),
    ];
  }

  other() {
    const { theirs } = this;
    if (!theirs) return [h("p", {}, "现在已经没有了（被撤回，或者不归您看）。")];
    const clause = this.sheet.clauses.get(theirs.clause);
    const by = `${theirs.recorded_by.role_name} ${theirs.recorded_by.name}，${moment(theirs.recorded_at)}`;
    return [
      h("p", {}, theirs.secret ? "零非访条款，内容保密" : clause ? clause.text : theirs.clause),
      h("dl", {}, ...rows([["日期", day(theirs.date)], ["文书号", theirs.document_no], ["说明", theirs.note], ["谁记的", by]])),
    ];
  }

  choices() {
    const choice = (name, words, note) => h("button.btn", { type: "button", data: { choice: name } }, words, h("small", {}, note));
    const mine = this.theirs
      ? choice("both", "两条都要", "确实是两回事，我的也登记")
      : choice("both", "登记我的", "已经登记的那条没有了");
    return [
      choice("theirs", "用已经登记的", "是同一回事，我记的不要了"),
      this.theirs && this.theirs.can_withdraw ? choice("mine", "用我的", "是同一回事，撤回已经登记的那条") : null,
      mine,
    ].filter(Boolean);
  }

  async chosen(button) {
    if (!button) return;
    const { item, code, theirs } = this;
    const { op_id: _id, words: _words, after: _after, ...fields } = item.op;
    this.dialog.close();
    await this.page.drop(item);
    const { choice } = button.dataset;
    if (choice === "mine") await this.page.operate({ type: "withdraw", event: theirs.id, reason: WHY }, [code]);
    if (choice !== "theirs") await this.page.operate({ ...fields, again: true }, [code]);
    this.page.say({ theirs: "用了已经登记的", mine: "换成了您记的", both: "您记的也登记了" }[choice]);
  }
}

const rows = (facts) => [].concat(...facts.filter(([, text]) => text).map(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
