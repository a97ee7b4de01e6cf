// Ready-made words: choosing one fills the text below it, but never over what somebody typed himself.
for (const box of document.querySelectorAll("[data-replies-for]")) {
  const told = document.getElementById(box.dataset.repliesFor);
  const choice = box.querySelector("select");
  if (!told) continue;
  let ours = told.value; // what stands there and was not typed here
  box.hidden = false;
  choice.addEventListener("change", () => {
    if (!choice.value) return;
    const typed = told.value !== ours && told.value.trim() ? `${told.value.trimEnd()}\n` : "";
    told.value = typed + choice.value;
    ours = told.value;
    told.focus();
  });
}
