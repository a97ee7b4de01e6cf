// What the page for records keeps on this device: records that have not arrived, those that have, the list with its briefings,
// and what is being typed. All of it sealed; what is there to be read goes after some days and on signing out.

import { Seal } from "./kept_seal.js";
import { KeptStore, keptDatabase } from "./kept_store.js";

export const KEEP_DAYS = 7; // an older list is not worked from, and is thrown away
const DAY = 24 * 3600 * 1000; // milliseconds
const MARK = "dongkou-kept"; // see kept_leave.js
const STORES = { ops: "op.op_id", log: "id", packages: "id", drafts: "id", keys: "user" };

const database = keptDatabase("dongkou-receptions", STORES);

export class ReceptionStore extends KeptStore {
  // Null where nothing can be kept; the page then works with a connection only.
  static async of(reception, user) {
    try {
      const db = await database();
      return new ReceptionStore(reception, user, await Seal.of(db, user));
    } catch (fault) {
      return null;
    }
  }

  constructor(reception, user, seal) {
    super({ database, by: "reception", book: reception, user, logDays: KEEP_DAYS, seal });
    this.id = `${user} ${reception}`;
  }

  async readPackage() {
    const row = await (await database()).get("packages", this.id);
    const kept = row && (await this.seal.open(row));
    return kept ? kept.content : null;
  }

  async keepPackage(content) {
    const row = await this.seal.shut({ id: this.id, user: this.user, kept: Date.now(), content });
    await (await database()).put("packages", row);
  }

  async readDraft(about) {
    const row = await (await database()).get("drafts", `${this.id} ${about}`);
    const kept = row && (await this.seal.open(row));
    return kept ? kept.fields : null;
  }

  async keepDraft(about, fields) {
    const row = await this.seal.shut({ id: `${this.id} ${about}`, user: this.user, kept: Date.now(), fields });
    await (await database()).put("drafts", row);
  }

  async dropDraft(about) {
    await (await database()).delete("drafts", `${this.id} ${about}`);
  }

  // Throw away what has lain too long, of whatever reception and whoever read it.
  async sweep() {
    const db = await database();
    for (const store of ["packages", "drafts"]) {
      for (const row of await db.getAll(store)) if (row.kept < Date.now() - KEEP_DAYS * DAY) await db.delete(store, row.id);
    }
  }

  // Tell every page of the site how much waits here, and until when what lies here may lie.
  async mark() {
    const unsent = await (await database()).count("ops");
    localStorage.setItem(MARK, JSON.stringify({ unsent, until: Date.now() + KEEP_DAYS * DAY }));
  }
}

// In place of a store where nothing can be kept: as long as the page is open.
export class NoStore {
  constructor() {
    this.items = new Map();
    this.lines = [];
  }

  async all() { return []; }

  async put(item) { this.items.set(item.op.op_id, item); }

  async remove(id, { made, result, reason, op: { words } }) {
    this.lines.unshift({ id, words, made, result, reason });
    this.items.delete(id);
  }

  async log() { return this.lines; }

  async forget(id) { this.lines = this.lines.filter((line) => line.id !== id); }

  async ofOthers() { return 0; }

  async readPackage() { return null; }

  async keepPackage() {}

  async readDraft() { return null; }

  async keepDraft() {}

  async dropDraft() {}

  async sweep() {}

  async mark() {}
}
