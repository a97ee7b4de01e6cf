// Small behaviour of the staff pages, chosen by attribute, so that pages need no script of their own.
//   data-confirm="…"          on a form or button: ask before it is sent
//   data-once                 on a form: the buttons rest after the first press until the answer comes
//   data-submit-on-change     on a select or checkbox: send its form at once
//   data-copy="#id"           on a button: copy that element's text
//   data-menu                 on a details: closes on Escape and on a press elsewhere
//   data-leaving="…"          on the sign-out form: the script that clears what a page stored on this device (offline_leave.js)

import { onKey } from "./dom.js";
import "./find.js";
import "./long_list.js";
import { marks } from "./offline_mark.js";

function rest(button) {
  if (button.disabled) return;
  button.disabled = true;
  button.dataset.resting = "";
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if ("once" in form.dataset) {
    // After the browser has read the pressed button's value.
    setTimeout(() => form.querySelectorAll("button").forEach(rest), 0);
  }
});

// A page that comes back from the browser's cache has its buttons again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("button[data-resting]").forEach((button) => { button.disabled = false; });
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// navigator.clipboard exists on https only; over plain http in the county's network the old way is the only one.
async function copy(element) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(element.textContent.trim());
    return true;
  }
  window.getSelection().selectAllChildren(element);
  return document.execCommand("copy");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button && (await copy(document.querySelector(button.dataset.copy)))) button.textContent = "已复制";
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

onKey(document, (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

const leaving = document.querySelector("form[data-leaving]");
if (leaving) {
  leaving.addEventListener("submit", async (event) => {
    if (!Object.keys(marks()).length) return;
    event.preventDefault();
    const { leave } = await import(leaving.dataset.leaving);
    if (await leave()) leaving.submit();
  });
  const tooLong = Object.values(marks()).some(({ until }) => until && until < Date.now());
  if (tooLong) import(leaving.dataset.leaving).then(({ forget }) => forget());
}
