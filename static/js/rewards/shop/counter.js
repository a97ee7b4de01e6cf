// The counter: find the household, choose, prove, hand over. The page holds no data; it works from the village's package, with a line
// or without one (offline_page.js).

import { over } from "../../back.js";
import { Camera } from "../../camera.js";
import { byId, fill, h } from "../../dom.js";
import { clock } from "../../offline_log.js";
import { OfflinePage } from "../../offline_page.js";
import { SendFault, WAITING } from "../../ops.js";
import { Basket, showItems, showReserved } from "./counter_basket.js";
import { byToken, showFound, tokenIn } from "./counter_find.js";
import { Giver, NotGiven, overFloor, reduced } from "./counter_give.js";
import { CounterServer } from "./counter_server.js";
import { SignaturePad } from "./counter_sign.js";
import { counterStore } from "./counter_store.js";

const FRESH = 2500; // milliseconds that a fresh household is waited for before the package's is shown

const root = byId("counter");
const server = new CounterServer(root.dataset);
const basket = new Basket();
const camera = new Camera(byId("camera"), root.dataset.codes);
const pad = new SignaturePad(byId("pad"));
const state = { busy: false, done: false };

const page = new OfflinePage({
  root,
  open: () => counterStore(root.dataset.village, root.dataset.user),
  read: () => server.read(),
  send: (base, ops) => server.send(base, ops),
  words: {
    since: (time) => `资料截至 ${time}`,
    nothing: "还没有资料",
    off: (since) => `可以继续发放，请领取人签名。${since}`,
    others: (number) => `这台手机上还有别的账号的 ${number} 笔记录没有送出，请那个人登录一次。`,
    waiting: (number) => `${number} 笔还在本机`,
    failed: (number) => `${number} 笔有问题`,
  },
  log: {
    again: sendAgain,
    againWords: "再送一次",
    detail: (words) => `${words.points} 积分`,
    answered: ({ flags }) => (flags && flags.length ? `监督委员会核对：${flags.join("、")}` : ""),
  },
  show,
});
const giver = new Giver(server, page);

function show() {
  byId("opening").textContent = page.content ? page.content.opening : "";
  showPart();
  const byPin = page.connected && !page.signedOut;
  byId("way-pin").disabled = !byPin;
  byId("pin-needs-line").hidden = byPin;
  if (!byPin && byId("way-pin").checked) byId("way-sign").click();
  if (!page.queue.waiting.length) showArrived();
}

// Find

async function choose(found) {
  camera.close();
  const content = reduced(page.content, page.queue);
  basket.open(content.households.find((one) => one.code === found.code) || found, content.items);
  showHousehold();
  byId("household-name").focus();
  if (!page.connected) return;
  const fresh = await Promise.race([server.read(found.code).catch((fault) => fault), new Promise((done) => setTimeout(done, FRESH))]);
  if (fresh instanceof SendFault) page.disconnected(fresh);
  else if (fresh && basket.household?.code === found.code && !basket.added.size) {
    const { households, items } = reduced(fresh, page.queue);
    if (households[0]) basket.open(households[0], items);
  }
  showHousehold();
}

function chooseBy(text) {
  const token = tokenIn(text);
  if (!token) return false;
  const found = byToken(page.content.households, token);
  byId("words").value = "";
  byId("found-note").textContent = "";
  if (found) choose(found);
  else byId("found-note").textContent = `没有找到这块户牌：可能是别村的，或已经作废。（资料截至 ${clock(Date.parse(page.content.as_of))}）`;
  return true;
}

function typed() {
  const { value } = byId("words");
  if (!page.content || chooseBy(value)) return;
  showFound(byId("found"), byId("found-note"), page.content.households, value, choose);
}

function submitted(event) {
  event.preventDefault();
  if (!page.content || chooseBy(byId("words").value)) return;
  const found = showFound(byId("found"), byId("found-note"), page.content.households, byId("words").value, choose);
  if (found.length === 1) choose(found[0]);
}

// What to say about a code that the camera read; nothing when it was a plate of the village.
function scanned(text) {
  if (!page.content) return "还没有读到本村的资料，请先连上网络。";
  byId("found-note").textContent = "";
  if (chooseBy(text)) return byId("found-note").textContent;
  return "这不是户牌上的码。";
}

// The household and what it takes

let unserved = null; // tells the browser's Back that the household is left

// One part at a time: finding, the household, or what was done.
function showPart() {
  const chosen = Boolean(basket.household);
  if (chosen && !unserved) unserved = over(leave);
  else if (!chosen && unserved) {
    const gone = unserved;
    unserved = null;
    gone();
  }
  byId("done").hidden = chosen || !state.done;
  byId("find").hidden = chosen || state.done || !page.content;
  byId("basket").hidden = byId("proof").hidden = !chosen;
}

function showHousehold() {
  const { household } = basket;
  showPart();
  if (!household) return;
  byId("household-name").textContent = `${household.name}家`;
  byId("household-place").textContent = `${household.group} · ${household.code.slice(-4)} 号`;
  byId("household-free").textContent = household.free;
  byId("reserved-part").hidden = !household.reserved.length;
  showReserved(byId("reserved"), basket);
  showItems(byId("items"), basket);
  const { lines, points } = basket;
  byId("sum").textContent = lines.length ? `${lines.map((line) => `${line.name} ${line.quantity} ${line.unit}`).join("、")}，共 ${points} 积分` : "还没有选东西";
  byId("give").disabled = !lines.length || state.busy;
}

function leave() {
  basket.open(null, []);
  for (const id of ["words", "pin", "collected-by", "relation"]) byId(id).value = "";
  byId("to-home").checked = byId("proxy").open = false;
  byId("way-sign").checked = true;
  showWay();
  pad.clear();
  tell("");
  fill(byId("found"));
  byId("found-note").textContent = "";
  showHousehold();
}

// Hand over

function showWay() {
  byId("by-pin").hidden = !byId("way-pin").checked;
  byId("by-sign").hidden = !byId("way-sign").checked;
  pad.redraw();
}

function facts() {
  const proxy = byId("proxy").open ? byId("collected-by").value.trim() : "";
  const relation = proxy ? byId("relation").value.trim() : "";
  if (proxy && !relation) throw new NotGiven("请填代领人和户主是什么关系。");
  if (byId("proxy").open && !proxy) throw new NotGiven("请填代领人的姓名；是本户来领，请收起“别人代领”。");
  return { collected_by: proxy, relation, delivered_to_home: byId("to-home").checked };
}

function proof() {
  if (byId("way-pin").checked) {
    const pin = byId("pin").value.normalize("NFKC").replace(/[\s-]/g, "");
    if (!/^\d{6}$/.test(pin)) throw new NotGiven("请领取人输入自己设的 6 位户牌密码。");
    return { pin };
  }
  if (pad.empty) throw new NotGiven("请领取人在框里签名。");
  return { signature: pad.png() };
}

async function give() {
  const { household, lines } = basket;
  tell("");
  working(true);
  try {
    const [shown, extra] = [proof(), facts()];
    const done = await handOver(household, lines, shown, extra);
    showDone(household, done);
  } catch (fault) {
    troubled(fault);
  } finally {
    byId("pin").value = "";
    working(false);
  }
}

async function handOver(household, lines, shown, extra) {
  if (page.connected && !page.signedOut) return giver.withConnection(household, lines, shown, extra);
  if (!page.stores) throw new NotGiven("这个浏览器存不住记录，没有网络时不能发放。");
  const beyond = overFloor(page.content, page.queue, household, lines);
  if (beyond) throw new NotGiven(beyond);
  return giver.withoutConnection(household, lines, shown.signature, extra);
}

function troubled(fault) {
  if (fault instanceof NotGiven) tell(fault.message);
  else if (fault instanceof SendFault) {
    page.disconnected(fault);
    const lost = "没有收到服务器的回答，还没有登记发放。请再按一次“发放”；一直没有网络，就请领取人签名。";
    tell(fault.kind === "rejected" ? fault.message : fault.kind === "signed_out" ? "登录过期了。请重新登录，再按“发放”。" : lost);
    if (fault.kind === "rejected") page.renew();
  } else throw fault;
}

function working(on) {
  state.busy = on;
  byId("give").disabled = on || !basket.lines.length;
  byId("give").textContent = on ? "正在登记……" : "发放";
}

function tell(text) {
  byId("trouble").hidden = !text;
  byId("trouble").textContent = text;
  if (text) byId("trouble").scrollIntoView({ block: "center" });
}

function showDone(household, { given, waiting }) {
  const words = (lines) => lines.map((line) => `${line.name} ${line.quantity} ${line.unit}`).join("、");
  const code = household.code;
  state.done = true;
  leave();
  fill(byId("done-words"), h("strong", {}, `${household.name}家 ${code.slice(-4)} 号`),
    given.length ? h("p.done-line", {}, h("span.mark.mark-sent", {}, "已上传"), ` ${words(given)}`) : null,
    waiting.length ? h("p.done-line", {}, h("span.mark.mark-stored", {}, "已保存在本机"), ` ${words(waiting)}`, h("span.done-later", {}, "可以把东西给人家，网络恢复自动送出。")) : null);
  byId("next").focus();
  page.renew();
}

function again() {
  state.done = false;
  showPart();
  byId("words").focus();
}

// The log

async function sendAgain(item) {
  item.state = WAITING;
  await page.store.put(item);
  await page.queue.flush();
}

function showArrived() {
  for (const mark of byId("done-words").querySelectorAll(".mark-stored")) {
    mark.className = "mark mark-sent";
    mark.textContent = "已上传";
    mark.parentElement.querySelector(".done-later").remove();
  }
}

function listen() {
  byId("words").addEventListener("input", typed);
  byId("find-form").addEventListener("submit", submitted);
  byId("scan").addEventListener("click", () => camera.open(scanned));
  byId("leave").addEventListener("click", leave);
  byId("next").addEventListener("click", again);
  byId("give").addEventListener("click", give);
  byId("again").addEventListener("click", () => pad.clear());
  for (const way of ["way-pin", "way-sign"]) byId(way).addEventListener("change", showWay);
  basket.addEventListener("change", showHousehold);
}

async function start() {
  listen();
  byId("scan").hidden = false;
  await page.start();
  const { households = [], items = [] } = page.content || {};
  const asked = households.find((one) => one.code === root.dataset.household);
  if (asked) await choose(asked);
  showWay();
  await page.settle([root.dataset.codes, ...items.filter((item) => item.picture).map((item) => `/pictures/${item.picture}/`)]);
}

start();
