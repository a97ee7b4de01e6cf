// What the counter stores on this phone, sealed: hand-overs that the server has not answered for, those it has, and the village's
// list. The list and what was answered go on signing out; a hand-over that has not arrived never does.

import { SealedStore, offlineDatabase } from "../../offline_store.js";

const STORE_DAYS = 7; // an older list is not worked from, and is thrown away
const OLDER = "dongkou-counter"; // where phones stored the same unsealed
const older = offlineDatabase(OLDER, { ops: "op.op_id", log: "id", packages: "village.code" });

class CounterStore extends SealedStore {
  // The page that began these hand-overs has gone: nobody knows whether they arrived.
  async all() {
    const items = await super.all();
    for (const item of items) if (item.op.hand) item.op.lost = true;
    return items;
  }

  // Hand-overs of this person are sealed, what was there to be read goes; those of others wait for their makers.
  async takeOver() {
    const known = indexedDB.databases ? await indexedDB.databases() : [{ name: OLDER }];
    if (!known.some(({ name }) => name === OLDER)) return;
    const db = await older();
    const waiting = await db.getAll("ops");
    for (const item of waiting.filter((row) => this.owns(row))) {
      await this.put(item);
      await db.delete("ops", item.op.op_id);
    }
    for (const store of ["log", "packages"]) await db.clear(store);
  }
}

// Null where nothing can be stored, or not sealed.
export async function counterStore(village, user) {
  const store = await CounterStore.of({
    database: "dongkou-counter-sealed", by: "village", book: village, user, days: STORE_DAYS, what: "兑换记录",
  });
  if (store) await store.takeOver();
  return store;
}
