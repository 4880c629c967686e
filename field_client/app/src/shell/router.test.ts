import { describe, expect, it } from "vitest";
import { HOME, parse, path, type Route } from "./router.ts";

const ROUTES: readonly (readonly [string, Route])[] = [
  ["#/today", { screen: "today" }],
  ["#/customers", { screen: "customers" }],
  ["#/customer/019f0c2e", { screen: "customer", id: "019f0c2e", from: null }],
  ["#/customer/019f0c2e?from=today", { screen: "customer", id: "019f0c2e", from: "today" }],
  ["#/record/019f0c2f", { screen: "record", id: "019f0c2f" }],
  ["#/new", { screen: "new", type: null, customer: null }],
  ["#/new/task", { screen: "new", type: "task", customer: null }],
  ["#/new/task?customer=019f0c2e", { screen: "new", type: "task", customer: "019f0c2e" }],
  ["#/edit/019f0c2f", { screen: "edit", id: "019f0c2f" }],
  ["#/visit/019f0c30", { screen: "visit", id: "019f0c30" }],
  ["#/repayment/019f0c31", { screen: "repayment", loan: "019f0c31" }],
  ["#/receipt/019f0c32", { screen: "receipt", id: "019f0c32" }],
  ["#/sync", { screen: "sync" }],
  ["#/conflict/6501248e", { screen: "conflict", id: "6501248e" }],
  ["#/settings", { screen: "settings" }],
];

describe("the address", () => {
  it.each(ROUTES)("%s is read", (hash, route) => {
    expect(parse(hash)).toEqual(route);
  });

  it.each(ROUTES)("%s is written", (hash, route) => {
    expect(path(route)).toBe(hash);
  });

  it.each([
    ["", HOME],
    ["#", HOME],
    ["#/", HOME],
    ["#/nowhere/7", HOME],
    ["#/record", HOME],
    ["#/record/%E0%A4%A", HOME],
    ["#/customer", { screen: "customers" }],
    ["#/customer/a?from=elsewhere", { screen: "customer", id: "a", from: null }],
    ["#/conflict", { screen: "sync" }],
    ["#/new/task?customer=", { screen: "new", type: "task", customer: null }],
  ] satisfies [string, Route][])("%j leads somewhere all the same", (hash, route) => {
    expect(parse(hash)).toEqual(route);
  });

  it("keeps an id whole, whatever is in it", () => {
    const route: Route = { screen: "record", id: "a/b?c#d 中" };

    expect(parse(path(route))).toEqual(route);
  });
});
