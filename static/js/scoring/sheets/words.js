// How things are said on the sheet.

const KINDS = { deduct: "扣", bonus: "加" };

// 扣 5 分, 加 3 分, 提醒; on a division the points count once for each household in it.
export function points(kind, number, division) {
  if (!KINDS[kind]) return "提醒，不扣分";
  return `${division ? "每户" : ""}${KINDS[kind]} ${number} 分`;
}

// 2026-10-05 -> 10月5日
export function day(iso) {
  return `${Number(iso.slice(5, 7))}月${Number(iso.slice(8, 10))}日`;
}

// 2026-10-05 -> 10月5日 星期一, whatever language the browser's own calendar speaks.
export function weekday(iso) {
  const at = new Date(`${iso}T00:00:00Z`).getUTCDay();
  return Number.isNaN(at) ? "" : `${day(iso)} 星期${"日一二三四五六".charAt(at)}`;
}

// A moment of the server's clock, in Chinese time wherever the phone thinks it is.
const MOMENT = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function moment(iso) {
  const part = {};
  for (const { type, value } of MOMENT.formatToParts(new Date(iso))) part[type] = value;
  return `${part.month}月${part.day}日 ${part.hour}:${part.minute}`;
}

// Today in Chinese time, as this device thinks: 2026-10-05.
const TODAY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });

export function dayHere() {
  const part = {};
  for (const { type, value } of TODAY.formatToParts(new Date())) part[type] = value;
  return `${part.year}-${part.month}-${part.day}`;
}

export function month(text) {
  return `${text.slice(0, 4)}年${Number(text.slice(5))}月`;
}

// The short word under a lamp: 违建 for 零违建.
export function lampWord(zero) {
  return zero.name.length > 1 && zero.name.startsWith("零") ? zero.name.slice(1) : zero.name;
}

export function state(event) {
  return { confirmed: "已保存", pending: "已保存，等第二人确认", withdrawn: "已撤回" }[event.state];
}

// Where an operation is that the server has not taken: waiting, sending, failed, conflict (somebody else was there first) or locked
// (the sheet has been signed for meanwhile).
export function standing(item) {
  const { status, code } = item.result || {};
  if (item.state !== "failed") return item.state;
  if (code === "sheet_locked") return "locked";
  return status === "conflict" ? "conflict" : "failed";
}

const SAID = { failed: "没有保存", conflict: "有冲突，没有保存", locked: "台账已锁定，没有保存" };

// What is to be said of it.
export function queued(item) {
  const at = standing(item);
  if (at === "held") return "服务器收着，等前一条到了再登记";
  if (at === "sending") return "正在保存……";
  if (at === "waiting") return item.reason ? `${item.reason}，等待发送` : "已存在本机，等待发送";
  return `${SAID[at]}：${item.reason}`;
}
