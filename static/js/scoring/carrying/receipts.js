// The receipts of what was handed in, as codes for the device that waits for them: on this screen, or on paper.

import { byId } from "../../dom.js";
import { RECEIPTS, piecesOf } from "../../film.js";
import { FilmShow, printSlip } from "../../film_show.js";
import { ask } from "../../server.js";

const root = byId("receipts");
const { codes, url, title } = root.dataset;
const film = new FilmShow(byId("receipts-film"), codes);
byId("receipts-ways").hidden = false;
byId("receipts-show").addEventListener("click", () => withPieces((pieces) => film.show(pieces)));
byId("receipts-print").addEventListener("click", () => withPieces((pieces) =>
  printSlip(pieces, codes, title, "请带回去，在原来那台设备的台账里点“这台设备记的”，用摄像头读，先读哪一张都可以。")));

async function withPieces(act) {
  const said = byId("receipts-said");
  said.textContent = "";
  try {
    const response = await ask(url, {});
    const pieces = response.ok && !response.redirected ? await piecesOf(await response.text(), RECEIPTS) : [];
    if (pieces.length) await act(pieces);
    else said.textContent = "回执做不成二维码，请下载文件带回去。";
  } catch {
    said.textContent = "没有取到回执，请检查网络后再点一次。";
  }
}
