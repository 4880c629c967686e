// Mounts the app and registers its worker; nothing else.

import { h, render } from "preact";
import { App, type Looks, Unsupported } from "./shell/app.tsx";
import { Tablet } from "./shell/tablet.ts";
import { browserTools } from "./shell/tools.ts";
import { applyUpdate, registerWorker, type Update } from "./shell/update.ts";
import { stretch } from "./store/argon.ts";
import { StorageFullError } from "./store/faults.ts";
import { Vault } from "./store/vault.ts";
import "./styles/index.ts";

const LOOKS = "xiangxin-looks";
const VERSION: string = import.meta.env.XIANGXIN_VERSION;

function storedLooks(): Looks {
  const inUse: Looks = {
    lang: navigator.language.startsWith("zh") ? "zh" : "en",
    theme: "light",
  };
  try {
    return { ...inUse, ...(JSON.parse(localStorage.getItem(LOOKS) ?? "{}") as Partial<Looks>) };
  } catch {
    return inUse;
  }
}

async function start(root: HTMLElement): Promise<void> {
  let looks = storedLooks();
  const tools = browserTools(() => looks.lang);
  const { newBytes } = tools;
  const now = () => tools.now().getTime();
  const vault = await Vault.open({ now, newBytes, stretch }).catch((error: Error) => error);
  if (vault instanceof Error) {
    const why = vault instanceof StorageFullError ? "full" : "unsupported";
    render(h(Unsupported, { looks, why, online: tools.isOnline() }), root);
    return;
  }
  const tablet = new Tablet(tools, vault);
  const offers: ((update: Update) => void)[] = [];
  let offered: Update | null = null;
  render(
    h(App, {
      tablet,
      looks,
      onLooks: (now) => {
        looks = now;
        localStorage.setItem(LOOKS, JSON.stringify(now));
      },
      version: VERSION,
      onUpdate: (offer) => {
        offers.push(offer);
        if (offered) offer(offered);
      },
    }),
    root,
  );
  void registerWorker((worker) => {
    offered = { apply: () => applyUpdate(worker) };
    for (const offer of offers) offer(offered);
  });
  await tablet.start();
}

const root = document.getElementById("app");
if (root) void start(root);
