// What was recorded on this device and where it is now: what waits, what the server has signed for, what it refused.

import { byId, closable } from "../../dom.js";
import { showLog } from "../../offline_log.js";
import { moment } from "./words.js";

export class Sent {
  // `page` gives: queue, device, receipts, carry, again(item), drop(item)
  constructor(page) {
    this.page = page;
    this.dialog = byId("sent");
    closable(this.dialog, () => byId("sheet-sent"));
    byId("sheet-sent").hidden = false;
    byId("sheet-sent").addEventListener("click", () => this.open());
  }

  async open() {
    await this.draw();
    this.dialog.showModal();
  }

  async draw() {
    const { queue, device } = this.page;
    const acts = { again: (item) => this.left(() => this.page.again(item)), againWords: "改一改", aside: (item) => this.left(() => this.page.drop(item)) };
    const notes = { detail: (words) => words.day, answered: (result) => this.answered(result) };
    if (this.page.carry) this.page.carry.draw();
    byId("sent-none").hidden = showLog(byId("sent-log"), queue, await device.store.log(), acts, notes) > 0;
  }

  async left(act) {
    this.dialog.close();
    await act();
  }

  answered({ receipt }) {
    if (!receipt) return "";
    return this.page.receipts.can ? `已送达，服务器 ${moment(receipt.at)} 签收` : `服务器 ${moment(receipt.at)} 回答过；这个浏览器验不了签名`;
  }
}
