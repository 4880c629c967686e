import { describe, expect, it } from "vitest";
import { HOME, parse, path, type Route } from "./router.ts";

const ROUTES: readonly (readonly [string, Route])[] = [
  ["#/today", { screen: "today" }],
  ["#/customers", { screen: "customers" }],
  ["#/customer/019f0c2e", { screen: "customer", id: "019f0c2e", from: null }],
  ["#/customer/019f0c2e?from=today", { screen: "customer", id: "019f0c2e", from: "today" }],
  ["#/record/task/7?customer=3", { screen: "record", type: "task", id: "7", customer: "3" }],
  ["#/record/product/7", { screen: "record", type: "product", id: "7", customer: null }],
  ["#/new", { screen: "new", type: null, customer: null }],
  ["#/new/task", { screen: "new", type: "task", customer: null }],
  ["#/new/task?customer=019f0c2e", { screen: "new", type: "task", customer: "019f0c2e" }],
  ["#/edit/task/7?customer=3", { screen: "edit", type: "task", id: "7", customer: "3" }],
  ["#/visit/3", { screen: "visit", customer: "3", id: null }],
  ["#/visit/3/7", { screen: "visit", customer: "3", id: "7" }],
  ["#/repayment/3/7", { screen: "repayment", customer: "3", loan: "7" }],
  ["#/receipt/3/7", { screen: "receipt", customer: "3", id: "7" }],
  ["#/sync", { screen: "sync" }],
  ["#/mend/17", { screen: "mend", number: 17 }],
  ["#/conflict/6501248e", { screen: "conflict", id: "6501248e", customer: null }],
  ["#/conflict/6501248e?customer=3", { screen: "conflict", id: "6501248e", customer: "3" }],
  ["#/handover/7", { screen: "handover", id: "7" }],
  ["#/settings", { screen: "settings" }],
  ["#/sign_in", { screen: "sign_in" }],
  ["#/take_back", { screen: "take_back" }],
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
    ["#/record/task", HOME],
    ["#/record/task/%E0%A4%A", HOME],
    ["#/repayment/3", HOME],
    ["#/mend/x", { screen: "sync" }],
    ["#/customer", { screen: "customers" }],
    ["#/customer/a?from=elsewhere", { screen: "customer", id: "a", from: null }],
    ["#/conflict", { screen: "sync" }],
    ["#/new/task?customer=", { screen: "new", type: "task", customer: null }],
  ] satisfies [string, Route][])("%j leads somewhere all the same", (hash, route) => {
    expect(parse(hash)).toEqual(route);
  });

  it("keeps an id whole, whatever is in it", () => {
    const route: Route = { screen: "record", type: "x", id: "a/b?c#d 中", customer: "&=" };

    expect(parse(path(route))).toEqual(route);
  });
});
