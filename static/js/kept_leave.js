// Leaving: what a page kept on this device to be read goes; what was written and not yet sent stays, sealed, until its writer signs
// in again. Loaded by page.js only where something is kept. It speaks to the database itself: idb is not on every page.

const MARK = "dongkou-kept"; // {unsent, until}: how much waits, and after which moment it has lain too long

const answer = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

// Clear what `page` kept to be read in the database `name`; its key too when nothing waits for it any more.
export async function forget(name = "dongkou-receptions") {
  const db = await answer(indexedDB.open(name));
  try {
    if (!db.objectStoreNames.contains("ops")) return;
    const change = db.transaction(["ops", "log", "packages", "drafts", "keys"], "readwrite");
    for (const store of ["log", "packages", "drafts"]) change.objectStore(store).clear();
    const waiting = await answer(change.objectStore("ops").count());
    if (!waiting) change.objectStore("keys").clear();
    await new Promise((done, fail) => { change.oncomplete = done; change.onabort = () => fail(change.error); });
  } finally {
    db.close();
  }
}

// For the sign-out form: true when it may go on.
export async function leave() {
  const kept = JSON.parse(localStorage.getItem(MARK)) || {};
  const question = `这台设备上还有 ${kept.unsent} 条接访记录没有送出。现在退出，要等您再登录、打开记录页才会送出。确定退出吗？`;
  if (kept.unsent && !window.confirm(question)) return false;
  await forget();
  localStorage.setItem(MARK, JSON.stringify({ unsent: kept.unsent || 0, until: null }));
  if (!kept.unsent) localStorage.removeItem(MARK);
  return true;
}
