import { describe, expect, it } from "vitest";
import { byDue, byVillage, type Duty, visitsIn } from "./model.ts";

const TODAY = "2025-10-16";

function duty(id: string, some: Partial<Duty> = {}): Duty {
  return {
    id,
    customer: { id: `customer of ${id}`, name: { name: "王秀英", latin: null } },
    what: { kind: "contact" },
    village: "柳家村",
    awayM: null,
    dueOn: TODAY,
    state: null,
    ...some,
  };
}

function ids(sections: readonly { readonly duties: readonly Duty[] }[]): string[][] {
  return sections.map((it) => it.duties.map((one) => one.id));
}

describe("the day by due date", () => {
  it("shows the late first, the longest late at the top", () => {
    const sections = byDue(
      [
        duty("soon", { dueOn: "2025-10-18" }),
        duty("late", { dueOn: "2025-10-15" }),
        duty("now"),
        duty("later still", { dueOn: "2025-10-12" }),
      ],
      TODAY,
    );

    expect(ids(sections)).toEqual([["later still", "late"], ["now"], ["soon"]]);
  });

  it("has no empty sections", () => {
    expect(byDue([duty("now")], TODAY).map((it) => it.key)).toEqual(["today"]);
  });
});

describe("the day by village", () => {
  it("starts with the nearest village where the tablet knows where it is", () => {
    const sections = byVillage([
      duty("far", { village: "小河村", awayM: 8300, dueOn: "2025-10-10" }),
      duty("near", { village: "柳家村", awayM: 2400 }),
      duty("also near", { village: "柳家村", awayM: 2900, dueOn: "2025-10-12" }),
    ]);

    expect(ids(sections)).toEqual([["also near", "near"], ["far"]]);
  });

  it("starts with the village that has waited longest where it does not", () => {
    const sections = byVillage([
      duty("fresh", { village: "柳家村" }),
      duty("old", { village: "小河村", dueOn: "2025-10-10" }),
    ]);

    expect(ids(sections)).toEqual([["old"], ["fresh"]]);
  });

  it("ends with what has no village", () => {
    const sections = byVillage([
      duty("nowhere", { village: null, dueOn: "2025-10-01" }),
      duty("somewhere"),
    ]);

    expect(ids(sections)).toEqual([["somewhere"], ["nowhere"]]);
  });
});

it("one customer is one way, however much there is to do", () => {
  const customer = { id: "wang", name: { name: "王秀英", latin: null } };

  expect(visitsIn([duty("a", { customer }), duty("b", { customer }), duty("c")])).toBe(2);
});
