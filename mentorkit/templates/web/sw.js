"use strict";
// Keeps the site for use without a network. NAME and FILES are written above by the build.
const START_OF_NAME = NAME.slice(0, NAME.lastIndexOf("-") + 1);

self.addEventListener("install", event => {
  const keep = async () => {
    const cache = await caches.open(NAME);
    await cache.addAll(FILES);
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", event => {
  const tidy = async () => {
    const names = await caches.keys();
    const old = names.filter(name => name.startsWith(START_OF_NAME) && name !== NAME);
    await Promise.all(old.map(name => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", event => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.endsWith("/")) address.pathname += "index.html";
  const answer = async () => {
    const cache = await caches.open(NAME);
    const kept = await cache.match(address.href, {ignoreSearch: true});
    return kept || fetch(event.request);
  };
  event.respondWith(answer());
});
