// The days of a year by which interest by days is divided. Apart: penalty needs no more than this.

export type ProductDayCount = "act360" | "act365";

export const DAYS_IN_YEAR = { act360: 360, act364: 364, act365: 365 } as const;
