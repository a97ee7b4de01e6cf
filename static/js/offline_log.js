// What was done on this device, each with where it is now, in words and in colour.

import { fill, h } from "./dom.js";
import { FAILED } from "./ops.js";

const STATES = {
  stored: ["已保存在本机", "等网络恢复自动送出"],
  sent: ["已上传", ""],
  trouble: ["有问题", ""],
};

// `acts` are {again(item), againWords, aside(item)}; `notes` say more of a line: {detail(words), answered(result)}, both in words.
// Answers how many lines there are.
export function showLog(list, queue, lines, acts, notes) {
  const waiting = queue.items.map((item) => {
    const state = item.state === FAILED ? "trouble" : "stored";
    return { made: item.made, words: item.op.words, state, reason: item.reason, item };
  });
  const ended = lines.map((line) => {
    const ok = line.result && !["refused", "conflict"].includes(line.result.status); // else it was put aside
    return { made: line.made, words: line.words, state: ok ? "sent" : "trouble", reason: ok ? notes.answered(line.result || {}) : line.reason };
  });
  const all = [...waiting, ...ended].sort((a, b) => b.made - a.made);
  fill(list, ...all.map((line) => row(line, acts, notes)));
  return all.length;
}

function row(line, acts, notes) {
  const [label, fallback] = STATES[line.state];
  const note = line.reason || (line.state === "stored" ? fallback : "");
  const { again, againWords, aside } = acts;
  return h("li", { data: { state: line.state } },
    h("span.log-words", {}, h("strong", {}, line.words.who), h("span", {}, line.words.what), h("small", {}, [clock(line.made), notes.detail(line.words)].filter(Boolean).join(" · ")),
      note ? h("small.log-note", {}, note) : null),
    h(`span.mark.mark-${line.state}`, {}, label),
    line.item && line.state === "trouble"
      ? h("span.log-acts", {},
        h("button.btn.btn-sm", { type: "button", on: { click: () => again(line.item) } }, againWords),
        h("button.btn.btn-sm", { type: "button", on: { click: () => aside(line.item) } }, "知道了，不再送"))
      : null);
}

export function clock(time) {
  const at = new Date(time);
  const two = (number) => String(number).padStart(2, "0");
  const today = new Date().toDateString() === at.toDateString();
  return `${today ? "" : `${at.getMonth() + 1}月${at.getDate()}日 `}${two(at.getHours())}:${two(at.getMinutes())}`;
}
