// Leaving: what pages stored on this device to be read goes; what was written and not yet sent stays, sealed, until its writer signs
// in again. Loaded by page.js only where something is stored. It speaks to the databases itself: idb is not on every page.

import { dropPages } from "./offline_cache.js";
import { ALL, mark, marks } from "./offline_mark.js";

const STORES = ["ops", "log", "packages", "drafts", "keys"]; // of a SealedStore

const answer = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

// Clear what was stored to be read in the database `name`; its keys too when nothing waits for them any more. Answers how much waits.
async function clear(name) {
  const db = await answer(indexedDB.open(name));
  try {
    if (!STORES.every((store) => db.objectStoreNames.contains(store))) return 0;
    const change = db.transaction(STORES, "readwrite");
    for (const store of ["log", "packages", "drafts"]) change.objectStore(store).clear();
    const waiting = await answer(change.objectStore("ops").count());
    if (!waiting) change.objectStore("keys").clear();
    await new Promise((done, fail) => { change.oncomplete = done; change.onabort = () => fail(change.error); });
    return waiting;
  } finally {
    db.close();
  }
}

async function everyName() {
  const found = indexedDB.databases ? await indexedDB.databases() : [];
  return found.map(({ name }) => name);
}

// Clear the databases that are marked so, by default those that have lain too long.
export async function forget(wanted = ({ until }) => until && until < Date.now()) {
  for (const [name, said] of Object.entries(marks()).filter(([, each]) => wanted(each))) {
    for (const database of name === ALL ? await everyName() : [name]) {
      const unsent = await clear(database);
      mark(database, unsent ? { ...said, unsent, until: null } : null);
    }
  }
}

// For the sign-out form: true when it may go on.
export async function leave() {
  const waiting = Object.values(marks()).filter(({ unsent }) => unsent).map(({ unsent, what }) => `${unsent} 条${what}`);
  const question = `这台设备上还有 ${waiting.join("、")}没有送出。现在退出，要等您再登录、打开原来的页面才会送出。确定退出吗？`;
  if (waiting.length && !window.confirm(question)) return false;
  await forget(() => true);
  await dropPages();
  return true;
}
