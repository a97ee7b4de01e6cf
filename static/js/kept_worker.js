// The part that service workers share: pages and what they are made of, kept so that they open without a connection. Nothing
// else is kept: no lists of people, no answers of the interface. Each worker is this file and its own, served as one script.

const PATIENCE = 5000; // milliseconds until the kept page is shown instead of a slow one

// `kept` names the cache and its version, `family` what the names of its older versions begin with; `page` matches the addresses
// of pages, `parts` lists what the addresses of their parts begin with.
function keepPages({ kept, family, page, parts }) {
  self.addEventListener("install", () => self.skipWaiting());

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      for (const name of await caches.keys()) if (name.startsWith(family) && name !== kept) await caches.delete(name);
      await self.clients.claim();
    })());
  });

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== "GET" || origin !== self.location.origin) return;
    if (request.mode === "navigate" && page.test(pathname)) event.respondWith(answerPage(kept, request, pathname));
    else if (parts.some((part) => pathname.startsWith(part))) event.respondWith(answerPart(request));
  });
}

// The page from the server when it answers, else the kept one.
async function answerPage(name, request, pathname) {
  const kept = await caches.open(name);
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
async function answerPart(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}
