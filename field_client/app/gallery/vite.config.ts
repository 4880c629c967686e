// The gallery is for those who build the app; no part of it reaches the product.
//   npx vite --config gallery/vite.config.ts

import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  server: { fs: { allow: [".."] } },
  build: { outDir: "../node_modules/.gallery", emptyOutDir: true, target: "es2022" },
});
