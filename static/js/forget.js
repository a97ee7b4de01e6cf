// What was typed into a page leaves with the page: no way back shows it to the next person on the same phone.
// Browsers that keep whole pages for the way back bring them back as they were; such a page is emptied, then asked for anew.
"use strict";

function empty(control) {
  if (control.type === "radio" || control.type === "checkbox") control.checked = false;
  else if (control.type !== "hidden") control.value = "";
}

window.addEventListener("pagehide", (event) => {
  if (event.persisted) document.querySelectorAll("input, textarea, select").forEach(empty);
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.href);
});
