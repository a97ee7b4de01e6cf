// Checks a proof on the household's points page (fetched) and on the public page (chosen as a file). The file is never sent.
import { canHash, checkProof, isPublished } from "./proof.js";
import { fill, h } from "../../dom.js";

const section = document.querySelector("[data-proof]");
const answer = section.querySelector("[data-answer]");

function say(kind, ...lines) {
  answer.className = `proof-answer ${kind}`;
  fill(answer, ...lines.map((line) => (typeof line === "string" ? h("p", {}, line) : line)));
}

const unable = () => say("is-unsure",
  "这个浏览器不能在本机验算（太旧，或者网址不是 https 开头）。",
  "可以换一个新一点的浏览器；也可以下载证明文件，带到村委会请村务监督委员会用核对程序验算。");

async function json(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

// null when the published list cannot be reached: then the person compares with the paper on the board.
async function published(proof) {
  try {
    return await json(`${section.dataset.ledger}${encodeURIComponent(proof.county)}/${encodeURIComponent(proof.day)}/?format=json`);
  } catch {
    return null;
  }
}

const named = (row) => h("li", {}, `${String(row.at).slice(0, 10)} ${row.text}（第 ${row.seq} 行）`);

async function judge(proof) {
  const { wrong, inCounty } = await checkProof(proof);
  if (wrong.length) {
    return say("is-wrong", h("p", {}, h("strong", {}, `对不上：有 ${wrong.length} 笔不在公布的账里，或者被改过。`)),
      h("ul", {}, ...wrong.map(named)), "请把这个结果给村务监督委员会或县六零办看。提意见不扣分。");
  }
  if (!inCounty) return say("is-wrong", "对不上：这个村的根指纹不在全县的根指纹里。请告诉村务监督委员会或县六零办。");
  const daily = await published(proof);
  if (daily === null) {
    return say("is-unsure", `文件本身对得上，但没有连上公布页。请和公示栏上 ${proof.day} 的全县根指纹对一对：`, h("code", {}, proof.root));
  }
  if (!isPublished(proof, daily)) {
    return say("is-wrong", `对不上：和 ${proof.day} 公布的积分日榜不一样。请告诉村务监督委员会或县六零办。`);
  }
  const sum = proof.rows.reduce((total, row) => total + row.amount, 0);
  return say("is-right", h("p", {}, h("strong", {}, "核对无误。")),
    `您家的 ${proof.rows.length} 笔（合计 ${sum} 积分）都在 ${proof.day} 公布的积分日榜里，一笔没改。`,
    h("p", {}, "全县根指纹：", h("code", {}, proof.root)));
}

async function check(load) {
  if (!canHash()) return unable();
  say("", "正在核对……");
  try {
    await judge(await load());
  } catch {
    say("is-wrong", "这不是一份完整的证明文件，或者没有连上网。请重新下载再试。");
  }
  return undefined;
}

const place = section.querySelector("[data-check-button]");
if (place) {
  place.prepend(h("button", { type: "button", on: { click: () => check(() => json(section.dataset.file)) } }, "在这里核对"));
}
const file = section.querySelector("#proof-file");
if (file) {
  file.addEventListener("change", () => file.files.length && check(async () => JSON.parse(await file.files[0].text())));
}
