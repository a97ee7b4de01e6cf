// Photos chosen with an entry. They wait in the page until the server has taken the entry, and then go to it one by one; those that
// did not arrive stay in a notice, each with the id under which it is sent again.

import { byId, h } from "../../dom.js";
import { newId } from "../../ops.js";
import { faultOf, json, sendForm } from "../../server.js";

export const MOST = 4;
export const LARGEST = 10 * 1024 * 1024; // bytes

// What is wrong with the choice; empty when nothing is.
export function faultOfFiles(files) {
  if (files.length > MOST) return `最多 ${MOST} 张照片。`;
  return files.some((file) => file.size > LARGEST) ? "照片太大，一张最大 10 MB。" : "";
}

export class Photos {
  // `page` gives: root, sheet, refresh(codes), say(words, tone)
  constructor(page) {
    this.page = page;
    this.kept = new Map(); // item of the queue -> its photos
    this.sending = 0;
  }

  get waiting() {
    return this.kept.size > 0 || this.sending > 0;
  }

  // Before the entry is sent, so that its answer finds them whenever it comes.
  keep(item, files) {
    if (files.length) this.kept.set(item, files.map((file) => ({ id: newId(), file })));
  }

  // Something in the queue changed: photos go to what was taken; of what was refused they are still chosen in the dialog.
  moved() {
    for (const [item, photos] of this.kept) {
      if (item.state === "done") this.send(item.result.event, photos);
      if (item.state === "done" || item.state === "failed") this.kept.delete(item);
    }
  }

  async send(number, photos) {
    this.sending += 1;
    this.page.say(`正在传 ${photos.length} 张照片……`);
    let left = photos;
    try {
      while (left.length) {
        await this.sendOne(number, left[0]);
        left = left.slice(1);
      }
      this.page.say(`${photos.length} 张照片已经加上`);
    } catch (fault) {
      this.failed(number, left, fault.message);
    } finally {
      this.sending -= 1;
    }
  }

  async sendOne(number, photo) {
    const form = new FormData();
    form.append("op_id", photo.id);
    form.append("photo", photo.file);
    const response = await sendForm(this.page.root.dataset.photosUrl.replace("/0/", `/${number}/`), form);
    const body = await json(response);
    if (!response.ok || !body) throw faultOf(response, body);
    const event = this.event(number);
    if (!event) return;
    this.page.sheet.put({ ...event, photos: body.standing });
    this.page.refresh([event.code]);
  }

  event(number) {
    return this.page.sheet.all.find((each) => each.id === number);
  }

  failed(number, left, reason) {
    const event = this.event(number);
    const whose = event ? `${this.page.sheet.name(event.code)}的` : "";
    const close = (then) => () => [notice.remove(), then && then()];
    const button = (words, then) => h("button.btn.btn-sm", { type: "button", on: { click: close(then) } }, words);
    const notice = h("div.notice.notice-error", { role: "alert" }, h("p", {}, `${whose}${left.length} 张照片没有传上去：${reason}。例外已经登记，照片可以再传。`),
      button("再传一次", () => this.send(number, left)), button("不传了"));
    byId("sheet-notices").append(notice);
    this.page.say("有照片没有传上去", "failed");
  }
}
