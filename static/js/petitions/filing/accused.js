// The box for those accused opens with the choice of an accusation, and closes again while nothing stands in it.
"use strict";

const box = document.querySelector("details.accused");

document.addEventListener("change", ({ target }) => {
  if (target.name !== "content") return;
  const filled = [...box.querySelectorAll("input, select")].some((one) => (one.type === "checkbox" ? one.checked : one.value));
  box.open = target.value === "accusation" || filled;
});
