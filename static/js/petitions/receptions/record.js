// Writing down a reception: choose a case from the day's list, read its briefing, note what was said. The page holds no data; it
// works from what it took along, with a line or without one (offline_page.js). What is written lies sealed on this device before it is
// sent, and goes once.

import { byId } from "../../dom.js";
import { OfflinePage } from "../../offline_page.js";
import { FAILED } from "../../ops.js";
import { showBriefing, showCases } from "./record_briefing.js";
import { Lacking, fieldsOf, fillForm, isEmpty, matter, offerChoices, record, showParts, today, typed } from "./record_form.js";
import { ReceptionServer } from "./record_server.js";
import { recordStore } from "./record_store.js";

const NEW = "new"; // in place of a number, for a matter that comes up on the spot
const TYPING = 400; // milliseconds after the last key until what was typed is stored

const root = byId("record");
const server = new ReceptionServer(root.dataset);
const CLOSED = { about: "", seen: 0, who: "", replaces: null };
const state = { ...CLOSED };
let timer = null;

const page = new OfflinePage({
  root,
  open: () => recordStore(root.dataset.reception, root.dataset.user),
  read: () => server.read(),
  send: (base, ops) => server.send(base, ops),
  words: {
    since: (time) => `名单截至 ${time}`,
    nothing: "还没有名单",
    off: (since) => `${since}，可以继续记，网络恢复自动送出。`,
    others: (number) => `这台设备上还有别的账号的 ${number} 条记录没有送出，请那个人登录后打开这一页。`,
    waiting: (number) => `${number} 条还在本机，没有送出`,
    failed: (number) => `${number} 条有问题，请看一看`,
  },
  log: { again, againWords: "改一改再送", detail: () => "", answered },
  show,
  renewed: (content) => { if (!state.about) offerChoices(content); },
  answered: () => page.renew(),
});

function show() {
  showPart();
  if (page.content && !state.about) showDay(page.content);
}

function showDay({ reception, cases }) {
  byId("about-day").textContent = `${reception.kind}，${reception.day} ${reception.hours}，${reception.place}，${reception.leader}。`;
  showCases(byId("cases"), cases, standing, (one) => open(one.number));
  byId("none").hidden = cases.length > 0;
}

// Where the last record about a case is now.
function standing(number) {
  const items = page.queue.items.filter((item) => item.op.words.number === number);
  if (items.some((item) => item.state === FAILED)) return "trouble";
  if (items.length) return "stored";
  return page.lines.some((line) => line.words.number === number && line.result && line.result.status !== "refused") ? "sent" : "";
}

// One part at a time: the list, or one case.
function showPart() {
  byId("list").hidden = Boolean(state.about) || !page.content;
  byId("case").hidden = !state.about;
}

// One case

// The form is shown once it is filled, never before: what is chosen meanwhile would be filled over. `item` is a refused record.
async function open(about, item = null) {
  const written = item ? fieldsOf(item.op) : await page.store.readDraft(about);
  const one = page.content.cases.find((each) => each.number === about);
  Object.assign(state, { about, replaces: item, seen: one ? one.seq : item?.op.seen, who: one ? one.title : item?.op.words.who });
  byId("case-title").textContent = one ? `${one.position}　${one.title}` : about === NEW ? "登记一件新的" : state.who;
  byId("matter").hidden = about !== NEW;
  byId("briefing").hidden = !one;
  if (one) showBriefing(byId("briefing"), one);
  const fresh = { "promise-unit": one ? one.lead : "", "matter-place": page.content.here };
  fillForm(written || fresh);
  byId("promise-due").min = today();
  byId("draft-note").hidden = !written || Boolean(item);
  tell("");
  showPart();
  byId("case-title").focus();
  byId("case-title").scrollIntoView({ block: "start" });
}

async function leave() {
  await storeDraft();
  const about = state.about;
  Object.assign(state, CLOSED);
  show();
  const row = document.querySelector(`[data-number="${about}"]`) || byId("new");
  row.focus();
}

function typing() {
  tell("");
  clearTimeout(timer);
  root.dataset.draft = "typing";
  timer = setTimeout(storeDraft, TYPING);
}

async function storeDraft() {
  clearTimeout(timer);
  if (!state.about || state.replaces) return;
  const fields = typed();
  root.dataset.draft = "storing";
  await (isEmpty(fields) ? page.store.dropDraft(state.about) : page.store.storeDraft(state.about, fields));
  if (root.dataset.draft === "storing") root.dataset.draft = "stored"; // and nothing was typed meanwhile
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
  const { outcomes } = page.content;
  const [, label] = outcomes.find(([code]) => code === said.outcome);
  const what = said.promise ? `${label}，${said.promise.due} 前：${said.promise.what}` : label;
  const words = { number: filing ? "" : state.about, who: filing ? `新登记：${filing.title}` : state.who, what };
  return { ...(filing ? { filing } : { petition: state.about, seen: state.seen }), ...said, at: new Date().toISOString(), words };
}

// Stored before anything else happens; sent without waiting for it.
async function write(op) {
  if (!page.stores && !page.connected) throw new Lacking("save", "这个浏览器存不住记录，没有网络时不能记。请不要关闭页面，等网络恢复再按一次。");
  await page.queue.keep(op, 0);
  clearTimeout(timer);
  if (state.replaces) await drop(state.replaces);
  await page.store.dropDraft(state.about);
  Object.assign(state, CLOSED);
  byId("done").textContent = `记下了：${op.words.who}，${op.words.what}。`;
  show();
  byId("done").focus();
  page.queue.flush();
}

function tell(text) {
  byId("trouble").hidden = !text;
  byId("trouble").textContent = text;
}

// A refused record that is put right goes without a trace: nothing of it was written.
async function drop(item) {
  await page.queue.discard(item);
  await page.store.forget(item.op.op_id);
}

// What the server said to it, in words

function answered({ number, code, state: standing, listed, movedOn, promise }) {
  const label = page.content ? page.content.states[standing] : "";
  return [
    code ? `编号 ${number}，查询码 ${code}，请抄给来访人。` : "",
    promise ? "承诺已登记，到期前会提醒。" : "",
    movedOn ? `没有网络的时候这件事有了新的进展${label ? `（现在：${label}）` : ""}。这条记录照样写进了经过，注明是晚到的。` : "",
    listed === false ? "这一件检举控告了到场的人或单位，所以没有列进这次的名单。" : "",
  ].filter(Boolean).join("");
}

async function again(item) {
  await storeDraft();
  await open(item.op.petition || NEW, item);
  tell(`上次没有送成：${item.reason}`);
}

function listen() {
  byId("form").addEventListener("submit", save);
  byId("form").addEventListener("input", typing);
  byId("form").addEventListener("change", showParts);
  byId("leave").addEventListener("click", leave);
  byId("new").addEventListener("click", () => open(NEW));
  document.addEventListener("visibilitychange", () => { if (document.hidden) storeDraft(); });
}

async function start() {
  listen();
  await page.start();
  await page.settle();
}

start();
