// What stands above the list: why the sheet is locked or was sent back, what is due, and what others changed meanwhile.

import { byId, fill, h } from "../../dom.js";

const STATES = { open: "录入中", declared: "已申报", reviewed: "已审核", posted: "公示中", frozen: "已锁定" };
const MOST = 5; // changes that are told one by one

export function drawBanner({ data }) {
  const { returned } = data;
  const banners = [];
  if (data.lock_reason) banners.push(h("p.notice.sheet-lock", {}, data.lock_reason));
  const since = returned && returned.changes ? `退回以后已经改了 ${returned.changes} 处。` : "退回以后还没有改动。";
  if (returned) banners.push(h("p.notice.notice-warning", {}, `${returned.by || "乡镇"}退回了这份台账：${returned.reason}。${since}改好后请重新申报。`));
  if (data.due && data.may.declare) banners.push(h("p.sheet-due", {}, data.due));
  fill(place(), ...banners);
  fill(byId("sheet-state"), h(`span.state.state-${data.state}`, {}, STATES[data.state]));
}

function place() {
  const known = byId("sheet-notices").querySelector(".sheet-banners");
  return known || byId("sheet-notices").appendChild(h("div.sheet-banners"));
}

export function tell(told) {
  const close = h("button.btn.btn-sm", { type: "button", on: { click: () => notice.remove() } }, "知道了");
  const rest = told.length > MOST ? `，共 ${told.length} 处` : "";
  const notice = h("div.notice.sheet-changed", { role: "status" }, h("p", {}, `台账刚刚有变化：${told.slice(0, MOST).join("；")}${rest}`), close);
  const older = byId("sheet-notices").querySelector(".sheet-changed");
  if (older) older.remove();
  byId("sheet-notices").append(notice);
}
