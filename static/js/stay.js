// Who types stays signed in, and is told before the time is up. Nothing depends on it: a form that comes too late is kept by
// the server (households.drafts). data-minutes on its own script tag: how long a session lasts that nobody uses.
"use strict";

(() => {
  const MINUTE = 60 * 1000;
  const life = Number(document.currentScript.dataset.minutes) * MINUTE;
  const warning = Math.min(3 * MINUTE, life / 2);
  const forms = document.querySelectorAll("main form[method=post]");
  let used = Date.now();
  let typed = false;
  let box = null;

  function say(words, button) {
    if (!box) {
      box = document.createElement("div");
      box.className = "notice notice-warning";
      box.setAttribute("role", "alert");
      document.querySelector("main").prepend(box);
    }
    box.textContent = words;
    if (button) box.append(button);
  }

  function hush() {
    if (box) box.remove();
    box = null;
  }

  function staying() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = "接着写";
    button.addEventListener("click", renew);
    return button;
  }

  // Asking for the page again is using the session; an answer from elsewhere says that it is over.
  async function renew() {
    used = Date.now();
    hush();
    try {
      const answer = await fetch(location.href, { method: "HEAD", credentials: "same-origin", cache: "no-store" });
      if (answer.redirected) used = Date.now() - life;
    } catch {
      // No line just now: the server counts by itself, and keeps what comes late.
    }
    look();
  }

  function look() {
    const left = life - (Date.now() - used);
    if (!typed || left > warning) return;
    if (left <= 0) say("时间到了，系统已经自动退出。您写的内容还在这一页，可以照样提交：再进来一次就接着办，选好的照片要重新选。");
    else if (!box) say(`再过 ${Math.ceil(left / MINUTE)} 分钟没有动作，系统会自动退出。还要写，请按这里：`, staying());
  }

  function typing() {
    typed = true;
    if (Date.now() - used > Math.min(2 * MINUTE, life / 4) && Date.now() - used < life) renew();
  }

  if (!forms.length || !life) return;
  forms.forEach((form) => form.addEventListener("input", typing));
  setInterval(look, MINUTE / 4);
})();
