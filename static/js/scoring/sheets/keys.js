// The keyboard: one lamp of the list is the tab stop, arrows move from lamp to lamp.

import { byId, onKey } from "../../dom.js";

export function useKeys(list, openFirst, openHelp) {
  const search = byId("sheet-search");
  document.addEventListener("focusin", (event) => {
    if (isLamp(event.target)) makeStop(event.target);
  });
  onKey(document, (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (isLamp(event.target) && moves[event.key]) return move(event, shown(list));
    if (event.target === search) return inSearch(event, search, list, openFirst);
    if (isTyping(event.target)) return undefined;
    if (event.key === "/") return act(event, () => [search.focus(), search.select()]);
    if (event.key === "?") return act(event, openHelp);
    return undefined;
  });
}

const moves = {
  ArrowLeft: (row, column) => [row, column - 1],
  ArrowRight: (row, column) => [row, column + 1],
  ArrowUp: (row, column) => [row - 1, column],
  ArrowDown: (row, column) => [row + 1, column],
  Home: (row) => [row, 0],
  End: (row) => [row, 99],
};

const isLamp = (node) => node instanceof Element && node.classList.contains("sheet-lamp");
const isTyping = (node) => node instanceof Element && (node.matches("input, textarea, select") || node.isContentEditable);
const shown = (list) => (list.flat.hidden ? list.node : list.flat);
const lampsOf = (row) => [...row.querySelectorAll(".sheet-lamp")];
const usable = (row) => row.offsetParent !== null && row.querySelector(".sheet-lamp");
const rowsOf = (node) => [...node.querySelectorAll(".sheet-row")].filter(usable);
const firstRow = (node) => [...node.querySelectorAll(".sheet-row")].find(usable);

function act(event, what) {
  event.preventDefault();
  what();
}

function move(event, node) {
  const rows = rowsOf(node);
  const own = event.target.closest(".sheet-row");
  const cells = [...own.querySelectorAll(".sheet-cell")];
  const [row, column] = moves[event.key](rows.indexOf(own), cells.indexOf(event.target.closest(".sheet-cell")));
  event.preventDefault();
  const target = rows[row];
  if (target) nearest(target, column).focus();
}

// The lamp in that column; where a row has none there (a group has not all of them), the next one.
function nearest(row, column) {
  const cells = [...row.querySelectorAll(".sheet-cell")];
  const at = Math.max(0, Math.min(column, cells.length - 1));
  const order = [...cells.slice(at), ...cells.slice(0, at).reverse()];
  return order.map((cell) => cell.querySelector(".sheet-lamp")).find(Boolean);
}

function inSearch(event, search, list, openFirst) {
  const first = firstRow(shown(list));
  if (event.key === "ArrowDown" && first) act(event, () => lampsOf(first)[0].focus());
  else if (event.key === "Enter") act(event, openFirst);
  else if (event.key === "Escape" && search.value) act(event, () => clear(search));
}

function clear(search) {
  search.value = "";
  search.dispatchEvent(new Event("input", { bubbles: true }));
}

function makeStop(lamp) {
  for (const other of document.querySelectorAll('.sheet-lamp[tabindex="0"]')) other.tabIndex = -1;
  lamp.tabIndex = 0;
}

// After rows were built anew: exactly one lamp that is shown can be reached by Tab.
export function keepStop(list) {
  const node = shown(list);
  const stop = document.querySelector('.sheet-lamp[tabindex="0"]');
  if (stop && node.contains(stop) && stop.offsetParent !== null) return;
  const first = firstRow(node);
  if (first) makeStop(lampsOf(first)[0]);
}
