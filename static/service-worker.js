// Answers requests when there is no network: with the kept pages of cases, scripts and styles, and
// otherwise with a page that says that there is no network.
//
// Served from / by config.site.device, which puts the files of this release before it: ASSETS,
// PAGES (pages that name nobody), OFFLINE, the fallback page, and ACCOUNTS, below which people sign in.

const ASSETS_CACHE = "assets";
const TIMEOUT = 5_000;
const DIGEST = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", (event) => {
  event.waitUntil(keepRelease());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([forgetOldAssets(), self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(navigate(event, pathname));
  } else if (request.method === "GET" && ASSETS.some((asset) => isSameFolder(asset, pathname))) {
    event.respondWith(asset(request));
  }
});

async function keepRelease() {
  const cache = await caches.open(ASSETS_CACHE);
  await cache.addAll(ASSETS.map((address) => new Request(address, { cache: "reload" })));
  // Without cookies, so that these pages name nobody.
  await cache.addAll(
    PAGES.map((address) => new Request(address, { cache: "reload", credentials: "omit" })),
  );
  await self.skipWaiting();
}

/** Pages kept on the device need the files of the release they came from; without any, those can go. */
async function forgetOldAssets() {
  if ((await caches.keys()).some((name) => name.startsWith("pages-"))) return;
  const cache = await caches.open(ASSETS_CACHE);
  for (const request of await cache.keys()) {
    if (![...ASSETS, ...PAGES].includes(new URL(request.url).pathname)) await cache.delete(request);
  }
}

function isSameFolder(asset, pathname) {
  return pathname.startsWith(asset.slice(0, asset.lastIndexOf("/") + 1));
}

async function navigate(event, pathname) {
  const isForm = event.request.method !== "GET";
  const reply = await (isForm ? form(event.request) : page(event, pathname));
  // Somebody may have signed in: until a page of theirs says whose this device is, it is nobody's.
  const isSignIn = pathname.startsWith(ACCOUNTS) && reply.type === "opaqueredirect";
  if (isSignIn) await withDevice("readwrite", (device) => device.delete("owner"));
  return reply;
}

async function page(event, pathname) {
  const { request } = event;
  // If the browser's storage does not answer, pages still come from the network.
  const cache = await inTime(pagesOfOwner()).catch(() => null);
  const kept = await cache?.match(pathname, { ignoreVary: true });
  try {
    const reply = await (kept ? inTime(fetch(request)) : fetch(request));
    if (kept && reply.ok && !reply.redirected && new URL(request.url).search === "") {
      event.waitUntil(cache.put(pathname, reply.clone()));
    }
    // A gateway without the service behind it is like no network.
    return kept && [502, 503, 504].includes(reply.status) ? kept : reply;
  } catch {
    return kept ?? (await releasePage(pathname)) ?? releasePage(OFFLINE);
  }
}

async function form(request) {
  try {
    return await fetch(request);
  } catch {
    return releasePage(OFFLINE);
  }
}

async function asset(request) {
  const kept = await caches.match(request, { cacheName: ASSETS_CACHE, ignoreVary: true });
  // A file with a digest in its name never changes, so the network isn't needed.
  if (kept && DIGEST.test(request.url)) return kept;
  if (!kept) return fetch(request);
  try {
    const reply = await inTime(fetch(request));
    return reply.ok ? reply : kept;
  } catch {
    return kept;
  }
}

function releasePage(pathname) {
  return caches.match(pathname, { cacheName: ASSETS_CACHE, ignoreVary: true });
}

function inTime(promise) {
  return Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(() => reject(new Error("too slow")), TIMEOUT)),
  ]);
}

/** The cache of the person this device belongs to, if they keep any cases on it. */
async function pagesOfOwner() {
  const user = await owner();
  const name = `pages-${user}`;
  return user !== null && (await caches.has(name)) ? caches.open(name) : null;
}

async function owner() {
  return (await withDevice("readonly", (device) => device.get("owner")))?.user ?? null;
}

/** The result of one request to the database's store of single values; null if there is none. */
function withDevice(mode, ask) {
  return new Promise((resolve) => {
    const request = indexedDB.open("fieldwork");
    // Don't create the database here: a page does, with its stores.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => resolve(null);
    request.onsuccess = () => {
      const database = request.result;
      try {
        const transaction = database.transaction("device", mode);
        const asked = ask(transaction.objectStore("device"));
        transaction.oncomplete = () => resolve(asked.result ?? null);
        transaction.onabort = () => resolve(null);
      } catch {
        resolve(null);
      }
      database.close();
    };
  });
}
