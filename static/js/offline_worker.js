// The service worker of pages that open without a line: it stores the pages and what they are made of. Nothing else: no lists of
// people, no answers of the interface. The server appends the call of storePages that says which pages (households/service_workers.py).

const PATIENCE = 1500; // milliseconds until the stored page is shown instead of a slow one

// `cache` is the cache's name and version, `family` what the names of its older versions begin with; `pages` matches the
// addresses of pages, `by` names what of their queries tells them apart, `parts` lists what the addresses of their parts begin with,
// `short` is an address that leads on to one of the pages.
// eslint-disable-next-line no-unused-vars -- called by the line that the server appends
function storePages({ cache, family, pages, by, parts, short }) {
  const isPage = new RegExp(pages);

  self.addEventListener("install", () => self.skipWaiting());

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      for (const name of await caches.keys()) if (name.startsWith(family) && name !== cache) await caches.delete(name);
      await self.clients.claim();
    })());
  });

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    const { origin, pathname } = url;
    if (request.method !== "GET" || origin !== self.location.origin) return;
    if (request.mode === "navigate" && isPage.test(pathname)) event.respondWith(answerPage(cache, request, pageOf(url, by)));
    else if (request.mode === "navigate" && pathname === short) event.respondWith(answerShort(cache, request, url, by));
    else if (parts.some((part) => pathname.startsWith(part))) event.respondWith(answerPart(request));
  });
}

// Under which address a page is stored, and whether this request asks for just that. What else its query says goes for once.
function pageOf({ pathname, searchParams }, by) {
  const told = new URLSearchParams([...searchParams].filter(([name]) => by.includes(name))).toString();
  return { address: told ? `${pathname}?${told}` : pathname, plain: [...searchParams.keys()].every((name) => by.includes(name)) };
}

// The page from the server when it answers, else the stored one.
async function answerPage(name, request, { address, plain }) {
  const stored = await caches.open(name);
  const live = fetch(request);
  try {
    const answer = await inTime(live);
    if (answer.ok && plain && !answer.redirected && answer.type === "basic") await stored.put(address, answer.clone());
    return answer;
  } catch {
    return (await stored.match(address)) || live;
  }
}

// Where the server leads, else to the page to which it led last, with whatever else is asked.
async function answerShort(name, request, url, by) {
  const live = fetch(request);
  try {
    return await inTime(live);
  } catch {
    const stored = await (await caches.open(name)).match(pageOf(url, by).address);
    return stored ? Response.redirect(new URL((await stored.text()) + url.search, url.origin)) : live;
  }
}

async function inTime(live) {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE));
  const answer = await Promise.race([live, late]);
  if (answer.status >= 500) throw new Error("down");
  return answer;
}

// Names carry their content's hash, so what is stored is never out of date.
async function answerPart(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}
