// What is handed over to one household: reservations that are ticked, and goods that are added.

import { fill, h } from "../../dom.js";

export class Basket extends EventTarget {
  constructor() {
    super();
    this.open(null, []);
  }

  open(household, items) {
    this.household = household;
    this.items = items;
    this.left = new Set(); // reservations that are not taken today
    this.added = new Map(); // item id -> quantity
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  get lines() {
    if (!this.household) return [];
    const reserved = this.household.reserved.filter((one) => !this.left.has(one.id));
    const added = this.items.filter((item) => this.added.get(item.id));
    return [
      ...reserved.map((one) => ({ redemption: one.id, item: one.item, name: one.name, unit: one.unit, quantity: one.quantity, points: one.points })),
      ...added.map((item) => {
        const quantity = this.added.get(item.id);
        return { redemption: null, item: item.id, name: item.name, unit: item.unit, quantity, points: item.points * quantity };
      }),
    ];
  }

  // Points that the added goods take from what is free; reservations are held already.
  get newPoints() {
    return this.lines.filter((line) => !line.redemption).reduce((sum, line) => sum + line.points, 0);
  }

  get points() {
    return this.lines.reduce((sum, line) => sum + line.points, 0);
  }

  // Why one more of this item cannot be added; empty when it can.
  whyNot(item) {
    const quantity = (this.added.get(item.id) || 0) + 1;
    if (quantity > item.free) return item.free ? `只剩 ${item.free} ${item.unit}` : "没有货";
    if (item.limit !== null && (this.household.taken[item.id] || 0) + quantity > item.limit) return "这个月已经兑满";
    if (this.newPoints + item.points > this.household.free) return "积分不够";
    return "";
  }

  change(item, by) {
    this.added.set(item.id, Math.max(0, (this.added.get(item.id) || 0) + by));
    this.changed();
  }

  tick(id, taken) {
    if (taken) this.left.delete(id);
    else this.left.add(id);
    this.changed();
  }
}

export function showReserved(list, basket) {
  const rows = (basket.household?.reserved || []).map((one) => h("li", {}, h("label.take", {},
    h("input", { type: "checkbox", checked: !basket.left.has(one.id), on: { change: (event) => basket.tick(one.id, event.target.checked) } }),
    h("span", {}, h("strong", {}, `${one.name} ${one.quantity} ${one.unit}`), h("small", {}, `预订的，${one.points} 积分，保留到 ${day(one.until)}`)))));
  fill(list, ...rows);
}

export function showItems(list, basket) {
  const focused = document.activeElement?.dataset?.step;
  fill(list, ...basket.items.map((item) => itemRow(item, basket)));
  if (focused) list.querySelector(`[data-step="${focused}"]`)?.focus();
}

function itemRow(item, basket) {
  const quantity = basket.added.get(item.id) || 0;
  const refusal = basket.household ? basket.whyNot(item) : "";
  const note = refusal || (item.free <= 3 ? `只剩 ${item.free} ${item.unit}` : "");
  return h(quantity ? "li.item.item-taken" : "li.item", {},
    item.picture ? h("img.picture", { src: `/pictures/${item.picture}/`, alt: "", loading: "lazy" }) : h("span.picture.picture-none", { "aria-hidden": "true" }),
    h("span.item-words", {}, h("strong", {}, item.name), h("small", {}, `${item.points} 积分 / ${item.unit}`), note ? h("small.item-note", {}, note) : null),
    h("span.counter-steps", {},
      h("button.step", { type: "button", disabled: !quantity, data: { step: `less-${item.id}` }, "aria-label": `${item.name}少一${item.unit}`, on: { click: () => basket.change(item, -1) } }, "−"),
      h("b", { "aria-live": "polite" }, String(quantity)),
      h("button.step", { type: "button", disabled: Boolean(refusal), data: { step: `more-${item.id}` }, "aria-label": `${item.name}多一${item.unit}`, on: { click: () => basket.change(item, 1) } }, "＋")));
}

function day(text) {
  const [, month, date] = text.split("-").map(Number);
  return `${month}月${date}日`;
}
