// What the counter keeps on this phone: hand-overs that the server has not answered for, those it has, and the village's list.
// The database is reached through idb (window.idb). A hand-over leaves "ops" in the very transaction that writes it into "log".

const NAME = "dongkou-counter";
const LOG_DAYS = 2; // how long answered ones are shown

function open() {
  return window.idb.openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("ops", { keyPath: "op.op_id" });
      db.createObjectStore("log", { keyPath: "id" });
      db.createObjectStore("packages", { keyPath: "village.code" });
    },
  });
}

let opened = null;

function database() {
  if (!opened) {
    opened = open();
    opened.catch(() => { opened = null; });
  }
  return opened;
}

// A store for the Queue of ops.js: the operations that one person made for one village.
export class CounterStore {
  constructor(village, user) {
    this.village = village;
    this.user = user;
  }

  async all() {
    const items = await (await database()).getAll("ops");
    return items.filter((item) => item.village === this.village && item.user === this.user).sort((a, b) => a.made - b.made);
  }

  async put(item) {
    item.village = item.village || this.village;
    item.user = item.user || this.user;
    await (await database()).put("ops", item);
  }

  // Only called with the id of an operation that the server has answered, or that its maker put aside.
  async remove(id) {
    const change = (await database()).transaction(["ops", "log"], "readwrite");
    const item = await change.objectStore("ops").get(id);
    if (item) {
      const { made, result, reason, op: { words } } = item;
      await change.objectStore("log").put({ id, words, made, result, reason, village: item.village, user: item.user, ended: Date.now() });
      await change.objectStore("ops").delete(id);
    }
    await change.done;
  }

  // Operations of somebody else, made on this phone and still waiting: they go out when he signs in again.
  async ofOthers() {
    const items = await (await database()).getAll("ops");
    return items.filter((item) => item.village === this.village && item.user !== this.user).length;
  }

  // What was answered lately, newest first; older lines are dropped on this occasion.
  async log() {
    const db = await database();
    const oldest = Date.now() - LOG_DAYS * 24 * 3600 * 1000;
    const lines = await db.getAll("log");
    for (const line of lines) if (line.ended < oldest) await db.delete("log", line.id);
    const mine = lines.filter((line) => line.ended >= oldest && line.village === this.village && line.user === this.user);
    return mine.sort((a, b) => b.made - a.made);
  }

  async forget(id) {
    await (await database()).delete("log", id);
  }

  async writeLog(line) {
    await (await database()).put("log", { ...line, village: this.village, user: this.user, ended: Date.now() });
  }

  async readPackage() {
    const kept = await (await database()).get("packages", this.village);
    return kept && kept.user === this.user ? kept : null;
  }

  async keepPackage(content) {
    await (await database()).put("packages", { ...content, user: this.user });
  }
}

// Whether this browser can keep anything at all (some private modes cannot).
export async function canKeep() {
  try {
    await database();
    return true;
  } catch (fault) {
    return false;
  }
}
