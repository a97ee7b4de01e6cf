// data-print on a button: print the page. What is folded in chapters stands open on paper, also where the browser cannot be told
// so by styles (Chromium before 131), and is folded again afterwards.
"use strict";

const CLOSED = "details.chapter:not([open]):not(.no-print)";
let unfolded = [];

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll(CLOSED)];
  unfolded.forEach((fold) => { fold.open = true; });
});
window.addEventListener("afterprint", () => unfolded.forEach((fold) => { fold.open = false; }));
