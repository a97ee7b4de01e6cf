// The day's list, and one case's briefing: what was asked, what has happened since, what was promised.

import { fill, h } from "../../dom.js";

const MARKS = { stored: "在本机", sent: "已上传", trouble: "有问题" };

// The list as large buttons; `standing(number)` is stored, sent, trouble or "" for a case, `choose(one)` opens it.
export function showCases(list, cases, standing, choose) {
  fill(list, ...cases.map((one) => {
    const at = standing(one.number) || (one.records.length ? "sent" : "");
    const where = [one.place, one.units[0] || (one.place ? "还没有交办" : ""), one.late ? "已超期" : ""].filter(Boolean).join(" · ");
    return h("li", {}, h("button.case-row", { type: "button", data: { number: one.number }, on: { click: () => choose(one) } },
      h("b.case-number", {}, String(one.position)),
      h("span.case-words", {}, h("strong", {}, one.title), h("small", {}, `${one.who} · ${where}`)),
      at ? h(`span.mark.mark-${at}`, {}, MARKS[at]) : h("span.case-todo", {}, "还没记")));
  }));
}

export function showBriefing(node, one) {
  const facts = [["来访人", one.people > 1 ? `${one.who}，共 ${one.people} 人` : one.who], ["编号", one.number], ["地点", one.place], ["来源", one.came], ["现在", one.state], ["期限", one.due ? `${one.due}${one.late ? "（已超期）" : ""}` : ""], ["承办", one.units.join("，")]];
  fill(node,
    h("dl.facts", {}, ...facts.filter(([, text]) => text).flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)])),
    h("div.briefing-text", {}, ...paragraphs(one.text)),
    part("已经答应的", one.promises.map((each) => h("li", {}, h("strong", {}, each.what), h("small", {}, `${each.unit}，${each.due} 前，${each.state}`)))),
    part("这次已经记下的", one.records.map((each) => h("li", {}, h("strong", {}, each.outcome), ` ${each.note}`, h("small", {}, each.at)))),
    part("办到哪一步", one.steps.map((each) => h("li", {}, h("strong", {}, each.step), ` ${each.said}`, h("small", {}, each.day)))));
}

function part(title, rows) {
  return rows.length ? h("div.briefing-part", {}, h("h3", {}, title), h("ul.briefing-lines", {}, ...rows)) : null;
}

function paragraphs(text) {
  return text.split(/\n+/).filter(Boolean).map((line) => h("p", {}, line));
}
