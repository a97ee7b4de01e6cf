// Plates before the camera, one after another: each becomes a line of the list of households.

import { Camera } from "../../camera.js";
import { byId } from "../../dom.js";

const PLATE = /\/h\/([A-Za-z0-9_-]{16,})/;

const list = byId("id_listed");
const camera = new Camera(byId("plates-camera"), list.form.dataset.codes);
byId("plates-look").hidden = false;
byId("plates-look").addEventListener("click", () => camera.open(take));

function take(code) {
  const [, token] = PLATE.exec(code) || [];
  if (!token) return "这不是户牌上的码。";
  const lines = list.value.split("\n").filter((line) => line.trim());
  const plates = lines.filter((line) => PLATE.test(line));
  if (plates.some((line) => PLATE.exec(line)[1] === token)) return `这一块已经扫过了。一共扫到 ${plates.length} 块。`;
  list.value = `${[...lines, code.trim()].join("\n")}\n`;
  list.dispatchEvent(new Event("input", { bubbles: true }));
  return `扫到 ${plates.length + 1} 块。请扫下一块；扫完了点“收起摄像头”。`;
}
