// Builds the pages on which the browser tests drive single modules of the app.

import { join } from "node:path";
import { defineConfig } from "vite";

const page = (name: string) => join(import.meta.dirname, name);

export default defineConfig({
  root: import.meta.dirname,
  base: "./", // some tests have a folder of their own, others the server serve them
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { store: page("store.html"), desk: page("desk.html") } },
  },
  worker: { format: "es" },
});
