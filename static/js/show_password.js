// 显示密码: a box below the password fields of a form. Without this script they stay hidden signs.

for (const form of document.querySelectorAll("form")) {
  const fields = [...form.querySelectorAll("input[type=password]")];
  if (fields.length) form.querySelector("button").before(box(fields));
  form.addEventListener("submit", () => fields.forEach((field) => { field.type = "password"; })); // the browser keeps no plain text
}

function box(fields) {
  const tick = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input" });
  tick.addEventListener("change", () => fields.forEach((field) => { field.type = tick.checked ? "text" : "password"; }));
  const label = Object.assign(document.createElement("label"), { className: "choice form-check" });
  label.append(tick, " 显示密码");
  return label;
}
