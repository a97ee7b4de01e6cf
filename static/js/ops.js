// What a person did, on its way to the server. An operation gets its id and is stored before it is sent, keeps both until
// the server has answered for that very id, and is sent again with the same id when the answer was lost: the server then
// says "exists". A refused one stays failed; to try again is a new operation.
//
// The queue needs a store {all(), put(item), remove(id, item)} (promises) and a way to send: send(baseVersion, ops) -> answer,
// or it throws a SendFault. Stores are those of offline_store.js. Only the first storing of an operation is a promise that it is safe:
// when there is no room for it, it is not taken. Later writes only note how far it has come, and may fail.

export const WAITING = "waiting";
export const SENDING = "sending";
export const FAILED = "failed";
export const HELD = "held"; // the server has it, and waits for the one before it
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

// An operation that goes with the one before it need not name it.
function told(op, before) {
  const { after, ...rest } = op;
  return before && before.op.op_id === after ? rest : op;
}

// The device has no room for an operation, or its database is gone.
export class NotStored extends Error {
  constructor(cause) {
    super("这台设备存不下了");
    this.cause = cause;
  }
}

// Fires "change" whenever an item changes, and "answer" with {items, answer} after each request.
export class Queue extends EventTarget {
  // With `chained` each operation names the one before it that is not yet answered for.
  constructor(store, send, { chained = false } = {}) {
    super();
    this.chained = chained;
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
    for (const item of this.items) if (item.state === SENDING || item.state === HELD) item.state = WAITING;
    if (this.items.length) this.changed();
  }

  get waiting() {
    return this.items.filter((item) => item.state !== FAILED);
  }

  get failed() {
    return this.items.filter((item) => item.state === FAILED);
  }

  // Store one operation without sending it yet. Throws NotStored when there is no room for it: then it has not been taken.
  async keep(fields, baseVersion) {
    const [before] = this.chained ? this.waiting.slice(-1) : [];
    const item = { op: { op_id: newId(), ...fields, ...(before ? { after: before.op.op_id } : {}) }, base: baseVersion, state: WAITING, reason: "", made: this.moment() };
    await this.putFirst(item);
    this.items.push(item);
    this.changed();
    return item;
  }

  async putFirst(item) {
    try {
      await this.store.put(item);
    } catch (fault) {
      throw new NotStored(fault);
    }
  }

  // Items go out in the order in which they were made, also when the clock was set back in between.
  moment() {
    this.last = Math.max(Date.now(), (this.last || 0) + 1, ...this.items.map((item) => item.made + 1));
    return this.last;
  }

  // Store one operation, then send. Resolves to its item once the server has answered it or could not be reached.
  async add(fields, baseVersion) {
    const item = await this.keep(fields, baseVersion);
    await this.flush();
    return item;
  }

  // One that was never taken is not there to be thrown away.
  async discard(item) {
    if (!this.items.includes(item)) return;
    this.items = this.items.filter((other) => other !== item);
    for (const next of this.items.filter((other) => other.op.after === item.op.op_id)) await this.follow(next, item.op.after);
    await this.store.remove(item.op.op_id, item);
    this.changed();
  }

  // Have `item` follow that operation, none for undefined.
  async follow(item, after) {
    if (after) item.op.after = after;
    else delete item.op.after;
    await this.note(this.store.put(item));
  }

  // What stays stored in its older form loses nothing: it is sent once more, and the server says "exists".
  async note(change) {
    try {
      await change;
    } catch {
      // No room for it now.
    }
  }

  // Send what waits, in order, one request at a time.
  async flush() {
    while (this.running) await this.running;
    clearTimeout(this.timer);
    for (const item of this.items) if (item.state === HELD) item.state = WAITING;
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
    const waiting = this.waiting.filter((item) => item.state !== HELD);
    const end = waiting.findIndex((item) => item.base !== waiting[0].base);
    return waiting.slice(0, Math.min(end < 0 ? waiting.length : end, MOST));
  }

  async sendBatch(batch) {
    for (const item of batch) item.sent = true; // whether it arrived is known only by its answer
    await this.mark(batch, SENDING);
    try {
      const answer = await this.send(batch[0].base, batch.map((item, at) => told(item.op, batch[at - 1])));
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
      else if (result.status === HELD) item.state = HELD;
      else await this.conclude(item, result);
    }
    this.changed();
    this.dispatchEvent(new CustomEvent("answer", { detail: { items: batch, answer } }));
  }

  // Answers that came another way than this line, as those of a request; those to what is not here are left.
  async receive(results) {
    const here = new Map(this.items.map((item) => [item.op.op_id, item]));
    const known = results.filter((result) => here.has(result.op_id) && result.status !== HELD);
    for (const result of known) await this.conclude(here.get(result.op_id), result);
    this.changed();
    return known.map((result) => here.get(result.op_id));
  }

  async conclude(item, result) {
    item.result = result;
    if (result.status === "applied" || result.status === "exists") {
      item.state = "done";
      this.items = this.items.filter((other) => other !== item);
      await this.note(this.store.remove(item.op.op_id, item));
    } else {
      item.state = FAILED;
      item.reason = result.reason;
      await this.note(this.store.put(item));
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

  // What waits and was made on `from` claims `version` from now on: nothing but our own came between, or the server does not know `from`.
  async rebase(version, from) {
    const moved = this.waiting.filter((each) => from === undefined || each.base === from);
    for (const item of moved) item.base = version;
    for (const item of moved) if (this.items.includes(item)) await this.note(this.store.put(item));
  }

  async mark(items, state, reason = "") {
    for (const item of items) {
      item.state = state;
      item.reason = reason;
      await this.note(this.store.put(item));
    }
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
