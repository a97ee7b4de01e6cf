// What the opening of a sheet waits for, and what it does not.

import { byId, fill, h } from "../../dom.js";
import { HOUSEHOLD } from "./model.js";

// Milliseconds until the month that this device holds is shown instead of one that is slow to come: PATIENCE after it was asked for, but
// no later than SLOW after the page itself was, for a line that took so long for that is slow; and never sooner than SHORT.
const [PATIENCE, SLOW, SHORT] = [1000, 2000, 300];

export function late() {
  const left = Math.min(PATIENCE, Math.max(SHORT, SLOW - performance.now()));
  return new Promise((done) => setTimeout(() => done(null), left));
}

// In place of the list, while there is nothing to show.
export function showFault(fault, signIn) {
  const retry = h("button.btn.btn-primary", { type: "button", on: { click: () => location.reload() } }, "再试一次");
  const way = fault.kind === "signed_out" ? h("a.btn.btn-primary", { href: signIn }, "重新登录") : retry;
  fill(byId("sheet-loading"), h("p", {}, `没有读到台账：${fault.message}。`), way);
}

// Without a line nobody has read the plate in the address for us; a full number needs no reading.
export function asked() {
  const wanted = new URLSearchParams(location.search).get("household") || "";
  return wanted.length === HOUSEHOLD ? wanted : "";
}

// The scripts that a weak line need not bring before the sheet can be used lie in a template, where no browser fetches them. HTMX looks
// at the page by itself only when that is complete.
export function fetchRest() {
  const rest = byId("later");
  if (document.readyState === "complete") document.head.append(document.importNode(rest.content, true));
  else window.addEventListener("load", fetchRest, { once: true });
}
