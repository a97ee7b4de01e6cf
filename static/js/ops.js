// What a person did, on its way to the server. An operation gets its id and is stored before it is sent, keeps both until
// the server has answered for that very id, and is sent again with the same id when the answer was lost: the server then
// says "exists". A refused one stays failed; to try again is a new operation.
//
// The queue needs a store {all(), put(item), remove(id, item)} (promises) and a way to send: send(baseVersion, ops) -> answer,
// or it throws a SendFault. TabStore lasts as long as the tab; a store that lasts longer fits in its place.

export const WAITING = "waiting";
export const SENDING = "sending";
export const FAILED = "failed";
const MOST = 50; // operations in one request
const PAUSES = [3000, 8000, 20000, 60000]; // milliseconds between attempts while there is no network

// crypto.randomUUID is missing in older browsers and on plain http.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// `kind` is network (nobody answered), signed_out, stale (the server never was at our version) or rejected (as a whole).
export class SendFault extends Error {
  constructor(kind, reason) {
    super(reason);
    this.kind = kind;
  }
}

export class TabStore {
  constructor(name) {
    this.name = name;
  }

  async all() {
    try {
      return JSON.parse(sessionStorage.getItem(this.name)) || [];
    } catch {
      return [];
    }
  }

  async put(item) {
    const others = (await this.all()).filter((other) => other.op.op_id !== item.op.op_id);
    this.write([...others, item]);
  }

  async remove(id) {
    this.write((await this.all()).filter((item) => item.op.op_id !== id));
  }

  write(items) {
    try {
      sessionStorage.setItem(this.name, JSON.stringify(items));
    } catch {
      // Private mode without storage: the queue still holds them while the page is open.
    }
  }
}

// Fires "change" whenever an item changes, and "answer" with {items, answer} after each request.
export class Queue extends EventTarget {
  constructor(store, send) {
    super();
    this.store = store;
    this.send = send;
    this.items = [];
    this.fault = null;
    this.attempts = 0;
    this.running = null;
  }

  // What an earlier page left behind; whatever was on its way then is waiting now.
  async restore() {
    this.items = await this.store.all();
    for (const item of this.items) if (item.state === SENDING) item.state = WAITING;
    if (this.items.length) this.changed();
  }

  get waiting() {
    return this.items.filter((item) => item.state !== FAILED);
  }

  get failed() {
    return this.items.filter((item) => item.state === FAILED);
  }

  // Store one operation without sending it yet.
  async keep(fields, baseVersion) {
    const item = { op: { op_id: newId(), ...fields }, base: baseVersion, state: WAITING, reason: "", made: Date.now() };
    this.items.push(item);
    await this.store.put(item);
    this.changed();
    return item;
  }

  // Store one operation, then send. Resolves to its item once the server has answered it or could not be reached.
  async add(fields, baseVersion) {
    const item = await this.keep(fields, baseVersion);
    await this.flush();
    return item;
  }

  async discard(item) {
    this.items = this.items.filter((other) => other !== item);
    await this.store.remove(item.op.op_id, item);
    this.changed();
  }

  // Send what waits, in order, one request at a time.
  async flush() {
    while (this.running) await this.running;
    clearTimeout(this.timer);
    this.running = this.run();
    try {
      await this.running;
    } finally {
      this.running = null;
    }
  }

  async run() {
    for (;;) {
      const batch = this.nextBatch();
      if (!batch.length || !(await this.sendBatch(batch))) return;
    }
  }

  // One request claims one version: that of the page on which its operations were made.
  nextBatch() {
    const waiting = this.waiting;
    const end = waiting.findIndex((item) => item.base !== waiting[0].base);
    return waiting.slice(0, Math.min(end < 0 ? waiting.length : end, MOST));
  }

  async sendBatch(batch) {
    await this.mark(batch, SENDING);
    try {
      const answer = await this.send(batch[0].base, batch.map((item) => item.op));
      this.attempts = 0;
      this.fault = null;
      await this.settle(batch, answer);
      return true;
    } catch (fault) {
      if (!(fault instanceof SendFault)) {
        await this.mark(batch, WAITING);
        throw fault;
      }
      return this.sendFailed(batch, fault);
    }
  }

  async settle(batch, answer) {
    const results = new Map(answer.results.map((result) => [result.op_id, result]));
    for (const item of batch) {
      const result = results.get(item.op.op_id);
      if (!result) item.state = WAITING; // not answered for: it stays
      else await this.conclude(item, result);
    }
    this.changed();
    this.dispatchEvent(new CustomEvent("answer", { detail: { items: batch, answer } }));
  }

  async conclude(item, result) {
    item.result = result;
    if (result.status === "applied" || result.status === "exists") {
      item.state = "done";
      this.items = this.items.filter((other) => other !== item);
      await this.store.remove(item.op.op_id, item);
    } else {
      item.state = FAILED;
      item.reason = result.reason;
      await this.store.put(item);
    }
  }

  async sendFailed(batch, fault) {
    this.fault = fault;
    await this.mark(batch, fault.kind === "rejected" ? FAILED : WAITING, fault.message);
    if (fault.kind === "network") this.tryLater();
    this.dispatchEvent(new CustomEvent("fault", { detail: { fault } }));
    return fault.kind === "rejected";
  }

  tryLater() {
    const pause = PAUSES[Math.min(this.attempts, PAUSES.length - 1)];
    this.attempts += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  // After the page has read its data anew: what waits was made on a version that the server does not know.
  async rebase(version) {
    for (const item of this.waiting) {
      item.base = version;
      await this.store.put(item);
    }
  }

  async mark(items, state, reason = "") {
    for (const item of items) {
      item.state = state;
      item.reason = reason;
      await this.store.put(item);
    }
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
