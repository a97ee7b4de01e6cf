// A page that opens without a line: a service worker looks after it, and what it is made of lies in a cache. This needs https or
// localhost; elsewhere the page works as long as it stays open.

// `more` are further addresses to keep; `fresh` says whether the page itself may be fetched anew. Answers whether it is kept.
export async function keepPage({ worker, scope, cache: name, more = [], fresh }) {
  if (!("serviceWorker" in navigator)) return false;
  await navigator.serviceWorker.register(worker, { scope });
  const cache = await caches.open(name);
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]")];
  const wanted = [...parts.map((part) => part.href || part.src), ...more];
  for (const url of wanted) if (!(await cache.match(url))) await cache.add(url);
  if (fresh) await cache.add(new Request(window.location.pathname, { credentials: "same-origin" }));
  return true;
}

// Ask the browser not to throw away what is kept when room gets short.
export async function keepStorage() {
  if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
}
