// Once all files are here the site works without a network. A new version is fetched whole, and takes
// over when no page of the old one is open any more. (What stands first is written when the site is made.)
const NAME = `course ${registration.scope} ${VERSION}`;

oninstall = event => event.waitUntil(caches.open(NAME).then(cache => cache.addAll(FILES)));

onactivate = event => event.waitUntil((async () => {
  const own = name => name.startsWith(`course ${registration.scope} `) && name !== NAME;
  await Promise.all((await caches.keys()).filter(own).map(name => caches.delete(name)));
  await clients.claim();
})());

onfetch = event => {
  const { url, method } = event.request;
  if (method !== "GET" || !url.startsWith(registration.scope)) return;
  event.respondWith(caches.open(NAME).then(cache => cache.match(event.request, { ignoreSearch: true })).then(found => found ?? fetch(event.request)));
};
