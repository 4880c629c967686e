// Tells the service worker which files make up the shell, and its version: a hash over all of them.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const PUBLIC = "public";

export function shell(): Plugin {
  return {
    name: "xiangxin-shell",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") throw new Error("no service worker in the build");
      const hash = createHash("sha256").update(worker.code);
      const files = Object.values(bundle).filter((it) => it.fileName !== "sw.js");
      for (const it of files.sort((a, b) => a.fileName.localeCompare(b.fileName))) {
        hash.update(it.fileName).update(it.type === "chunk" ? it.code : it.source);
      }
      for (const name of readdirSync(PUBLIC).sort()) {
        hash.update(name).update(readFileSync(join(PUBLIC, name)));
      }
      const names = [...files.map((it) => it.fileName), ...readdirSync(PUBLIC)].filter(
        (it) => it !== "index.html",
      );
      worker.code = worker.code
        .replace(/["'`]__FILES__["'`]/, JSON.stringify(["./", ...names]))
        .replace("__VERSION__", hash.digest("hex").slice(0, 12));
    },
  };
}
