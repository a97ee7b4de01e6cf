// Talking to the interface. Faults are SendFaults of ops.js: network (nobody answered), signed_out, stale, rejected; told in words a
// cadre uses.

import { SendFault } from "./ops.js";

const PATIENCE = 20000; // milliseconds until a request counts as lost
const FILES = 180000; // the same of one that carries files

// Data that a page works from. A redirect leads to signing in: then nobody is signed in here.
export async function read(url) {
  const response = await ask(url, { cache: "no-store", redirect: "manual" });
  if (response.type === "opaqueredirect") throw new SendFault("signed_out", "登录已经过期");
  const body = await json(response);
  if (response.ok && body) return body;
  throw faultOf(response, body);
}

// One write; `answers` are statuses beside the good ones that are an answer, not a fault of the line.
export async function post(url, content, answers = []) {
  const response = await sendJson(url, content);
  const body = await json(response);
  if (response.ok && body) return body;
  if (answers.includes(response.status) && body) throw new SendFault("rejected", body.detail);
  throw faultOf(response, body);
}

export function sendJson(url, content) {
  return ask(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(content),
  });
}

// A form with files: a slow line takes minutes for them.
export function sendForm(url, form) {
  return ask(url, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, body: form }, FILES);
}

const TOKENS = ["__Host-dongkou_csrf=", "dongkou_csrf="]; // on https, and elsewhere

// The cookie is newer than the page after signing in again in another tab.
function csrfToken() {
  const pairs = document.cookie.split("; ");
  const cookie = TOKENS.map((name) => pairs.find((pair) => pair.startsWith(name))).find(Boolean);
  return cookie ? cookie.split("=")[1] : document.querySelector('meta[name="csrf-token"]').content;
}

export async function ask(url, options, patience = PATIENCE) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), patience);
  try {
    return await fetch(url, { credentials: "same-origin", signal: control.signal, ...options });
  } catch {
    throw new SendFault("network", "没有信号");
  } finally {
    clearTimeout(timer);
  }
}

export async function json(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

export function faultOf(response, body) {
  const code = body ? body.code : "";
  const detail = body && body.detail ? body.detail : "";
  if (response.status === 401 || code === "not_authenticated") return new SendFault("signed_out", "登录已经过期");
  if (response.status >= 500 || response.status === 429 || !body) return new SendFault("network", "服务器暂时没有回应");
  if (code === "version_unknown") return new SendFault("stale", detail);
  return new SendFault("rejected", detail || "服务器没有接受");
}
