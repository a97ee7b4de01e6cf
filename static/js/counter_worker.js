// Keeps the counter's page and what it is made of, so that it opens without a connection. It keeps nothing else: no list of
// households, no answers of the interface. Served at /shop/worker.js, so that it sees the pages below /shop/.

const KEPT = "counter-1";
const COUNTER = /^\/shop\/\d{12}\/counter\/$/;
const PATIENCE = 5000; // milliseconds until the kept page is shown instead of a slow one

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("counter-") && name !== KEPT) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && COUNTER.test(pathname)) event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/") || pathname.startsWith("/pictures/")) event.respondWith(part(request));
});

// The page from the server when it answers, else the kept one.
async function page(request, pathname) {
  const kept = await caches.open(KEPT);
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE));
  const live = fetch(request);
  try {
    const answer = await Promise.race([live, late]);
    if (answer.status >= 500) throw new Error("down");
    if (answer.ok && !answer.redirected && answer.type === "basic") await kept.put(pathname, answer.clone());
    return answer;
  } catch (fault) {
    return (await kept.match(pathname)) || live;
  }
}

// Names carry their content's hash, so what is kept is never out of date.
async function part(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}
