// The queue of ops.js in weather: a server that acts and is not heard, requests that come late or twice, a page that is killed, a clock
// that jumps, a device without room. Each seed is one telephone for one day; what must hold is said in `judge`.
//
//   node queue_weather.mjs OPS_JS FIRST LAST ["from" "to" ...]      pairs of texts plant faults in the script
//
// Prints {seeds, acts, faults: {kind: number}, wrong: [{seed, what}]}.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [file, first, last, ...planted] = process.argv.slice(2);
let script = readFileSync(file, "utf8");
for (let at = 0; at < planted.length; at += 2) {
  if (!script.includes(planted[at])) throw new Error(`not in the script: ${planted[at]}`);
  script = script.replace(planted[at], planted[at + 1]);
}
const folder = mkdtempSync(join(tmpdir(), "queue-"));
writeFileSync(join(folder, "ops.mjs"), script);
const { FAILED, NotStored, Queue, SendFault } = await import(join(folder, "ops.mjs"));
rmSync(folder, { recursive: true });

const faults = {};
let clock = 1.7e12;
Date.now = () => clock;
globalThis.setTimeout = () => 0; // tries come when the day says so, never by themselves
globalThis.clearTimeout = () => {};

function dice(seed) {
  let state = (seed * 2654435761 + 12345) % 4294967296;
  const next = () => {
    state ^= (state << 13) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ ((state << 5) >>> 0)) >>> 0;
    return state / 4294967296;
  };
  for (let n = 0; n < 8; n += 1) next();
  return next;
}

const copy = (value) => JSON.parse(JSON.stringify(value));
const met = (kind) => { faults[kind] = (faults[kind] || 0) + 1; };

// What outlives a page. `dead` pages write nothing more.
class Disk {
  constructor(random) {
    Object.assign(this, { random, rows: new Map(), removed: [], full: false });
  }

  forPage(page) {
    const live = async (act) => {
      await null;
      if (page.dead) return new Promise(() => {});
      return act();
    };
    return {
      all: () => live(() => copy([...this.rows.values()]).sort((a, b) => a.made - b.made)),
      put: (item) => live(() => {
        if (this.full && this.random() < 0.7) { met("full"); throw new Error("QuotaExceededError"); }
        this.rows.set(item.op.op_id, copy(item));
      }),
      remove: (id) => live(() => {
        if (this.full && this.random() < 0.3) { met("full"); throw new Error("QuotaExceededError"); }
        this.rows.delete(id);
        this.removed.push(id);
      }),
    };
  }
}

// The interface's rule: the same id is answered the same. What it took stands in `taken`, in its order.
class Server {
  constructor(random) {
    Object.assign(this, { random, answers: new Map(), taken: [], late: [], version: 0 });
  }

  act(ops) {
    const results = ops.map((op) => {
      const known = this.answers.get(op.op_id);
      if (known) return { ...known, status: known.status === "applied" ? "exists" : known.status };
      const answer = { op_id: op.op_id, status: op.note.endsWith("!") ? "refused" : "applied", reason: "", event: this.taken.length };
      if (answer.status === "applied") { this.taken.push(op); this.version += 1; }
      this.answers.set(op.op_id, answer);
      return answer;
    });
    return copy({ version: this.version, results });
  }

  arriveLate() {
    for (const ops of this.late.splice(0)) this.act(ops);
  }
}

class Page {
  constructor(day) {
    this.day = day;
    this.killed = new Promise((die) => { this.die = () => { this.dead = true; die("killed"); }; });
    this.queue = new Queue(day.disk.forPage(this), (base, ops) => this.send(copy(ops)), { chained: true });
  }

  async send(ops) {
    const { day, day: { random, server } } = this;
    await null;
    if (this.dead) return new Promise(() => {});
    const roll = day.fair ? 1 : random();
    if (random() < 0.2) server.arriveLate();
    if (roll < 0.15) { met("dropped before"); throw new SendFault("network", "没有信号"); }
    if (roll < 0.3) { met("dropped after"); server.act(ops); throw new SendFault("network", "没有信号"); }
    if (roll < 0.4) { met("late"); server.late.push(ops); throw new SendFault("network", "没有信号"); }
    if (roll < 0.5) { met("twice"); server.act(ops); return server.act(ops); }
    if (roll < 0.6) { met("half answered"); return this.once(server.act(ops.filter(() => random() < 0.5))); }
    if (roll < 0.65) { met("signed out"); throw new SendFault("signed_out", "登录已经过期"); }
    if (roll < 0.75) { met("killed before"); this.die(); return new Promise(() => {}); }
    if (roll < 0.85) { met("killed after"); server.act(ops); this.die(); return new Promise(() => {}); }
    return server.act(ops);
  }

  // A half answer is followed by a broken line, as the queue asks again at once for what was not answered.
  once(answer) {
    const { send } = this.queue;
    this.queue.send = async () => { this.queue.send = send; throw new SendFault("network", "没有信号"); };
    return answer;
  }
}

async function live(seed) {
  const random = dice(seed);
  const day = { random, disk: new Disk(random), server: new Server(random), fair: false };
  const promised = new Set();
  const undecided = new Set(); // killed while it was being stored
  let page = new Page(day);
  await page.queue.restore();
  const number = 3 + Math.floor(random() * 15);
  const wrong = [];
  for (let act = 0; act < number; act += 1) {
    if (random() < 0.2) { met("clock"); clock += (random() - 0.5) * 1e9; }
    clock += Math.floor(random() * 2000);
    if (random() < 0.1) day.disk.full = !day.disk.full;
    const note = `${seed}-${act}${random() < 0.1 ? "!" : ""}`;
    undecided.add(note);
    const end = await Promise.race([page.killed, record(page, note, undecided, promised)]);
    if (end === "killed" || random() < 0.05) {
      page.die();
      page = new Page(day);
      await page.queue.restore();
    }
    if (random() < 0.3) await Promise.race([page.killed, page.queue.flush()]);
    if (page.dead) { page = new Page(day); await page.queue.restore(); }
    judgeNow(day, wrong);
  }
  Object.assign(day, { fair: true });
  day.disk.full = false;
  day.server.arriveLate();
  page.die();
  page = new Page(day);
  await page.queue.restore();
  await page.queue.flush();
  judgeNow(day, wrong);
  judge(day, page, promised, undecided, wrong);
  return { wrong, number };
}

async function record(page, note, undecided, promised) {
  try {
    await page.queue.keep({ type: "add", note }, 0);
    undecided.delete(note);
    promised.add(note);
  } catch (fault) {
    if (!(fault instanceof NotStored)) throw fault;
    undecided.delete(note);
    return "not stored";
  }
  await page.queue.flush();
  return "told";
}

// Whatever has left the device was answered for.
function judgeNow({ disk, server }, wrong) {
  for (const id of disk.removed) if (!server.answers.has(id)) wrong.push(`gone without an answer: ${id}`);
}

function judge({ disk, server }, page, promised, undecided, wrong) {
  const taken = server.taken.map((op) => op.note);
  const refused = page.queue.items.filter((item) => item.state === FAILED).map((item) => item.op.note);
  if (new Set(taken).size !== taken.length) wrong.push("doubled");
  for (const note of promised) if (!taken.includes(note) && !refused.includes(note)) wrong.push(`lost: ${note}`);
  for (const note of taken) if (!promised.has(note) && !undecided.has(note)) wrong.push(`out of nothing: ${note}`);
  for (const note of refused) if (!note.endsWith("!")) wrong.push(`said to be refused: ${note}`);
  if (page.queue.waiting.length) wrong.push(`still waiting: ${page.queue.waiting.length}`);
  const left = [...disk.rows.values()].filter((row) => row.state !== FAILED).length;
  if (left) wrong.push(`still on the device: ${left}`);
  const made = [...disk.rows.values()].map((row) => row.op.note);
  for (const note of refused) if (!made.includes(note)) wrong.push(`a refusal that is not kept: ${note}`);
}

const report = { seeds: 0, acts: 0, faults, wrong: [] };
for (let seed = Number(first); seed < Number(last); seed += 1) {
  const { wrong, number } = await live(seed);
  report.seeds += 1;
  report.acts += number;
  if (wrong.length) report.wrong.push({ seed, what: wrong.slice(0, 3) });
}
console.log(JSON.stringify(report));
