// Packs every file of the build for the server to send as it is, and holds the first load to its budget.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin, Rollup } from "vite";

/** First load: all script and style up to Today, as gzip. Screens on which work is done come behind it. */
const FIRST_LOAD_BYTES = 120 * 1024;
const PACKED = /\.(js|css|html|svg|webmanifest|wasm)$/;
const COUNTED = /\.(js|css)$/;
const LATER = /^(working|declared_later|labels_later_[a-z]+)-/;
/** What a language calls the records: only that of the language in use is fetched. The largest counts. */
const LABELS = /^labels_[a-z]+-/;

export function budget(): Plugin {
  let first = new Set<string>();
  return {
    name: "xiangxin-budget",
    apply: "build",
    generateBundle(_, bundle) {
      first = firstLoad(bundle);
    },
    closeBundle() {
      let total = 0;
      let counted = 0;
      let labels = 0;
      for (const file of [...walk("dist")].filter((it) => PACKED.test(it))) {
        const plain = readFileSync(file);
        const packed = gzipSync(plain, { level: 9 });
        writeFileSync(`${file}.gz`, packed);
        writeFileSync(`${file}.br`, brotliCompressSync(plain));
        if (!COUNTED.test(file)) continue;
        total += packed.length;
        if (!first.has(file.slice("dist/".length))) continue;
        if (LABELS.test(nameOf(file))) labels = Math.max(labels, packed.length);
        else counted += packed.length;
      }
      counted += labels;
      const words = `first load ${kb(counted)} of ${kb(FIRST_LOAD_BYTES)}, in all ${kb(total)} (gzip)`;
      if (counted > FIRST_LOAD_BYTES) throw new Error(`${words}: over the budget`);
      this.info(words);
    },
  };
}

/** Every script and style but those that only later screens import. */
function firstLoad(bundle: Rollup.OutputBundle): Set<string> {
  const found = new Set<string>();
  const follow = (name: string): void => {
    const chunk = bundle[name];
    if (found.has(name) || chunk === undefined) return;
    found.add(name);
    if (chunk.type !== "chunk") return;
    const later = chunk.dynamicImports.filter((it) => !LATER.test(nameOf(it)));
    for (const it of [...chunk.imports, ...later, ...(chunk.viteMetadata?.importedCss ?? [])])
      follow(it);
  };
  for (const it of Object.values(bundle))
    if (it.type === "chunk" && it.isEntry) follow(it.fileName);
  for (const it of Object.values(bundle))
    if (/worker-.*\.js$/.test(it.fileName)) found.add(it.fileName);
  return found;
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, "");
}

function kb(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

function* walk(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* walk(path);
    else yield path;
  }
}
