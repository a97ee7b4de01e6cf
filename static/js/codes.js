// Codes (QR) drawn and read. Its library is heavy, so a page loads this only when somebody wants it: import(address).

import encodeQR from "qr";
import decodeQR from "qr/decode.js";

const BORDER = 4; // modules of white around it, as the standard demands

// Draw `text` on a canvas, `pixels` wide per module. On paper (`sure`) a quarter of the code may be gone and it still reads.
export function drawCode(canvas, text, { pixels = 4, sure = false } = {}) {
  const rows = encodeQR(text, "raw", { ecc: sure ? "quartile" : "low", border: BORDER });
  canvas.width = rows.length * pixels;
  canvas.height = canvas.width;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  rows.forEach((row, y) => row.forEach((dark, x) => dark && pen.fillRect(x * pixels, y * pixels, pixels, pixels)));
}

// What the code in a picture (ImageData) says, empty when there is none to be read.
export function readCode(picture) {
  try {
    return decodeQR(picture);
  } catch {
    return "";
  }
}
