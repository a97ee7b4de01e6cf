// What a page keeps on this device: operations that the server has not answered for, those it has, and what is read for the time
// without a line. The database is reached through idb (window.idb). An operation leaves "ops" in the very transaction that
// writes it into "log".

const DAY = 24 * 3600 * 1000; // milliseconds
const OPEN = { shut: async (row) => row, open: async (row) => row };

// A function that answers the database `name`, opened once; `stores` maps the name of each store to the path of its key.
export function keptDatabase(name, stores) {
  let opened = null;
  const make = (db) => {
    for (const [store, keyPath] of Object.entries(stores)) db.createObjectStore(store, { keyPath });
  };
  return () => {
    if (!opened) {
      opened = window.idb.openDB(name, 1, { upgrade: make });
      opened.catch(() => { opened = null; });
    }
    return opened;
  };
}

// Whether this browser can keep anything at all (some private modes cannot).
export async function canKeep(database) {
  try {
    await database();
    return true;
  } catch (fault) {
    return false;
  }
}

// A store for the Queue of ops.js: the operations that one `user` made for one `book`; `by` names the field that says which book.
// A `seal` {shut(row), open(row)} makes rows unreadable to who finds the device; a row that cannot be opened is left out.
export class KeptStore {
  constructor({ database, by, book, user, logDays, seal = OPEN }) {
    Object.assign(this, { database, by, book, user, logDays, seal });
  }

  owns(row) {
    return row[this.by] === this.book && row.user === this.user;
  }

  async all() {
    const rows = (await (await this.database()).getAll("ops")).filter((row) => this.owns(row));
    const items = (await Promise.all(rows.map((row) => this.seal.open(row)))).filter(Boolean);
    return items.sort((a, b) => a.made - b.made);
  }

  async put(item) {
    item[this.by] = item[this.by] || this.book;
    item.user = item.user || this.user;
    const row = await this.seal.shut(item);
    await (await this.database()).put("ops", row);
  }

  // Only called with an operation that the server has answered, or that its maker put aside.
  async remove(id, item) {
    const line = await this.seal.shut(this.lineOf(id, item));
    const change = (await this.database()).transaction(["ops", "log"], "readwrite");
    if (await change.objectStore("ops").get(id)) await change.objectStore("log").put(line);
    await change.objectStore("ops").delete(id);
    await change.done;
  }

  lineOf(id, { made, result, reason, op: { words }, user, [this.by]: book }) {
    return { id, words, made, result, reason, user, [this.by]: book, ended: Date.now() };
  }

  // Operations of somebody else, made on this device and still waiting: they go out when he signs in again.
  async ofOthers() {
    const rows = await (await this.database()).getAll("ops");
    return rows.filter((row) => row[this.by] === this.book && row.user !== this.user).length;
  }

  // What was answered lately, newest first; older lines are dropped on this occasion.
  async log() {
    const db = await this.database();
    const oldest = Date.now() - this.logDays * DAY;
    const rows = await db.getAll("log");
    for (const row of rows) if (row.ended < oldest) await db.delete("log", row.id);
    const mine = rows.filter((row) => row.ended >= oldest && this.owns(row));
    const lines = (await Promise.all(mine.map((row) => this.seal.open(row)))).filter(Boolean);
    return lines.sort((a, b) => b.made - a.made);
  }

  async forget(id) {
    await (await this.database()).delete("log", id);
  }

  async writeLog(line) {
    const row = await this.seal.shut({ ...line, [this.by]: this.book, user: this.user, ended: Date.now() });
    await (await this.database()).put("log", row);
  }
}
