import { expect, it } from "vitest";
import { newMeta } from "../store/meta.ts";
import { newSigningKey } from "../store/signing.ts";
import type { Work } from "../store/work.ts";
import type { OwnSet } from "../sync/sets.ts";
import { canBeCarried, courierFile, FORMAT, signedText } from "./courier.ts";

const SEAL_KEY = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";
const USER = { id: "u", username: "li.min", name: "李敏", role: "officer", branch: null };
const NOW = new Date("2026-06-16T01:00:00Z");

function ownSet(number: number, more: Partial<OwnSet> = {}): OwnSet {
  const facts = { number, id: `s${number}`, epoch: null, base: 0, action: "edit", made_at: "" };
  const content = { ...facts, schema: 1, changes: [] };
  return {
    ...facts,
    seq: number,
    device: "d",
    content,
    seen: {},
    state: "ready",
    result: null,
    answered_at: null,
    covered: false,
    settled: null,
    mended_by: null,
    stand_in: null,
    ...more,
  };
}

async function storeOf(sets: readonly OwnSet[], signs = true) {
  const meta = newMeta("d", "T", USER, SEAL_KEY, "e");
  const written: Work[] = [];
  return {
    meta: { ...meta, signing: signs ? await newSigningKey() : null },
    sets,
    written,
    exclusive: <T>(work: () => Promise<T>) => work(),
    commit: async (work: Work) => void written.push(work),
  };
}

it("carries what waits, in order, and notes it as sent", async () => {
  const store = await storeOf([
    ownSet(1, { state: "answered" }),
    ownSet(2, { state: "sent" }),
    ownSet(3),
  ]);

  const file = JSON.parse((await courierFile(store, NOW)) ?? "");

  expect([file.format, file.written_at]).toEqual([FORMAT, "2026-06-16T01:00:00.000Z"]);
  expect(file.bundles).toHaveLength(1);
  expect(file.bundles[0].device).toBe("d");
  expect(file.bundles[0].sets.map((one: { number: number }) => one.number)).toEqual([2, 3]);
  expect(JSON.stringify(file)).not.toContain("edit");
  expect(store.written[0]?.sets?.map((one) => [one.number, one.state])).toEqual([
    [2, "sent"],
    [3, "sent"],
  ]);
});

it("makes a bundle of what one request takes", async () => {
  const store = await storeOf([1, 2, 3].map((number) => ownSet(number)));

  const file = JSON.parse((await courierFile(store, NOW, 10)) ?? "");

  expect(file.bundles).toHaveLength(3);
});

it("has nothing to carry where nothing waits, or nobody would know the signature", async () => {
  const sent = await storeOf([ownSet(1, { state: "answered" })]);
  const unknown = await storeOf([ownSet(1)], false);

  expect([canBeCarried(sent), await courierFile(sent, NOW)]).toEqual([false, null]);
  expect([canBeCarried(unknown), await courierFile(unknown, NOW)]).toEqual([false, null]);
  expect([...sent.written, ...unknown.written]).toEqual([]);
  expect(canBeCarried(await storeOf([ownSet(1)]))).toBe(true);
});

it("signs canonical JSON", () => {
  const sets = [{ sealed: "YQ==", number: 7 }];

  expect(signedText("d", sets)).toBe('{"device":"d","sets":[{"number":7,"sealed":"YQ=="}]}');
});
