// Elements without a framework. Text is always text: nothing here parses HTML.

import { over } from "./back.js";

// h("li.row.wide", {hidden: true, "aria-label": "…", data: {code: "1"}, on: {click: act}}, "text", child, …)
export function h(selector, options = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(options)) set(node, name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

function set(node, name, value) {
  if (name === "data") Object.assign(node.dataset, value);
  else if (name === "on") for (const [kind, act] of Object.entries(value)) node.addEventListener(kind, act);
  else if (typeof value === "boolean" && name in node) node[name] = value;
  else if (value !== null && value !== undefined) node.setAttribute(name, value);
}

export const byId = (id) => document.getElementById(id);

// Replace everything inside `node`. (Chromium before 86 has no replaceChildren.)
export function fill(node, ...children) {
  node.textContent = "";
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

// Keys that are meant for the page. While an input method composes, Enter and Escape are its own (229: Safari says it after the end).
export function onKey(node, act) {
  node.addEventListener("keydown", (event) => {
    if (!event.isComposing && event.keyCode !== 229) act(event);
  });
}

// A dialog that its buttons with data-close, its backdrop and the browser's Back close; focus goes back to where `opener()` says.
export function closable(dialog, opener) {
  let closed = null;
  new MutationObserver(() => {
    if (dialog.open && !closed) closed = over(() => dialog.close());
  }).observe(dialog, { attributeFilter: ["open"] });
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // the backdrop
  });
  dialog.addEventListener("close", () => {
    if (closed) closed();
    closed = null;
    const target = opener();
    if (target) target.focus();
  });
}
