// Finding a household in the package: by its plate's address, by number, by pinyin initials or by surname.

import { digest } from "./counter_hash.js";
import { h, fill } from "../../dom.js";
import { compared } from "../../folding.js";

const PLATE = /(?:\/h\/|^)([A-Za-z0-9_-]{22})(?:\/|$|\?)/;
const DIGITS = 16; // as in rewards/counter.py
const SHOWN = 12;

// The token in what a scanner read or a person pasted; empty when it is no plate's address.
export function tokenIn(text) {
  const match = PLATE.exec(text.trim());
  return match ? match[1] : "";
}

export function byToken(households, token) {
  const wanted = digest(token, DIGITS);
  return households.find((household) => household.plate === wanted) || null;
}

export function search(households, typed) {
  const words = compared(typed);
  if (!words) return [];
  if (/^\d+$/.test(words)) {
    return households.filter((one) => one.code.endsWith(words) || Number(one.code.slice(-4)) === Number(words));
  }
  if (/^[a-z0-9]+$/.test(words)) return households.filter((one) => one.initials.startsWith(words));
  return households.filter((one) => [...compared(one.name)][0] === [...words][0]); // names are masked: the surname is what can be compared
}

// Shows what was found as large buttons; `choose` gets the household.
export function showFound(list, note, households, typed, choose) {
  const found = search(households, typed);
  const buttons = found.slice(0, SHOWN).map((one) =>
    h("li", {}, h("button.found", { type: "button", on: { click: () => choose(one) } },
      h("strong", {}, `${one.name}家`), h("span", {}, `${one.group} · ${one.code.slice(-4)} 号`))));
  fill(list, ...buttons);
  if (!typed.trim()) note.textContent = "";
  else if (!found.length) note.textContent = "没有找到。可以试户号的后几位、户主姓名的拼音首字母，或者姓。";
  else note.textContent = found.length > SHOWN ? `找到 ${found.length} 户，请再多输几个字。` : `找到 ${found.length} 户。`;
  return found;
}
