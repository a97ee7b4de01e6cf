// What the counter keeps on this phone: hand-overs that the server has not answered for, those it has, and the village's list.

import { KeptStore, canKeep as canKeepIn, keptDatabase } from "./kept_store.js";

const database = keptDatabase("dongkou-counter", { ops: "op.op_id", log: "id", packages: "village.code" });

export class CounterStore extends KeptStore {
  constructor(village, user) {
    super({ database, by: "village", book: village, user, logDays: 2 });
  }

  async readPackage() {
    const kept = await (await database()).get("packages", this.book);
    return kept && kept.user === this.user ? kept : null;
  }

  async keepPackage(content) {
    await (await database()).put("packages", { ...content, user: this.user });
  }
}

export const canKeep = () => canKeepIn(database);
