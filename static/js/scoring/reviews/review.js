// The review of a sheet: an exception that is opened counts as seen, also after the page is loaded again; arrow keys walk the list.

import { onKey } from "../../dom.js";

const form = document.getElementById("decide");
const entries = [...document.querySelectorAll("details[data-opens]")];
const boxes = entries.map((entry) => entry.querySelector("[data-opened]"));
const counter = document.querySelector("[data-opened-count]");
const place = `review ${location.pathname} ${form.elements.seen_version.value}`;

function seenBefore() {
  try { return JSON.parse(sessionStorage.getItem(place)) ?? []; } catch { return []; }
}

function show() {
  const seen = boxes.filter((box) => box.checked);
  if (counter) {
    counter.hidden = false;
    counter.querySelector("strong").textContent = seen.length;
  }
  boxes.forEach((box, at) => entries[at].classList.toggle("review-seen", box.checked));
  try { sessionStorage.setItem(place, JSON.stringify(seen.map((box) => box.value))); } catch { /* private mode */ }
}

const before = new Set(seenBefore());
boxes.forEach((box, at) => {
  if (before.has(box.value)) box.checked = true;
  box.addEventListener("change", show);
  entries[at].addEventListener("toggle", () => {
    if (entries[at].open) box.checked = true;
    show();
  });
});
show();

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.tagName !== "SUMMARY") return;
  const next = entries[entries.indexOf(event.target.parentElement) + step];
  if (next) {
    event.preventDefault();
    next.querySelector("summary").focus();
  }
}

const list = document.querySelector(".review-entries");
if (list) onKey(list, walk);
