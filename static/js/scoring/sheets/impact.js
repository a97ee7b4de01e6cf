// What the entry that is being filled in would do, asked of the server before it is saved. Without a line it says that it is not known.

import { byId, fill, h } from "../../dom.js";
import { post } from "../../server.js";

const AS_IF = "照本村现在就签字申报来算";

export class Impact {
  constructor(url) {
    this.url = url;
    this.node = byId("entry-impact");
    this.clear();
  }

  clear() {
    this.asked = null;
    fill(this.node, null);
  }

  // `fields` are those of an "add" of the interface. The answer to an older question is not shown.
  async ask(fields) {
    const { household, division, clause } = fields;
    const asked = household ? { household, clause } : { division, clause };
    this.asked = asked;
    this.say("正在算登记以后会怎样……");
    try {
      const found = await post(this.url, asked);
      if (this.asked === asked) this.show(found);
    } catch (fault) {
      if (this.asked === asked) this.say(`登记以后会怎样，现在不知道：${fault.message}。${fault.kind === "network" ? "照样可以登记。" : ""}`);
    }
  }

  say(words) {
    fill(this.node, h("p.field-hint", {}, words.replace("。。", "。")));
  }

  show({ waits, effects }) {
    const still = effects.every((effect) => effect.before === effect.after && effect.rank === effect.new_rank && !effect.points);
    const title = waits ? "第二人确认以后会这样" : "登记以后会这样";
    if (still) return this.say(`${waits ? "确认以后" : "登记以后"}，得分和名次都不变（${AS_IF}）。`);
    return fill(this.node, h("table.sheet-impact", {}, h("caption", {}, title, h("small", {}, AS_IF)), h("tbody", {}, ...effects.map(line))));
  }
}

function line(effect) {
  return h("tr", {},
    h("th", { scope: "row" }, effect.level === "户" ? "这一户" : effect.name, effect.level === "县直部门" ? h("small", {}, effect.level) : null),
    h("td", {}, moved(effect.before || "没有得分", effect.after || "没有得分", "")),
    h("td", {}, effect.level === "户" ? earned(effect.points) : ranked(effect)));
}

function ranked({ rank, new_rank: next }) {
  return rank === null || next === null ? "不排名" : moved(`第 ${rank}`, `第 ${next}`, "名");
}

const moved = (before, after, unit) => `${before === after ? after : `${before} → ${after}`} ${unit}`.trim();
const earned = (points) => (points ? `积分 ${points < 0 ? "−" : "+"}${Math.abs(points)}` : "积分不变");
