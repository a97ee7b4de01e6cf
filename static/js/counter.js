// The counter: find the household, choose, prove, hand over. The page holds no data; it works from the village's package, which
// it renews whenever the server answers and keeps for when it does not.

import { Basket, showItems, showReserved } from "./counter_basket.js";
import { byToken, showFound, tokenIn } from "./counter_find.js";
import { Giver, NotGiven, overFloor, reduced } from "./counter_give.js";
import { Scanner, canScan } from "./counter_scan.js";
import { CounterServer } from "./counter_server.js";
import { SignaturePad } from "./counter_sign.js";
import { CounterStore, canKeep } from "./counter_store.js";
import { byId, fill, h } from "./dom.js";
import { clock, showLog } from "./kept_log.js";
import { keepPage, keepStorage } from "./kept_page.js";
import { FAILED, Queue, SendFault, WAITING } from "./ops.js";

const TOO_OLD = 7 * 24 * 3600 * 1000; // milliseconds; an older package is not worked from
const FRESH = 2500; // milliseconds that a fresh household is waited for before the package's is shown

const root = byId("counter");
const { village, user } = root.dataset;
const server = new CounterServer(root.dataset);
const store = new CounterStore(village, user);
const queue = new Queue(store, (base, ops) => server.send(base, ops));
const giver = new Giver(server, queue, store);
const basket = new Basket();
const scanner = new Scanner(byId("camera"));
const pad = new SignaturePad(byId("pad"));
const state = { content: null, connected: navigator.onLine, signedOut: false, keeps: false, busy: false, done: false };

// Being connected means that the server answered last time.

async function renew() {
  try {
    const content = await server.read();
    Object.assign(state, { content, connected: true, signedOut: false });
    if (state.keeps) await store.keepPackage(content);
  } catch (fault) {
    disconnected(fault);
    state.content = state.content || (await kept());
  }
  showState();
}

async function kept() {
  const content = state.keeps ? await store.readPackage() : null;
  return content && Date.now() - Date.parse(content.as_of) < TOO_OLD ? content : null;
}

function disconnected(fault) {
  if (!(fault instanceof SendFault)) throw fault;
  state.connected = fault.kind === "rejected";
  state.signedOut = fault.kind === "signed_out";
  showState();
}

function showState() {
  const { content, connected, signedOut } = state;
  const since = content ? `资料截至 ${clock(Date.parse(content.as_of))}` : "还没有资料";
  const [mark, words] = signedOut ? ["out", `登录过期了，记录都在。${since}`] : connected ? ["on", since] : ["off", `可以继续发放，请领取人签名。${since}`];
  fill(byId("state"), h(`strong.mark.mark-${mark}`, {}, { on: "在线", off: "离线", out: "请重新登录" }[mark]), h("span", {}, words));
  byId("sign-in").hidden = !signedOut;
  byId("opening").textContent = content ? content.opening : "";
  byId("no-package").hidden = Boolean(content);
  byId("cannot-keep").hidden = state.keeps;
  showPart();
  const byPin = connected && !signedOut;
  byId("way-pin").disabled = !byPin;
  byId("pin-needs-line").hidden = byPin;
  if (!byPin && byId("way-pin").checked) byId("way-sign").click();
}

// Find

async function choose(found) {
  scanner.stop();
  showScanning(false);
  const content = reduced(state.content, queue);
  basket.open(content.households.find((one) => one.code === found.code) || found, content.items);
  showHousehold();
  byId("household-name").focus();
  if (!state.connected) return;
  const fresh = await Promise.race([server.read(found.code).catch((fault) => fault), new Promise((done) => setTimeout(done, FRESH))]);
  if (fresh instanceof SendFault) disconnected(fresh);
  else if (fresh && basket.household?.code === found.code && !basket.added.size) {
    const { households, items } = reduced(fresh, queue);
    if (households[0]) basket.open(households[0], items);
  }
  showHousehold();
}

function chooseBy(text) {
  const token = tokenIn(text);
  if (!token) return false;
  const found = byToken(state.content.households, token);
  byId("words").value = "";
  if (found) choose(found);
  else byId("found-note").textContent = `没有找到这块户牌：可能是别村的，或已经作废。（资料截至 ${clock(Date.parse(state.content.as_of))}）`;
  return true;
}

function typed() {
  const { value } = byId("words");
  if (!state.content || chooseBy(value)) return;
  showFound(byId("found"), byId("found-note"), state.content.households, value, choose);
}

function submitted(event) {
  event.preventDefault();
  if (!state.content || chooseBy(byId("words").value)) return;
  const found = showFound(byId("found"), byId("found-note"), state.content.households, byId("words").value, choose);
  if (found.length === 1) choose(found[0]);
}

async function scan() {
  if (scanner.running) {
    scanner.stop();
    return showScanning(false);
  }
  showScanning(true);
  try {
    const text = await scanner.read();
    if (text && !chooseBy(text)) byId("found-note").textContent = "这不是户牌上的码。";
  } catch (fault) {
    byId("found-note").textContent = "相机打不开：请在浏览器里允许使用相机，或者输入户号、姓名来找。";
  }
  return showScanning(false);
}

function showScanning(on) {
  byId("camera").hidden = !on;
  byId("scan-words").textContent = on ? "停止扫码" : "扫户牌";
}

// The household and what it takes

// One part at a time: finding, the household, or what was done.
function showPart() {
  const chosen = Boolean(basket.household);
  byId("done").hidden = chosen || !state.done;
  byId("find").hidden = chosen || state.done || !state.content;
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
  byId(state.connected ? "way-pin" : "way-sign").checked = true;
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
    const pin = byId("pin").value.trim();
    if (!/^\d{6}$/.test(pin.normalize("NFKC"))) throw new NotGiven("请领取人输入 6 位户牌密码。");
    return { pin: pin.normalize("NFKC") };
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
  if (state.connected && !state.signedOut) return giver.withConnection(household, lines, shown, extra);
  if (!state.keeps) throw new NotGiven("这个浏览器存不住记录，没有网络时不能发放。");
  const beyond = overFloor(state.content, queue, household, lines);
  if (beyond) throw new NotGiven(beyond);
  return giver.withoutConnection(household, lines, shown.signature, extra);
}

function troubled(fault) {
  if (fault instanceof NotGiven) tell(fault.message);
  else if (fault instanceof SendFault) {
    disconnected(fault);
    const lost = "没有收到服务器的回答，还没有登记发放。请再按一次“发放”；一直没有网络，就请领取人签名。";
    tell(fault.kind === "rejected" ? fault.message : fault.kind === "signed_out" ? "登录过期了。请重新登录，再按“发放”。" : lost);
    if (fault.kind === "rejected") renew();
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
    given.length ? h("p.done-line", {}, h("span.mark.mark-sent", {}, "已送达"), ` ${words(given)}`) : null,
    waiting.length ? h("p.done-line", {}, h("span.mark.mark-kept", {}, "已保存在本机"), ` ${words(waiting)}`, h("span.done-later", {}, "可以把东西给人家，网络恢复自动送出。")) : null);
  byId("next").focus();
  renew();
}

function again() {
  state.done = false;
  showPart();
  byId("words").focus();
}

// The log

async function refreshLog() {
  const lines = state.keeps ? await store.log() : [];
  const number = showLog(byId("log"), queue, lines, {
    again: async (item) => {
      item.state = WAITING;
      await store.put(item);
      await queue.flush();
    },
    aside: (item) => queue.discard(item),
  }, {
    detail: (words) => `${words.points} 积分`,
    answered: ({ flags }) => (flags && flags.length ? `监督委员会核对：${flags.join("、")}` : ""),
  });
  byId("log-none").hidden = number > 0;
  const waiting = queue.waiting.length;
  if (!waiting) showArrived();
  const failed = queue.items.filter((item) => item.state === FAILED).length;
  byId("log-sum").textContent = [waiting ? `${waiting} 笔还在本机` : "", failed ? `${failed} 笔有问题` : ""].filter(Boolean).join("，");
}

function showArrived() {
  for (const mark of byId("done-words").querySelectorAll(".mark-kept")) {
    mark.className = "mark mark-sent";
    mark.textContent = "已送达";
    mark.parentElement.querySelector(".done-later").remove();
  }
}

async function back() {
  state.connected = navigator.onLine;
  await queue.flush();
  await renew();
}

async function keepCounter() {
  const pictures = (state.content?.items || []).filter((item) => item.picture).map((item) => `/pictures/${item.picture}/`);
  const kept = await keepPage({ worker: root.dataset.worker, scope: "/shop/", cache: "counter-1", more: pictures, fresh: state.connected });
  if (kept) root.dataset.kept = "yes";
}

async function restore() {
  state.keeps = await canKeep();
  if (!state.keeps) return;
  await queue.restore();
  for (const item of queue.items) if (item.op.hand) item.op.lost = true; // the page went away: nobody knows whether it arrived
  const others = await store.ofOthers();
  if (others) {
    byId("others").hidden = false;
    byId("others").textContent = `这台手机上还有别的账号的 ${others} 笔记录没有送出，请那个人登录一次。`;
  }
  await keepStorage();
}

function listen() {
  byId("words").addEventListener("input", typed);
  byId("find-form").addEventListener("submit", submitted);
  byId("scan").addEventListener("click", scan);
  byId("leave").addEventListener("click", leave);
  byId("next").addEventListener("click", again);
  byId("give").addEventListener("click", give);
  byId("again").addEventListener("click", () => pad.clear());
  byId("retry").addEventListener("click", back);
  for (const way of ["way-pin", "way-sign"]) byId(way).addEventListener("change", showWay);
  basket.addEventListener("change", showHousehold);
  queue.addEventListener("change", refreshLog);
  queue.addEventListener("answer", () => { state.connected = true; state.signedOut = false; });
  queue.addEventListener("fault", (event) => disconnected(event.detail.fault));
  window.addEventListener("online", back);
  window.addEventListener("offline", () => { state.connected = false; showState(); });
}

async function start() {
  listen();
  await restore();
  byId("scan").hidden = !(await canScan());
  state.content = await kept();
  showState();
  await queue.flush();
  await renew();
  await refreshLog();
  const asked = state.content?.households.find((one) => one.code === root.dataset.household);
  if (asked) await choose(asked);
  showWay();
  root.dataset.ready = "yes";
  await keepCounter();
}

start();
