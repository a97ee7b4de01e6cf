// What a page stores on this device: operations that the server has not answered for, those it has, and what is read for the time
// without a line. The database is reached through idb (window.idb). An operation leaves "ops" in the very transaction that
// writes it into "log". A store is OfflineStore (readable), SealedStore (unreadable to who finds the device), or NoStore.

import { mark } from "./offline_mark.js";
import { Seal, canSeal } from "./offline_seal.js";

const DAY = 24 * 3600 * 1000; // milliseconds
const SEALED = { ops: "op.op_id", log: "id", packages: "id", drafts: "id", keys: "user" };

// A function that answers the database `name`, opened once; `stores` maps the name of each store to the path of its key.
export function offlineDatabase(name, stores) {
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

// Whether this browser can store anything at all (some private modes cannot).
export async function canStore(database) {
  try {
    await database();
    return true;
  } catch {
    return false;
  }
}

// A store for the Queue of ops.js: the operations that one `user` made for one `book`; `by` names the field that says which book.
// Lines of the log stay `logDays`. A row that cannot be opened is left out.
export class OfflineStore {
  constructor({ database, by, book, user, logDays }) {
    Object.assign(this, { database, by, book, user, logDays });
  }

  async shut(row) { return row; }

  async open(row) { return row; }

  owns(row) {
    return row[this.by] === this.book && row.user === this.user;
  }

  async opened(rows) {
    const items = (await Promise.all(rows.map((row) => this.open(row)))).filter(Boolean);
    return items.sort((a, b) => a.made - b.made);
  }

  async all() {
    const rows = await (await this.database()).getAll("ops");
    return this.opened(rows.filter((row) => this.owns(row)));
  }

  async put(item) {
    item[this.by] = item[this.by] || this.book;
    item.user = item.user || this.user;
    const row = await this.shut(item);
    await (await this.database()).put("ops", row);
  }

  // Only called with an operation that the server has answered, or that its maker put aside.
  async remove(id, item) {
    const line = await this.shut(this.lineOf(id, item));
    const change = (await this.database()).transaction(["ops", "log"], "readwrite");
    if (await change.objectStore("ops").get(id)) await change.objectStore("log").put(line);
    await change.objectStore("ops").delete(id);
    await change.done;
  }

  lineOf(id, { made, result, reason, op: { words }, user, [this.by]: book }) {
    return { id, words, made, result, reason, user, [this.by]: book, ended: Date.now() };
  }

  // Operations of somebody else, made on this device and still waiting: they go out when that person signs in again.
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
    return (await this.opened(rows.filter((row) => row.ended >= oldest && this.owns(row)))).reverse();
  }

  async forget(id) {
    await (await this.database()).delete("log", id);
  }

  async writeLog(line) {
    const row = await this.shut({ ...line, [this.by]: this.book, user: this.user, ended: Date.now() });
    await (await this.database()).put("log", row);
  }

  // Throw away what has lain too long.
  async sweep() {}

  // Tell every page of the site what lies here.
  async mark() {}
}

// Everything sealed; what is there to be read goes after `days` and on signing out (offline_leave.js), an operation never. `what`
// says in words what the operations are.
export class SealedStore extends OfflineStore {
  // Null where nothing can be sealed; the page then works with a connection only.
  static async of({ database: name, by, book, user, days, what }) {
    if (!canSeal()) return null;
    const database = offlineDatabase(name, SEALED);
    try {
      const seal = await Seal.of(await database(), user);
      return new this({ name, database, by, book, user, days, what, seal });
    } catch {
      return null;
    }
  }

  constructor({ name, days, what, seal, ...owner }) {
    super({ ...owner, logDays: days });
    Object.assign(this, { name, days, what, seal, id: `${owner.user} ${owner.book}` });
  }

  shut(row) {
    return this.seal.shut(row, ["id", "made", "ended", "stored", "user", this.by]);
  }

  open(row) {
    return this.seal.open(row);
  }

  async read(store, id) {
    const row = await (await this.database()).get(store, id);
    return row ? this.open(row) : null;
  }

  async write(store, id, fields) {
    const row = await this.shut({ id, user: this.user, stored: Date.now(), ...fields });
    await (await this.database()).put(store, row);
  }

  async readPackage() {
    const found = await this.read("packages", this.id);
    return found && found.content;
  }

  storePackage(content) {
    return this.write("packages", this.id, { content });
  }

  // What is being typed, by what it is about.
  async readDraft(about) {
    const found = await this.read("drafts", `${this.id} ${about}`);
    return found && found.fields;
  }

  // All of them, by what they are about.
  async allDrafts() {
    const found = {};
    for (const row of await (await this.database()).getAll("drafts")) {
      const draft = row.id.startsWith(`${this.id} `) ? await this.open(row) : null;
      if (draft) found[row.id.slice(this.id.length + 1)] = draft.fields;
    }
    return found;
  }

  storeDraft(about, fields) {
    return this.write("drafts", `${this.id} ${about}`, { fields });
  }

  async dropDraft(about) {
    await (await this.database()).delete("drafts", `${this.id} ${about}`);
  }

  // Of whatever book, whoever read it.
  async sweep() {
    const db = await this.database();
    const oldest = Date.now() - this.days * DAY;
    for (const store of ["packages", "drafts"]) {
      for (const row of await db.getAll(store)) if (storedAt(row) < oldest) await db.delete(store, row.id);
    }
  }

  async mark() {
    const unsent = await (await this.database()).count("ops");
    mark(this.name, { unsent, until: Date.now() + this.days * DAY, what: this.what });
  }
}

// Devices hold rows that were written when the field had another name.
const storedAt = (row) => row.stored || row.kept;

// In place of a store where nothing can be stored: as long as the page is open.
export class NoStore {
  constructor() {
    this.items = new Map();
    this.lines = [];
  }

  async all() { return []; }

  async put(item) { this.items.set(item.op.op_id, item); }

  async remove(id, { made, result, reason, op: { words } }) {
    this.writeLog({ id, words, made, result, reason });
    this.items.delete(id);
  }

  async log() { return this.lines; }

  async writeLog(line) { this.lines.unshift(line); }

  async forget(id) { this.lines = this.lines.filter((line) => line.id !== id); }

  async ofOthers() { return 0; }

  async readPackage() { return null; }

  async storePackage() {}

  async readDraft() { return null; }

  async allDrafts() { return {}; }

  async storeDraft() {}

  async dropDraft() {}

  async sweep() {}

  async mark() {}
}
