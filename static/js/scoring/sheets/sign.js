// The foot of the page: the running count, what is saved and what is not, and the signature.

import { byId, closable, fill, h } from "../../dom.js";
import { moment, month } from "./words.js";

export class Sign {
  // `page` gives: sheet, queue, operate(fields) -> item, say(words), back()
  constructor(page) {
    this.page = page;
    this.dialog = byId("sign");
    this.button = byId("sheet-sign");
    closable(this.dialog, () => this.button);
    this.button.addEventListener("click", () => this.open());
    byId("sheet-retry").addEventListener("click", () => page.back());
    byId("sign-form").addEventListener("submit", (event) => this.submit(event));
  }

  get sheet() {
    return this.page.sheet;
  }

  get undeclaring() {
    return this.sheet.data.may.undeclare;
  }

  draw() {
    byId("sheet-bar").hidden = false;
    this.drawCount();
    this.drawSaved();
    this.drawButton();
    if (this.dialog.open) this.drawWords();
  }

  drawCount() {
    const { declared } = this.sheet.data;
    const { events, sixZero } = this.sheet.counts();
    const whose = this.wholeVillage ? "" : "本组";
    fill(byId("sheet-count"), `${whose}已登记 `, h("b", {}, String(events)), " 条例外 · 其余 ", h("b", {}, String(sixZero)), " 户六项为零",
      declared ? h("small", {}, `${declared.by} ${moment(declared.at)} 签字申报`) : "");
  }

  // Sent back, and nothing has been recorded, confirmed or withdrawn since: neither before this page was read nor on it.
  // What was done on it may be older than the return, which the server knows.
  get unchanged() {
    const { returned } = this.sheet.data;
    return !this.undeclaring && Boolean(returned) && !returned.changes && (this.asItWas || !this.page.own.size);
  }

  get wholeVillage() {
    const { groups, village } = this.sheet.data;
    return groups.length !== 1 || groups[0].code === village.code;
  }

  drawSaved() {
    const { waiting, failed, fault } = this.page.queue;
    const signedOut = Boolean(fault && fault.kind === "signed_out" && waiting.length);
    const sending = waiting.some((item) => item.state === "sending");
    let words = this.sheet.data.may.record ? "都已保存" : "";
    if (failed.length) words = `${failed.length} 条没有保存，请看名单里的原因`;
    if (waiting.length && !sending) words = signedOut ? `登录已经过期，${waiting.length} 条等着发送，内容都在` : `${waiting.length} 条等待发送，有信号时自动发送`;
    if (sending) words = "正在保存……";
    const node = byId("sheet-saved");
    if (node.textContent !== words) node.textContent = words;
    node.className = failed.length ? "sheet-saved sheet-saved-failed" : waiting.length ? "sheet-saved sheet-saved-waiting" : "sheet-saved";
    byId("sheet-retry").hidden = !waiting.length || sending;
    byId("sheet-sign-in").hidden = !signedOut;
  }

  drawButton() {
    const { may } = this.sheet.data;
    this.button.hidden = !may.declare && !may.undeclare;
    this.button.className = may.declare ? "btn btn-primary" : "btn";
    this.button.textContent = may.declare ? `签字申报：其余 ${this.sheet.counts().sixZero} 户六项为零` : "撤回申报";
  }

  async open() {
    if (this.page.queue.waiting.length) await this.page.queue.flush();
    if (this.page.queue.items.length) {
      this.page.say("还有没有保存的内容，保存以后才能申报。", "failed");
      return;
    }
    byId("sign-title").textContent = this.undeclaring ? "撤回申报" : "签字申报";
    byId("sign-go").textContent = this.undeclaring ? "撤回申报" : "签字申报";
    byId("sign-reason-field").hidden = !this.undeclaring;
    byId("sign-reason-fault").hidden = true;
    this.say("");
    this.drawWords();
    this.dialog.showModal();
    (this.undeclaring ? byId("sign-reason") : byId("sign-go")).focus();
  }

  drawWords() {
    fill(byId("sign-words"), ...(this.undeclaring ? this.undeclareWords() : this.declareWords()));
  }

  undeclareWords() {
    return [h("p", {}, "撤回以后台账又可以修改，改好要重新签字申报。撤回和原因都会留下记录。")];
  }

  // Exactly what is signed, and what should make one stop.
  declareWords() {
    const { data } = this.sheet;
    const { events, households, exceptions, sixZero } = this.sheet.counts();
    const [township] = data.village.above;
    const pending = this.sheet.pending().length;
    const early = data.today <= data.closes_at.slice(0, 10);
    return [
      this.unchanged ? h("p.notice.notice-error", {}, `乡镇退回时写的是：“${data.returned.reason}”。退回以后没有任何改动。`) : null,
      this.unchanged ? h("label.form-check", {}, h("input.form-check-input", { type: "checkbox", id: "sign-same", required: true }), h("span.form-check-label", {}, "我核对过，确实不用改，原样再报一次")) : null,
      h("p.sheet-oath", {}, `我代表${township ? township.name : ""}${data.village.name}申报 ${month(data.month)}：全村 ${households} 户，`,
        exceptions ? `${exceptions} 户有例外（共 ${events} 条），` : events ? `例外 ${events} 条，` : "没有例外，", h("b", {}, `其余 ${sixZero} 户六项为零`), "。"),
      early ? h("p.notice.notice-warning", {}, `${month(data.month)}还没有过完。现在申报，月底前再发生的事要先撤回申报才能补录。`) : null,
      pending ? h("p.notice", {}, `有 ${pending} 条还等第二人确认，确认以后才计分。`) : null,
      h("p", {}, "申报以后台账不能再改；乡镇审核以前，可以写明原因撤回。"),
    ].filter(Boolean);
  }

  async submit(event) {
    event.preventDefault();
    if (this.saving) return;
    const reason = byId("sign-reason").value.trim();
    byId("sign-reason-fault").hidden = true;
    if (this.undeclaring && !reason) {
      byId("sign-reason-fault").textContent = "请写明撤回的原因。";
      byId("sign-reason-fault").hidden = false;
      byId("sign-reason").focus();
      return;
    }
    const same = byId("sign-same");
    if (same && !same.checked) {
      this.say("这份台账退回以后一处也没有改。请先改好；确实不用改的，请勾选后再签字。");
      same.focus();
      return;
    }
    const again = same ? { again: true } : {};
    await this.send(this.undeclaring ? { type: "undeclare", reason } : { type: "declare", ...again });
  }

  async send(fields) {
    this.busy(true);
    const item = await this.page.operate(fields, []);
    this.busy(false);
    if (item.state === "failed") {
      await this.page.queue.discard(item);
      this.asItWas = Boolean(item.result) && item.result.code === "unchanged";
      this.say(item.reason);
      this.drawWords();
      return;
    }
    byId("sign-reason").value = "";
    this.dialog.close();
    const done = fields.type === "declare" ? "已经签字申报。" : "已经撤回申报，可以修改了。";
    if (item.state === "done") this.page.say(done);
    else this.page.say("没有信号，恢复以后自动发送；同一次签字不会重复。", "waiting");
  }

  busy(busy) {
    this.saving = busy;
    byId("sign-go").disabled = busy;
  }

  say(words) {
    fill(byId("sign-said"), words ? h("p.notice.notice-error", {}, words) : "");
  }
}
