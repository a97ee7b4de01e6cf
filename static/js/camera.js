// This device's camera as a reader of codes. It is opened by a button and closed by one; what it sees goes nowhere.

import { fill, h } from "./dom.js";

const SIDE = 900; // pixels of the longer side of what is looked through
const PAUSE = 60; // milliseconds between two looks
const SAME = 1500; // milliseconds that a code may be out of sight and still is the one that was read just now
const WORDS = {
  NotAllowedError: "没有允许这个网页用摄像头。请在浏览器的网站设置里允许，再点一次。",
  NotFoundError: "这台设备没有找到摄像头，请换一台手机来读。",
  OverconstrainedError: "这台设备没有找到摄像头，请换一台手机来读。",
  NotReadableError: "摄像头正被别的程序用着，请关掉那个程序，再点一次。",
};
const NONE = "这个浏览器不让网页用摄像头（网址不是 https，或者浏览器太旧）。";
const OTHER = "摄像头没有打开，请再点一次。";

const after = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export class Camera {
  // Shows itself in `place`; `codes` is the address of the module that reads codes.
  constructor(place, codes) {
    Object.assign(this, { place, codes, stream: null });
    document.addEventListener("visibilitychange", () => document.hidden && this.close());
  }

  // Hand over every code that comes into sight, once: `read(text)` answers what to say about it, nothing when that was the last one.
  async open(read) {
    this.close();
    this.said = h("p.camera-said", { role: "status" }, "正在打开摄像头……");
    fill(this.place, this.said);
    this.place.hidden = false;
    try {
      if (!navigator.mediaDevices) throw Object.assign(new Error(NONE), { words: NONE });
      const [{ readCode }, stream] = await Promise.all([import(this.codes), this.asked()]);
      await this.look(stream, readCode, read);
    } catch (fault) {
      this.close();
      this.place.hidden = false;
      this.say(fault.words || WORDS[fault.name] || OTHER);
    }
  }

  asked() {
    return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
  }

  async look(stream, readCode, read) {
    this.stream = stream;
    const video = h("video.camera-view", { "aria-label": "摄像头看到的", muted: true, playsinline: "" });
    const stop = h("button.btn", { type: "button", on: { click: () => this.close() } }, "收起摄像头");
    fill(this.place, video, this.said, stop);
    video.srcObject = stream;
    await video.play();
    this.say("请把码放进画面，对准、拿稳。");
    const canvas = document.createElement("canvas");
    let [last, when] = ["", 0];
    while (this.stream === stream) {
      const code = readCode(frame(video, canvas));
      const now = Date.now();
      const again = code === last && now - when < SAME;
      if (code) [last, when] = [code, now];
      if (code && !again) {
        const words = await read(code);
        if (!words) this.close();
        else this.say(words);
      }
      await after(PAUSE);
    }
  }

  say(words) {
    fill(this.said, words);
  }

  close() {
    if (this.stream) for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
    this.place.hidden = true;
  }
}

function frame(video, canvas) {
  const part = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight, 1));
  canvas.width = Math.max(1, Math.round(video.videoWidth * part));
  canvas.height = Math.max(1, Math.round(video.videoHeight * part));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(video, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
