// Ready words under the note of an entry: a tap adds them to what stands there, so that nobody types them on a phone.

const note = document.getElementById("entry-note");
const words = document.getElementById("entry-ready-words");

if (note && words) {
  words.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-words]");
    if (!button) return;
    const said = note.value.trim();
    note.value = (said ? `${said}，${button.dataset.words}` : button.dataset.words).slice(0, note.maxLength);
    note.dispatchEvent(new Event("input", { bubbles: true }));
    note.focus();
  });
}
