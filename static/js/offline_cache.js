// A page that opens without a line: a service worker looks after it, and what it is made of lies in a cache. This needs https or
// localhost; elsewhere the page works as long as it stays open.

const AGAIN = 4000; // milliseconds until what did not come is asked for once more

// `worker` is the address of its service worker, which also says how far that one sees; `more` are further addresses to store,
// `fresh` says whether the page itself may be fetched anew, `address` under which address; `short` is one that leads to it. Answers whether
// it is stored; null says that the line broke, and that it is worth another try.
export async function storePage(wanted) {
  if (!("serviceWorker" in navigator)) return false;
  try {
    return await store(wanted);
  } catch (fault) {
    return fault instanceof TypeError ? null : false;
  }
}

async function store({ worker, cache: name, more = [], fresh, address = window.location.pathname, short = "" }) {
  await navigator.serviceWorker.register(worker);
  const cache = await caches.open(name);
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]")];
  const wanted = [...parts.map((part) => part.href || part.src), ...more];
  for (const url of wanted) if (!(await cache.match(url))) await cache.add(url);
  if (fresh) await cache.add(new Request(address, { credentials: "same-origin" }));
  if (short) await cache.put(short, new Response(window.location.pathname));
  return true;
}

// In a while, or as soon as the browser says that there is a line.
export function again() {
  return new Promise((done) => {
    const timer = setTimeout(done, AGAIN);
    window.addEventListener("online", () => [clearTimeout(timer), done()], { once: true });
  });
}

// Ask the browser not to throw away what is stored when room gets short.
export async function persist() {
  if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
}

// Pages of whoever was signed in name them: they go when that person leaves; what pages are made of stays.
export async function dropPages() {
  if (!window.caches) return;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (!isPart(request.url)) await cache.delete(request, { ignoreVary: true });
  }
}

const isPart = (url) => /\.\w+$/.test(new URL(url).pathname);
