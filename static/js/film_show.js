// Shows a film on this screen, one code after another, over and over; or prints it as a slip.

import { fill, h } from "./dom.js";

const PACE = 500; // milliseconds that a code stays: a slow telephone looks five times meanwhile

export class FilmShow {
  // Shows itself in `place`; `codes` is the address of the module that draws codes.
  constructor(place, codes) {
    Object.assign(this, { place, codes, timer: 0 });
  }

  async show(pieces) {
    const { drawCode } = await import(this.codes);
    const canvas = h("canvas.film-code", { role: "img", "aria-label": "二维码" });
    const said = h("p.film-said");
    const stop = h("button.btn", { type: "button", on: { click: () => this.close() } }, "收起二维码");
    const turn = (at) => {
      drawCode(canvas, pieces[at]);
      said.textContent = `第 ${at + 1} 张，共 ${pieces.length} 张`;
      this.timer = setTimeout(() => turn((at + 1) % pieces.length), PACE);
    };
    this.close();
    fill(this.place, canvas, said, stop);
    this.place.hidden = false;
    turn(0);
    canvas.scrollIntoView({ block: "center" });
  }

  close() {
    clearTimeout(this.timer);
    this.place.hidden = true;
  }
}

// Print the codes, and nothing else of the page. `title` says what it is, `how` what is to be done with it.
export async function printSlip(pieces, codes, title, how) {
  const { drawCode } = await import(codes);
  const figures = pieces.map((piece, at) => {
    const canvas = h("canvas");
    drawCode(canvas, piece, { sure: true });
    return h("figure", {}, canvas, h("figcaption", {}, `第 ${at + 1} 张，共 ${pieces.length} 张`));
  });
  const slip = h("section.slip", {}, h("h1", {}, title), h("p", {}, how), ...figures);
  for (const old of document.querySelectorAll(".slip")) old.remove();
  document.body.append(slip);
  document.documentElement.classList.add("slip-only");
  window.addEventListener("afterprint", () => document.documentElement.classList.remove("slip-only"), { once: true });
  window.print();
}
