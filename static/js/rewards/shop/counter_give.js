// Handing over: with a connection each line is reserved and then handed over; without one it is written down and sent later.

import { FAILED, newId } from "../../ops.js";

// Why nothing was handed over, in words; what was handed over before it stays so.
export class NotGiven extends Error {}

export class Giver {
  // `page` gives the queue and the store (offline_page.js).
  constructor(server, page) {
    Object.assign(this, { server, page });
    this.ids = new Map(); // one reservation keeps its id while its answer is unknown
  }

  // `proof` is {pin} or {signature}, `facts` {collected_by, relation, delivered_to_home}. Answers {given: [line], waiting: [line]}.
  async withConnection(household, lines, proof, facts) {
    const done = { given: [], waiting: [] };
    for (const line of lines.filter((one) => !one.redemption)) await this.reserve(household, line);
    for (const line of lines) {
      const answered = proof.pin ? await this.byPin(household, line, proof.pin, facts) : await this.bySignature(household, line, proof.signature, facts);
      (answered ? done.given : done.waiting).push(line);
    }
    this.ids.clear();
    return done;
  }

  async reserve(household, line) {
    const key = `${household.code} ${line.item} ${line.quantity}`;
    if (!this.ids.has(key)) this.ids.set(key, newId());
    try {
      const { id } = await this.server.reserve({ op_id: this.ids.get(key), household: household.code, item: line.item, quantity: line.quantity });
      line.redemption = id;
    } catch (fault) {
      if (fault.kind === "rejected") this.ids.delete(key); // a refused id stays refused
      throw fault;
    }
  }

  // A PIN is never stored: an unknown answer is asked for again with the same id, while the page is open.
  async byPin(household, line, pin, facts) {
    const key = `pin ${line.redemption}`;
    if (!this.ids.has(key)) this.ids.set(key, newId());
    try {
      await this.server.handOver(line.redemption, { op_id: this.ids.get(key), pin, ...facts });
    } catch (fault) {
      if (fault.kind === "rejected") this.ids.delete(key);
      throw fault;
    }
    await this.page.store.writeLog({ id: this.ids.get(key), made: Date.now(), words: wordsOf(household, line), result: { status: "applied" } });
    return true;
  }

  // Stored before it is sent, so that a closed page or a lost answer loses nothing.
  async bySignature(household, line, signature, facts) {
    const op = this.operation(household, line, signature, facts);
    const item = await this.page.queue.add({ ...op, hand: newId(), lost: false }, 0);
    if (item.state !== FAILED) return item.state === "done";
    await this.drop(item);
    throw new NotGiven(item.reason);
  }

  // Nothing was given for it, so it is no record: it goes without a line in the log.
  async drop(item) {
    await this.page.queue.discard(item);
    await this.page.store.forget(item.op.op_id);
  }

  async withoutConnection(household, lines, signature, facts) {
    const ops = lines.map((line) => this.operation(household, line, signature, facts));
    await Promise.all(ops.map((op) => this.page.queue.keep(op, 0)));
    this.page.queue.flush(); // not waited for: a line that swallows everything would hold up the counter
    return { given: [], waiting: lines };
  }

  operation(household, line, signature, facts) {
    const { redemption, item, quantity } = line;
    const words = wordsOf(household, line);
    return { handed_at: new Date().toISOString(), household: household.code, redemption, item, quantity, signature, ...facts, words };
  }
}

function wordsOf(household, line) {
  return { who: `${household.name}家 ${household.code.slice(-4)} 号`, what: `${line.name} ${line.quantity} ${line.unit}`, points: line.points, code: household.code, item: line.item, quantity: line.quantity, redemption: line.redemption };
}

// Points that this phone gave to a household today and has not been answered for.
export function givenToday(queue, code) {
  const today = new Date().toDateString();
  return queue.items
    .filter((item) => item.op.words.code === code && new Date(item.made).toDateString() === today)
    .reduce((sum, item) => sum + item.op.words.points, 0);
}

// The limits of a dead line, as rewards.actions.checks_shop.over_floor counts them; the reason, or "".
export function overFloor(content, queue, household, lines) {
  const most = content.most_points;
  const large = lines.find((line) => line.points > most);
  if (large) return `没有网络时一次最多发 ${most} 积分的东西，${large.name}要 ${large.points} 积分。请等网络恢复。`;
  const before = givenToday(queue, household.code);
  const all = lines.reduce((sum, line) => sum + line.points, 0);
  if (before + all > content.most_household_points) {
    const rest = Math.max(0, content.most_household_points - before);
    return `没有网络时一户一天最多 ${content.most_household_points} 积分，这一户还可以领 ${rest} 积分。请少选一些，或等网络恢复。`;
  }
  return "";
}

// The package less what this phone gave away since: points, goods and reservations.
export function reduced(content, queue) {
  const waiting = queue.items.map((item) => item.op.words);
  const items = content.items.map((item) => {
    const gone = waiting.filter((words) => words.item === item.id && !words.redemption).reduce((sum, words) => sum + words.quantity, 0);
    return { ...item, free: Math.max(0, item.free - gone) };
  });
  const households = content.households.map((one) => lessWaiting(one, waiting));
  return { ...content, items, households };
}

function lessWaiting(household, waiting) {
  const own = waiting.filter((words) => words.code === household.code);
  if (!own.length) return household;
  const spent = own.filter((words) => !words.redemption).reduce((sum, words) => sum + words.points, 0);
  const taken = { ...household.taken };
  for (const words of own) if (!words.redemption) taken[words.item] = (taken[words.item] || 0) + words.quantity;
  const reserved = household.reserved.filter((one) => !own.some((words) => words.redemption === one.id));
  return { ...household, free: Math.max(0, household.free - spent), reserved, taken };
}
