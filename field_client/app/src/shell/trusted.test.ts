import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function trusted(policies?: unknown): Promise<(url: string) => string> {
  vi.stubGlobal("location", new URL("https://branch.example/field/"));
  vi.stubGlobal("trustedTypes", policies);
  return (await import("./trusted.ts")).trustedScriptUrl;
}

it("vouches for the app's own scripts", async () => {
  const vouch = await trusted();

  expect(vouch("/field/assets/a.js")).toBe("/field/assets/a.js");
  expect(() => vouch("https://elsewhere.example/a.js")).toThrow(TypeError);
  expect(() => vouch("data:text/javascript,0")).toThrow(TypeError);
});

it("goes through the policy where the browser has such", async () => {
  const createPolicy = vi.fn((name: string, rules: { createScriptURL(url: string): string }) => ({
    createScriptURL: (url: string) => `${name} ${rules.createScriptURL(url)}`,
  }));
  const vouch = await trusted({ createPolicy });

  expect(vouch("/a.js")).toBe("xiangxin /a.js");
  expect(createPolicy).toHaveBeenCalledOnce();
});
