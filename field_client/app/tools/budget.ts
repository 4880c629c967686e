// Packs every file of the build for the server to send as it is, and holds the first load to its budget.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** First load: all script and style of the page and of its workers, as gzip. */
export const FIRST_LOAD_BYTES = 120 * 1024;
const PACKED = /\.(js|css|html|svg|webmanifest|wasm)$/;
const COUNTED = /\.(js|css)$/;

export function budget(): Plugin {
  return {
    name: "xiangxin-budget",
    apply: "build",
    closeBundle() {
      const files = [...walk("dist")].filter((file) => PACKED.test(file));
      let total = 0;
      for (const file of files) {
        const plain = readFileSync(file);
        const packed = gzipSync(plain, { level: 9 });
        writeFileSync(`${file}.gz`, packed);
        writeFileSync(`${file}.br`, brotliCompressSync(plain));
        if (COUNTED.test(file)) total += packed.length;
      }
      const words = `first load: ${(total / 1024).toFixed(1)} KB of ${FIRST_LOAD_BYTES / 1024} KB (gzip)`;
      if (total > FIRST_LOAD_BYTES) throw new Error(`${words}: over the budget`);
      this.info(words);
    },
  };
}

function* walk(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* walk(path);
    else yield path;
  }
}
