// Where somebody's work is handed in: its codes, from a screen or from paper, make the file that the form sends.

import { Camera } from "../../camera.js";
import { byId, fill } from "../../dom.js";
import { Reel, TASK, progress, refusal } from "../../film.js";

const TURNED = "这是回执的码，请在原来那台设备的台账里点“这台设备记的”读。";

const form = byId("hand-in");
const camera = new Camera(byId("hand-in-camera"), form.dataset.codes);
byId("hand-in-look").hidden = false;
byId("hand-in-look").addEventListener("click", look);

function look() {
  const reel = new Reel(TASK);
  say("");
  camera.open(async (code) => {
    const what = reel.take(code);
    if (what !== "new" && what !== "again") return refusal(what, reel, TURNED);
    if (!reel.isWhole) return progress(reel);
    const text = await reel.text();
    if (text) take(text, reel.of);
    else say("读到的几张合不起来，请重新读。");
    return "";
  });
}

function take(text, number) {
  const files = new DataTransfer();
  files.items.add(new File([text], "film.dkt"));
  form.querySelector("input[type=file]").files = files.files;
  say(`${number} 张都读到了，请点“交上去”。`);
  form.querySelector("button:not([type=button])").focus();
}

function say(words) {
  fill(byId("hand-in-said"), words);
}
