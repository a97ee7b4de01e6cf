// Writing down a reception: choose a case from the day's list, read its briefing, note what was said. The page holds no data; it
// works from what it took along, which it renews whenever the server answers. What is written lies sealed on this device before
// it is sent, and goes once.

import { byId, fill, h } from "./dom.js";
import { clock, showLog } from "./kept_log.js";
import { keepPage, keepStorage } from "./kept_page.js";
import { canSeal } from "./kept_seal.js";
import { FAILED, Queue, SendFault } from "./ops.js";
import { showBriefing, showCases } from "./reception_briefing.js";
import { Lacking, fieldsOf, fillForm, isEmpty, matter, offerChoices, record, showParts, today, typed } from "./reception_form.js";
import { ReceptionServer } from "./reception_server.js";
import { NoStore, ReceptionStore } from "./reception_store.js";

const NEW = "new"; // in place of a number, for a matter that comes up on the spot
const TYPING = 400; // milliseconds after the last key until what was typed is kept

const root = byId("record");
const server = new ReceptionServer(root.dataset);
const state = { content: null, connected: navigator.onLine, signedOut: false, keeps: false, about: "", lines: [], replaces: null };
let store = new NoStore();
let queue = null;
let timer = null;

// Being connected means that the server answered last time.

async function renew() {
  try {
    state.content = await server.read();
    Object.assign(state, { connected: true, signedOut: false });
    await store.keepPackage(state.content);
    if (!state.about) offerChoices(state.content);
  } catch (fault) {
    disconnected(fault);
  }
  showState();
}

function disconnected(fault) {
  if (!(fault instanceof SendFault)) throw fault;
  state.connected = fault.kind === "rejected";
  state.signedOut = fault.kind === "signed_out";
  showState();
}

function showState() {
  const { content, connected, signedOut, keeps } = state;
  const since = content ? `名单截至 ${clock(Date.parse(content.as_of))}` : "还没有名单";
  const [mark, words] = signedOut ? ["out", `登录过期了，记录都在。${since}`] : connected ? ["on", since] : ["off", `${since}，可以继续记，网络恢复自动送出。`];
  fill(byId("state"), h(`strong.mark.mark-${mark}`, {}, { on: "在线", off: "离线", out: "请重新登录" }[mark]), h("span", {}, words));
  byId("sign-in").hidden = !signedOut;
  byId("no-package").hidden = Boolean(content);
  byId("cannot-keep").hidden = keeps;
  showPart();
  if (content) showDay(content);
}

function showDay({ reception, cases }) {
  byId("about-day").textContent = `${reception.kind}，${reception.day} ${reception.hours}，${reception.place}，${reception.leader}。`;
  showCases(byId("cases"), cases, standing, (one) => open(one.number));
  byId("none").hidden = cases.length > 0;
}

// Where the last record about a case is now.
function standing(number) {
  const items = queue ? queue.items.filter((item) => item.op.words.number === number) : [];
  if (items.some((item) => item.state === FAILED)) return "trouble";
  if (items.length) return "kept";
  return state.lines.some((line) => line.words.number === number && line.result && line.result.status !== "refused") ? "sent" : "";
}

// One part at a time: the list, or one case.
function showPart() {
  byId("list").hidden = Boolean(state.about) || !state.content;
  byId("case").hidden = !state.about;
}

// One case

async function open(about, fields = null) {
  state.about = about;
  const one = state.content.cases.find((each) => each.number === about);
  byId("case-title").textContent = one ? `${one.position}　${one.title}` : "登记一件新的";
  byId("matter").hidden = about !== NEW;
  byId("briefing").hidden = !one;
  if (one) showBriefing(byId("briefing"), one);
  const kept = fields || (await store.readDraft(about));
  const fresh = { "promise-unit": one ? one.lead : "", "matter-place": state.content.here };
  fillForm(kept || fresh);
  byId("promise-due").min = today();
  byId("kept-draft").hidden = !kept || Boolean(fields);
  tell("");
  showPart();
  byId("case-title").focus();
  byId("case-title").scrollIntoView({ block: "start" });
}

async function leave() {
  await keepDraft();
  const about = state.about;
  Object.assign(state, { about: "", replaces: null });
  showPart();
  showState();
  const row = document.querySelector(`[data-number="${about}"]`) || byId("new");
  row.focus();
}

function typing() {
  tell("");
  clearTimeout(timer);
  timer = setTimeout(keepDraft, TYPING);
}

async function keepDraft() {
  clearTimeout(timer);
  if (!state.about || state.replaces) return;
  const fields = typed();
  await (isEmpty(fields) ? store.dropDraft(state.about) : store.keepDraft(state.about, fields));
}

async function save(event) {
  event.preventDefault();
  tell("");
  try {
    const op = operation();
    byId("save").disabled = true;
    await write(op);
  } catch (fault) {
    if (!(fault instanceof Lacking)) throw fault;
    tell(fault.message);
    byId(fault.field).focus();
  } finally {
    byId("save").disabled = false;
  }
}

function operation() {
  const filing = state.about === NEW ? matter() : null;
  const said = record();
  const one = state.content.cases.find((each) => each.number === state.about);
  const { outcomes } = state.content;
  const [, label] = outcomes.find(([code]) => code === said.outcome);
  const what = said.promise ? `${label}，${said.promise.due} 前：${said.promise.what}` : label;
  const words = { number: one ? one.number : "", who: one ? one.title : `新登记：${filing.title}`, what };
  return { ...(filing ? { filing } : { petition: one.number, seen: one.seq }), ...said, at: new Date().toISOString(), words };
}

// Kept before anything else happens; sent without waiting for it.
async function write(op) {
  if (!state.keeps && !state.connected) throw new Lacking("save", "这个浏览器存不住记录，没有网络时不能记。请不要关闭页面，等网络恢复再按一次。");
  await queue.keep(op, 0);
  clearTimeout(timer);
  if (state.replaces) await drop(state.replaces);
  await store.dropDraft(state.about);
  Object.assign(state, { about: "", replaces: null });
  byId("done").textContent = `记下了：${op.words.who}，${op.words.what}。`;
  showPart();
  showState();
  byId("done").focus();
  queue.flush();
}

function tell(text) {
  byId("trouble").hidden = !text;
  byId("trouble").textContent = text;
}

// A refused record that is put right goes without a trace: nothing of it was written.
async function drop(item) {
  await queue.discard(item);
  await store.forget(item.op.op_id);
}

// What was written on this device

function answered({ number, code, state: standing, listed, movedOn, promise }) {
  const label = state.content ? state.content.states[standing] : "";
  return [
    code ? `编号 ${number}，查询码 ${code}，请抄给来访人。` : "",
    promise ? "承诺已登记，到期前会提醒。" : "",
    movedOn ? `没有网络的时候这件事有了新的进展${label ? `（现在：${label}）` : ""}。这条记录照样写进了经过，注明是晚到的。` : "",
    listed === false ? "这一件检举控告了到场的人或单位，所以没有列进这次的名单。" : "",
  ].filter(Boolean).join("");
}

async function refreshLog() {
  state.lines = await store.log();
  const acts = { again, aside: (item) => queue.discard(item), againWords: "改一改再送" };
  const number = showLog(byId("log"), queue, state.lines, acts, { detail: () => "", answered });
  byId("log-none").hidden = number > 0;
  const waiting = queue.waiting.length;
  byId("log-sum").textContent = [waiting ? `${waiting} 条还在本机，没有送出` : "", queue.failed.length ? `${queue.failed.length} 条有问题，请看一看` : ""].filter(Boolean).join("，");
  await store.mark();
  if (state.content && !state.about) showDay(state.content);
}

async function again(item) {
  state.replaces = item;
  await open(item.op.petition || NEW, fieldsOf(item.op));
  tell(`上次没有送成：${item.reason}`);
}

async function back() {
  state.connected = navigator.onLine;
  await queue.flush();
  await renew();
}

async function keepRecordPage() {
  const kept = await keepPage({ worker: root.dataset.worker, scope: "/petitions/days/", cache: "reception-1", fresh: state.connected });
  if (kept) root.dataset.kept = "yes";
}

async function restore() {
  const { reception, user } = root.dataset;
  const sealed = canSeal() ? await ReceptionStore.of(reception, user) : null;
  if (sealed) store = sealed;
  state.keeps = Boolean(sealed);
  queue = new Queue(store, (base, ops) => server.send(base, ops));
  queue.addEventListener("change", refreshLog);
  queue.addEventListener("answer", () => { Object.assign(state, { connected: true, signedOut: false }); renew(); });
  queue.addEventListener("fault", (event) => disconnected(event.detail.fault));
  await store.sweep();
  await queue.restore();
  const others = await store.ofOthers();
  byId("others").hidden = !others;
  byId("others").textContent = `这台设备上还有别的账号的 ${others} 条记录没有送出，请那个人登录后打开这一页。`;
  if (state.keeps) await keepStorage();
}

function listen() {
  byId("form").addEventListener("submit", save);
  byId("form").addEventListener("input", typing);
  byId("form").addEventListener("change", showParts);
  byId("leave").addEventListener("click", leave);
  byId("new").addEventListener("click", () => open(NEW));
  byId("retry").addEventListener("click", back);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepDraft(); });
  window.addEventListener("online", back);
  window.addEventListener("offline", () => { state.connected = false; showState(); });
  window.addEventListener("beforeunload", (event) => {
    if (state.keeps || !queue.items.length) return;
    event.preventDefault();
    event.returnValue = "";
  });
}

async function start() {
  await restore();
  listen();
  state.content = await store.readPackage();
  if (state.content) offerChoices(state.content);
  showState();
  await queue.flush();
  await renew();
  await refreshLog();
  root.dataset.ready = "yes";
  await keepRecordPage();
}

start();
