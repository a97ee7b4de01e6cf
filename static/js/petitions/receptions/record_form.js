// The form for one record: reading it, filling it, and what it still lacks. The words are those of the server's own refusals.

import { byId, fill, h } from "../../dom.js";
import { plainOf } from "../../find.js";

const TEXTS = ["note", "told", "promise-what", "promise-unit", "promise-person", "promise-post", "promise-due"];
const MATTER = ["matter-enterprise", "matter-title", "matter-text", "matter-name", "matter-phone", "matter-place", "matter-content", "matter-accused"];
const YEAR = 366 * 24 * 3600 * 1000; // milliseconds

// Why it cannot be stored yet, in words, and which field lacks it.
export class Lacking extends Error {
  constructor(field, reason) {
    super(reason);
    this.field = field;
  }
}

const value = (id) => plainOf(id).value.trim();
const outcome = () => {
  const chosen = document.querySelector("input[name=outcome]:checked");
  return chosen ? chosen.value : "";
};

export function offerChoices(content) {
  fill(byId("outcomes"), ...content.outcomes.map(([code, label]) => h("label.outcome", {}, h("input", { type: "radio", name: "outcome", value: code }), h("span", {}, label))));
  fill(plainOf("promise-unit"), h("option", { value: "" }, "请选择"), ...options(content.units));
  fill(plainOf("matter-place"), ...options(content.places));
  fill(byId("matter-content"), ...options(content.contents));
  fill(plainOf("matter-accused"), h("option", { value: "" }, "没有"), ...options(content.units));
  byId("matter-enterprise-part").hidden = !content.reception.enterprise;
}

function options(choices) {
  return choices.map(([code, label, initials]) => (Array.isArray(label)
    ? h("optgroup", { label: code }, ...options(label))
    : h("option", { value: code, "data-initials": initials }, label)));
}

// Everything that was typed, to be stored while it is being typed.
export function typed() {
  const fields = { outcome: outcome() };
  for (const id of [...TEXTS, ...MATTER]) fields[id] = plainOf(id).value;
  return fields;
}

export function isEmpty(fields) {
  return !fields.outcome && [...TEXTS, "matter-title", "matter-text", "matter-name"].every((id) => id === "promise-unit" || !fields[id]);
}

export function fillForm(fields) {
  for (const box of document.querySelectorAll("input[name=outcome]")) box.checked = box.value === fields.outcome;
  for (const id of [...TEXTS, ...MATTER]) {
    plainOf(id).value = fields[id] || "";
    plainOf(id).dispatchEvent(new Event("change"));
  }
  if (!byId("matter-content").value) byId("matter-content").value = "appeal";
  showParts();
}

// A promise's part when one is made, whom it accuses when it does.
export function showParts() {
  byId("promise").hidden = outcome() !== "promise";
  byId("accused-part").hidden = byId("matter-content").value !== "accusation";
}

// What the interface takes, without what says which case it is about. Throws Lacking.
export function record() {
  const said = { outcome: outcome(), note: value("note"), told: value("told"), promise: null };
  if (!said.outcome) throw new Lacking("outcomes", "请选一个结果。");
  if (!said.note && said.outcome !== "absent") throw new Lacking("note", "请写明说了什么、当场怎么定的。");
  if (said.outcome === "promise") said.promise = promise();
  return said;
}

function promise() {
  const made = { what: value("promise-what"), unit: value("promise-unit"), due: value("promise-due"), person: value("promise-person"), post: value("promise-post") };
  if (!made.what) throw new Lacking("promise-what", "请写明答应办什么。");
  if (!made.unit) throw new Lacking("promise-unit", "请选由哪个单位兑现。");
  if (!made.person) throw new Lacking("promise-person", "请写谁负责兑现。");
  const days = Date.parse(made.due) - Date.parse(today());
  if (!(days >= 0 && days <= YEAR)) throw new Lacking("promise-due", "请选哪天以前兑现：今天以后，一年以内。");
  return made;
}

// A matter that came up on the spot. Throws Lacking.
export function matter() {
  const [title, text, place, enterprise] = ["matter-title", "matter-text", "matter-place", "matter-enterprise"].map(value);
  if (!title) throw new Lacking("matter-title", "请用一句话写是什么事。");
  if (!text) throw new Lacking("matter-text", "请写反映的情况。");
  const content = value("matter-content");
  const accused = content === "accusation" ? [value("matter-accused")].filter(Boolean) : [];
  return { channel: enterprise ? "enterprise" : "people", way: enterprise ? "enterprise" : "visit", content, place, title, text, name: value("matter-name"), phone: value("matter-phone"), enterprise, accused };
}

// The form's fields of a record that the server refused, to be put right.
export function fieldsOf(op) {
  const { filing, promise: made } = op;
  const fields = { outcome: op.outcome, note: op.note, told: op.told };
  if (made) for (const name of ["what", "unit", "due", "person", "post"]) fields[`promise-${name}`] = made[name];
  if (filing) for (const name of ["enterprise", "title", "text", "name", "phone", "place", "content"]) fields[`matter-${name}`] = filing[name];
  if (filing) [fields["matter-accused"]] = filing.accused;
  return fields;
}

export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
