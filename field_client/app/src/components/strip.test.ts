import { describe, expect, it } from "vitest";
import { daysUnsynced, type SyncFacts, stripKind, stripWords } from "./strip.ts";

const NOW = Date.parse("2025-10-16T02:44:00Z");
const SENDING = { done: 2, all: 3, bytes: 634_880, allBytes: 2_202_009 };

function facts(some: Partial<SyncFacts> = {}): SyncFacts {
  return {
    attention: 0,
    waiting: 0,
    sending: null,
    online: false,
    syncedAt: "2025-10-16T00:44:00Z",
    caughtUp: true,
    ...some,
  };
}

function words(some: Partial<SyncFacts>, lang: "en" | "zh"): string {
  const { message, age } = stripWords(facts(some), lang, NOW);
  return age ? `${message} · ${age}` : message;
}

describe("the strip shows the first that holds", () => {
  const old = "2025-10-15T00:44:00Z";
  it.each([
    [{ attention: 1, sending: SENDING, syncedAt: old, waiting: 3 }, "needs_attention"],
    [{ sending: SENDING, syncedAt: old, waiting: 3 }, "sending"],
    [{ syncedAt: old, waiting: 3 }, "old"],
    [{ syncedAt: old }, "old"],
    [{ syncedAt: null }, "old"],
    [{ waiting: 3 }, "waiting"],
    [{ caughtUp: false }, "waiting"],
    [{}, "all_synced"],
  ] as const)("%j: %s", (some, kind) => {
    expect(stripKind(facts(some), NOW)).toBe(kind);
  });
});

describe("the strip says", () => {
  it.each([
    [{}, "All synced · up to date as of 08:44", "已全部同步 · 数据截至 08:44"],
    [{ waiting: 1 }, "1 change waiting · last synced 2 h ago", "1 条待发送 · 2 小时前同步"],
    [{ waiting: 3 }, "3 changes waiting · last synced 2 h ago", "3 条待发送 · 2 小时前同步"],
    [
      { waiting: 3, sending: SENDING },
      "Sending 2 of 3 · 620 KB of 2.1 MB",
      "正在发送 2/3 · 620 KB / 2.1 MB",
    ],
    [
      { sending: { done: 0, all: 0, bytes: 0, allBytes: 0 } },
      "Getting what is new",
      "正在获取更新",
    ],
    [
      { waiting: 9, syncedAt: "2025-10-15T00:44:00Z" },
      "9 changes waiting · not synced for 26 h",
      "9 条待发送 · 已 26 小时未同步",
    ],
    [{ syncedAt: null }, "Nothing waiting · not synced yet", "没有待发送内容 · 尚未同步"],
    [
      { attention: 2, waiting: 3 },
      "2 need attention · 3 waiting · synced 2 h ago",
      "2 项需处理 · 3 条待发送 · 2 小时前同步",
    ],
    [{ attention: 1 }, "1 needs attention · synced 2 h ago", "1 项需处理 · 2 小时前同步"],
    [
      { attention: 1, syncedAt: "2025-10-13T09:44:00Z" },
      "1 needs attention · synced Mon 13 Oct 17:44",
      "1 项需处理 · 10 月 13 日 周一 17:44 同步",
    ],
  ] as const)("%j", (some, en, zh) => {
    expect(words(some, "en")).toBe(en);
    expect(words(some, "zh")).toBe(zh);
  });

  it("shows by its icon that a network is missing", () => {
    expect(stripWords(facts({ waiting: 1 }), "en", NOW).icon).toBe("offline");
    expect(stripWords(facts({ waiting: 1, online: true }), "en", NOW).icon).toBe("upload");
  });
});

it("whole days without a sync are counted", () => {
  expect(daysUnsynced(facts(), NOW)).toBe(0);
  expect(daysUnsynced(facts({ syncedAt: "2025-10-13T02:43:00Z" }), NOW)).toBe(3);
  expect(daysUnsynced(facts({ syncedAt: null }), NOW)).toBeNull();
});
