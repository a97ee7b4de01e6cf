// What the counter stores on this phone: hand-overs that the server has not answered for, those it has, and the village's list.

import { OfflineStore, canStore, offlineDatabase } from "../../offline_store.js";

const TOO_OLD = 7 * 24 * 3600 * 1000; // milliseconds; an older package is not worked from

const database = offlineDatabase("dongkou-counter", { ops: "op.op_id", log: "id", packages: "village.code" });

class CounterStore extends OfflineStore {
  // The page that began these hand-overs has gone: nobody knows whether they arrived.
  async all() {
    const items = await super.all();
    for (const item of items) if (item.op.hand) item.op.lost = true;
    return items;
  }

  async readPackage() {
    const found = await (await database()).get("packages", this.book);
    return found && found.user === this.user && Date.now() - Date.parse(found.as_of) < TOO_OLD ? found : null;
  }

  async storePackage(content) {
    await (await database()).put("packages", { ...content, user: this.user });
  }
}

// Null where nothing can be stored.
export async function counterStore(village, user) {
  return (await canStore(database)) ? new CounterStore({ database, by: "village", book: village, user, logDays: 2 }) : null;
}
