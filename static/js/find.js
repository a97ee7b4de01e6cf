// Long lists are searched, not scrolled. Without this script they are the plain select and the plain check boxes that they were.
//   select[data-find]       becomes a box to type in, with what fits below it; the select stays, hidden, and is what is sent
//                           A script reaches it by plainOf(id), may fill it anew, and says so (a change event) when it sets its value.
//   [data-find-boxes]       a group of labels with check boxes: gets a box above it that hides those that do not fit
// Options and labels carry data-initials, the pinyin initials by which they are found besides their names.

import "./back.js";
import { byId, h, fill, onKey } from "./dom.js";
import { entry, matching, shown } from "./find_match.js";

const HINT = "输入名称或拼音首字母";

function entriesOf(select) {
  return [...select.options].filter((option) => option.value || option.text.trim()).map((option) => Object.assign(entry({
    label: option.text.trim(),
    group: option.parentNode.tagName === "OPTGROUP" ? option.parentNode.label : "",
    initials: option.dataset.initials,
    value: option.value,
  }), { option }));
}

export const plainOf = (id) => byId(`${id}-plain`) || byId(id);

class Finder {
  constructor(select) {
    this.select = select;
    this.entries = entriesOf(select);
    this.listId = `${select.id}-found`;
    this.list = h("ul.find-list", { id: this.listId, role: "listbox", hidden: true });
    this.status = h("span.find-status", { role: "status" });
    this.input = this.box();
    this.found = [];
    this.at = -1;
    const id = select.id;
    select.id = `${id}-plain`;
    this.input.id = id;
    this.required = select.required;
    select.required = false;
    select.classList.add("find-plain");
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
    select.before(h("div.find", {}, this.input, this.list, this.status));
    this.listen();
    this.sync();
  }

  box() {
    const { select } = this;
    const none = [...select.options].find((option) => !option.value);
    const every = none && none.text && none.text !== "请选择" ? `${none.text}，可打字找` : "";
    const input = h("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: every || HINT,
      "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.listId,
    });
    input.className = select.className.replace("form-select", "form-control");
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    return input;
  }

  listen() {
    const { input, list, select } = this;
    input.addEventListener("input", () => this.open(input.value));
    input.addEventListener("click", () => this.open(""));
    input.addEventListener("focus", () => input.select());
    onKey(input, (event) => this.key(event));
    input.addEventListener("blur", () => this.leave());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose(this.found[Number(row.dataset.at)]);
    });
    select.addEventListener("change", () => this.sync());
    new MutationObserver(() => this.offerAnew()).observe(select, { childList: true });
    if (select.form) select.form.addEventListener("reset", () => setTimeout(() => this.sync(), 0));
    window.addEventListener("pageshow", () => this.sync());
  }

  offerAnew() {
    this.close();
    this.entries = entriesOf(this.select);
    this.sync();
  }

  get chosen() {
    return this.entries.find((one) => one.option.selected && one.value) || null;
  }

  // The box says what the select holds.
  sync() {
    this.input.value = this.chosen ? shown(this.chosen) : "";
    this.input.setCustomValidity(this.required && !this.chosen ? "请选一项。" : "");
  }

  open(words) {
    this.found = matching(this.entries, words);
    this.at = words && this.found.length ? 0 : -1;
    fill(this.list, ...this.rows(words));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.status.textContent = words ? (this.found.length ? `找到 ${this.found.length} 个` : "没有找到") : "";
    this.mark();
  }

  rows(words) {
    if (!this.found.length) return [h("li.find-none", {}, "没有找到，请换一个词，或者只输前两个字。")];
    let heading = "";
    return this.found.map((one, at) => {
      const fresh = !words && one.group && one.group !== heading;
      heading = one.group;
      const text = words ? shown(one) : one.label;
      const row = h("li", { id: `${this.listId}-${at}`, role: "option", data: { at: String(at) } }, text);
      if (fresh) row.classList.add("find-first");
      if (one === this.chosen) row.classList.add("find-chosen");
      return row;
    });
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark() {
    const rows = [...this.list.querySelectorAll("[role=option]")];
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === this.at)));
    const row = rows[this.at];
    if (!row) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  choose(one) {
    one.option.selected = true;
    this.close();
    for (const kind of ["input", "change"]) this.select.dispatchEvent(new Event(kind, { bubbles: true }));
    this.status.textContent = one.value ? `已选 ${shown(one)}` : "";
  }

  // Whoever typed a whole name and went on has chosen it; any other half of a word goes.
  leave() {
    const typed = this.input.value.trim();
    const whole = this.entries.filter((one) => one.label === typed || shown(one) === typed);
    if (!this.list.hidden && whole.length === 1) this.choose(whole[0]);
    else if (!this.list.hidden && !typed && !this.entries[0].value) this.choose(this.entries[0]);
    this.close();
    this.sync();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return; // the input method's own keys
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.open("");
      const step = event.key === "ArrowDown" ? 1 : -1;
      const last = this.found.length - 1;
      this.at = this.at < 0 ? (step > 0 ? 0 : last) : Math.min(last, Math.max(0, this.at + step));
      this.mark();
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      if (this.found[this.at]) this.choose(this.found[this.at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.sync();
    }
  }
}

// The boxes that fit stay, and those that are ticked.
function findBoxes(group) {
  const labels = [...group.querySelectorAll("label")];
  const entries = labels.map((label) => Object.assign(entry({
    label: label.textContent.trim(), initials: label.dataset.initials, value: label.querySelector("input").value,
  }), { row: label }));
  const name = group.getAttribute("aria-label") || "";
  const input = h("input.form-control", { type: "search", autocomplete: "off", placeholder: HINT, "aria-label": `${name}：查找` });
  const status = h("span.find-status.find-seen", { role: "status" });
  const show = () => {
    const found = new Set(matching(entries, input.value));
    const ticked = entries.filter(({ row }) => row.querySelector("input").checked);
    entries.forEach((one) => one.row.classList.toggle("find-plain", !found.has(one) && !ticked.includes(one)));
    const chosen = ticked.length ? `已选 ${ticked.length} 个：${ticked.map((one) => one.label).join("、")}` : "";
    status.textContent = found.size ? chosen : "没有找到。";
  };
  input.addEventListener("input", show);
  onKey(input, (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  group.addEventListener("change", show);
  group.before(h("div.find", {}, input, status));
  show();
}

export function enhance(root) {
  root.querySelectorAll("select[data-find]:not(.find-plain)").forEach((select) => new Finder(select));
  root.querySelectorAll("[data-find-boxes]").forEach((group) => {
    group.removeAttribute("data-find-boxes");
    findBoxes(group);
  });
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));

// A line of the summary of faults leads into a closed part of the form too.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-fault]");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
  target.focus();
  target.scrollIntoView({ block: "center" });
});
