// Caches the shell by version, never data (docs/architecture.md).
//
// A new version is fetched whole beside the one in use and waits; only the page takes it over, when its
// user says so. What is not part of the shell, the protocol above all, never passes through here.

const worker = self as unknown as ServiceWorkerGlobalScope;
const PREFIX = "xiangxin-shell-";
const CACHE = `${PREFIX}__VERSION__`;
const FILES = "__FILES__" as unknown as readonly string[];
const PAGE = new URL("./", worker.location.href).href;
const SHELL = new Set(FILES.map((it) => new URL(it, worker.location.href).href));

worker.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  url.search = "";
  url.hash = "";
  const wanted = request.mode === "navigate" && url.href.startsWith(PAGE) ? PAGE : url.href;
  if (SHELL.has(wanted)) event.respondWith(fromShell(wanted, request));
});

/** Fetch the whole shell past every other cache: half a version is none. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((it) => new Request(it, { cache: "reload" })));
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((it) => it.startsWith(PREFIX) && it !== CACHE);
  await Promise.all(old.map((it) => caches.delete(it)));
  await worker.clients.claim();
}

async function fromShell(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? fetch(request);
}

export {};
