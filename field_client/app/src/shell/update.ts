// A new version of the app is offered, never forced (docs/architecture.md).

import { trustedScriptUrl } from "./trusted.ts";

/** A new version that lies ready. */
export interface Update {
  readonly apply: () => void;
}

/** Register the worker; `offered` is called once for each new version that lies ready beside the one in use. */
export async function registerWorker(offered: (worker: ServiceWorker) => void): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(trustedScriptUrl("/field/sw.js"), {
    scope: "/field/",
    type: "classic",
    updateViaCache: "none",
  });
  let told: ServiceWorker | null = null;
  const offer = () => {
    const { waiting } = registration;
    if (!waiting || waiting === told || !navigator.serviceWorker.controller) return;
    told = waiting;
    offered(waiting);
  };
  const follow = () => {
    registration.installing?.addEventListener("statechange", offer);
    offer();
  };
  follow(); // the browser may have begun to fetch it before this was asked
  registration.addEventListener("updatefound", follow);
  // Whatever was told too early or not at all is found on the way to the next screen.
  addEventListener("hashchange", offer);
  // An app that is never closed asks anew whenever it is looked at.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
  });
}

/** Go over to the new version: it takes the shell over, and this page loads it. */
export function applyUpdate(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
    once: true,
  });
  worker.postMessage("take over");
}
