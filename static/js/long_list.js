// A long list on a page: a box to search it, and on a phone its beginning first. On paper, and without this script, it is whole.
//   data-long-list="找村"       on the element whose children are the lines; the words say what is looked for
//   data-name, data-initials    on a line: what it is found by; else its first heading cell

import { h } from "./dom.js";
import { entry, matching } from "./find_match.js";

const LONG = 30; // lines that need no search
const FIRST = 30; // lines shown on a phone before somebody asks for the rest

function nameOf(line) {
  const head = line.querySelector("th, h2, h3, strong");
  return line.dataset.name || (head || line).textContent.replace(/\s+/g, "");
}

function lengthen(list) {
  const lines = [...list.children];
  if (lines.length <= LONG) return;
  const entries = lines.map((line) => Object.assign(entry({ label: nameOf(line), initials: line.dataset.initials }), { line }));
  const frame = list.closest(".table-scroll") || list;
  const words = list.dataset.longList;
  const field = h("input.form-control", { type: "search", autocomplete: "off", "aria-label": words, placeholder: `${words}：名称或拼音首字母` });
  const status = h("span.find-status", { role: "status" });
  const rest = h("button.btn.long-rest", { type: "button" }, `再看其余 ${lines.length - FIRST} 个`);
  const show = () => {
    const found = new Set(matching(entries, field.value));
    entries.forEach((one) => one.line.classList.toggle("find-plain", !found.has(one)));
    list.classList.toggle("long-begun", !field.value && !rest.hidden);
    rest.classList.toggle("find-plain", Boolean(field.value) || rest.hidden);
    status.textContent = field.value ? `找到 ${found.size} 个` : "";
  };
  field.addEventListener("input", show);
  rest.addEventListener("click", () => {
    rest.hidden = true;
    show();
    lines[FIRST].tabIndex = -1;
    lines[FIRST].focus();
  });
  frame.before(h("div.find.long-search.no-print", {}, field, status));
  frame.after(rest);
  show();
}

document.querySelectorAll("[data-long-list]").forEach(lengthen);
