// Keeps the whole page for a time without a network. Another making of the page has another name, and takes its place.
const NAME = 'byhand-MADE';
const FILES = [];

self.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await cache.addAll(FILES.map(file => new Request(file, { cache: 'no-cache' })));
  await self.skipWaiting();
})()));

self.addEventListener('activate', event => event.waitUntil((async () => {
  const scope = new URL(self.registration.scope).pathname;
  for (const name of await caches.keys()) {
    const keys = name.startsWith('byhand-') && name !== NAME ? await (await caches.open(name)).keys() : [];
    if (keys.length && keys.every(request => new URL(request.url).pathname.startsWith(scope))) await caches.delete(name);
  }
  await self.clients.claim();
})()));

self.addEventListener('fetch', event => {
  if (event.request.method !== 'GET' || new URL(event.request.url).origin !== self.location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    const found = await cache.match(event.request, { ignoreSearch: true });
    if (found) return found;
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(cache.put(event.request, answer.clone())); // the grader, as it is fetched
    return answer;
  })());
});
