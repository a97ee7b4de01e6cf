// Text as it is compared and searched: the same as `compared` of households/words/folding.py, held to it by the same vectors.

import { SIGNS } from "./folding_signs.js";

const UNSEEN = "\\u00ad\\u115f\\u1160\\u200b-\\u200f\\u2060-\\u2064\\ufeff";
const MARKS = "[\\u17b4\\u17b5]|[\\u0300-\\u036f]|[\\u180b-\\u180e]|[\\ufe00-\\ufe0f]|[\\u{e0000}-\\u{e01ef}]"; // what is written onto the sign before
const DOTS = "·•‧∙⋅・･\\u0387\\u2e31\\u2e33";
const QUOTES = "'’‘`´ʼ′＇";
const NOT_COMPARED = new RegExp(`(?:[\\s\\u001c-\\u001f\\u0085${UNSEEN}${DOTS}${QUOTES}]|${MARKS})+`, "gu");
const OTHERS = new RegExp(`[${[...SIGNS.keys()].join("")}]`, "gu");
const DASH = /[‐‑‒–—―−﹘﹣－ー─]/g;
const USUAL = /^[\u4e00-\u9fff]+$/;

const plain = (text) => text.replace(OTHERS, (sign) => SIGNS.get(sign));
const isDigit = (sign) => sign !== undefined && sign >= "0" && sign <= "9";

// Full stops between digits stay: 3.12 is number 12 of group 3.
function withoutStops(text) {
  return text.replace(/\./g, (stop, at) => (isDigit(text[at - 1]) && isDigit(text[at + 1]) ? stop : ""));
}

export function compared(text) {
  if (USUAL.test(text)) return text;
  const narrow = plain(plain(text).normalize("NFKC").toLowerCase());
  return withoutStops(narrow.replace(NOT_COMPARED, "")).replace(DASH, "-").replace(/[[【〔〖{「『]/g, "(").replace(/[\]】〕〗}」』]/g, ")");
}
