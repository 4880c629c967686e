// Builds the pages on which the browser tests drive single modules of the app.

import { join } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { store: join(import.meta.dirname, "store.html") } },
  },
  worker: { format: "es" },
});
