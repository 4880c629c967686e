import { expect, it } from "vitest";
import { farOf, mapLink, wayOf } from "./place.ts";

it.each([
  [0, "north", "正北"],
  [44, "north-east", "东北"],
  [90, "east", "正东"],
  [200, "south", "正南"],
  [359, "north", "正北"],
  [-90, "west", "正西"],
])("%i degrees is %s", (bearing, en, zh) => {
  expect(wayOf(bearing, "en")).toBe(en);
  expect(wayOf(bearing, "zh")).toBe(zh);
});

it.each([
  [342, "340 m", "340 米"],
  [994, "990 m", "990 米"],
  [999, "1.0 km", "1.0 公里"],
  [2400, "2.4 km", "2.4 公里"],
  [123_456, "123 km", "123 公里"],
])("%i metres are %s", (m, en, zh) => {
  expect(farOf(m, "en")).toBe(en);
  expect(farOf(m, "zh")).toBe(zh);
});

it("the map opens at the home, with the name at the mark", () => {
  const home = { latE6: 30_543_210, lonE6: 105_123_456, away: null };

  expect(mapLink(home, "王 秀英")).toBe(
    "geo:30.543210,105.123456?q=30.543210,105.123456(%E7%8E%8B%20%E7%A7%80%E8%8B%B1)",
  );
});
