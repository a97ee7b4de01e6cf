// What the page for records stores on this device: records that have not arrived, those that have, the list with its briefings,
// and what is being typed.

import { SealedStore } from "../../offline_store.js";

export const STORE_DAYS = 7; // an older list is not worked from, and is thrown away

export function recordStore(reception, user) {
  return SealedStore.of({ database: "dongkou-receptions", by: "reception", book: reception, user, days: STORE_DAYS, what: "接访记录" });
}
