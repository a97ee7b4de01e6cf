// Finds lines of a ranking while the person types. Without this script the form does the same on the server.
// The file buttons always lead to what the screen shows, so they take the words with them.

import { compared } from "../../folding.js";

const form = document.querySelector("[data-filter]");
if (form) {
  const table = document.querySelector(form.dataset.filter);
  const field = form.elements.q;
  const count = form.querySelector("[data-count]");
  const none = document.querySelector("[data-none]");
  // Lines that the server has left out, or put on other pages, can only be found by the server.
  const all = document.getElementById("all-rows"); // on a phone only the beginning shows until it is ticked
  const rows = [...table.querySelectorAll("tr[data-find]")];
  const complete = !new URL(location.href).searchParams.get("q") && !document.querySelector(".pager");

  const show = () => {
    const words = field.value.trim();
    const typed = compared(words);
    let found = 0;
    for (const row of rows) {
      row.hidden = !compared(row.dataset.find).includes(typed);
      found += row.hidden ? 0 : 1;
    }
    if (all && words) all.checked = true;
    table.querySelectorAll(".board-break").forEach((line) => { line.hidden = words !== ""; });
    count.textContent = words ? `找到 ${found} 个，${count.dataset.count}` : count.dataset.count;
    none.querySelector("[data-words]").textContent = words;
    none.hidden = found > 0;
    document.querySelectorAll("[data-export]").forEach((link) => carry(link, words));
  };

  const carry = (link, words) => {
    const address = new URL(link.href);
    if (words) address.searchParams.set("q", words);
    else address.searchParams.delete("q");
    link.href = address;
  };

  if (complete) {
    field.addEventListener("input", show);
    if (field.value) show(); // what the browser remembered when the person came back
  }
}
