// What is found in a long list by what somebody types: a name or a part of it, pinyin initials, a code. Knows no page.

import { compared } from "./folding.js";

const LETTERS = /^[a-z0-9]+$/;

// {label, group, initials, value} with what is compared; `group` is the heading under which it stands.
export function entry({ label, group = "", initials = "", value = "" }) {
  const name = compared(label);
  const above = compared(group);
  return { label, group, value, name, above, whole: above + name, initials: initials.split(" "), code: value.replace(/^\D*/, "") };
}

// How well one word fits: 0 is best, Infinity not at all.
function fit(one, word) {
  if (one.name.startsWith(word)) return 0;
  if (LETTERS.test(word) && one.initials.some((letters) => letters.startsWith(word))) return 1;
  if (one.name.includes(word)) return 2;
  if (one.whole.includes(word)) return 3;
  if (/^\d{4,}$/.test(word) && one.code.startsWith(word)) return 4;
  return Infinity;
}

// Those that fit every word, the best first, else in their order. Without words all of them.
export function matching(entries, typed) {
  const words = typed.normalize("NFKC").split(/[\s·、，,]+/).map(compared).filter(Boolean);
  if (!words.length) return entries;
  const fits = entries.map((one) => [Math.max(...words.map((word) => fit(one, word))), one]);
  return fits.filter(([how]) => how < Infinity).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
}

// What stands in the box for the chosen one: with its heading, unless it says so itself.
export const shown = (one) => (one.group && !one.name.startsWith(one.above) ? `${one.group} ${one.label}` : one.label);
