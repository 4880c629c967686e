import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { budget } from "./tools/budget.ts";
import { shell } from "./tools/shell.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf-8")) as { version: string };

export default defineConfig({
  base: "/field/",
  define: { "import.meta.env.XIANGXIN_VERSION": JSON.stringify(version) },
  plugins: [shell(), budget()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the content security policy allows no data: scripts or styles
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: "index.html", sw: "src/sw.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  worker: { format: "es" },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
