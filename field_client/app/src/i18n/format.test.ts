import { describe, expect, it } from "vitest";
import * as format from "./format.ts";

describe("money", () => {
  it.each([
    [460000, "¥4,600.00"],
    [0, "¥0.00"],
    [5, "¥0.05"],
    [123456789, "¥1,234,567.89"],
    [-460000, "−¥4,600.00"],
  ])("%i fen is %s", (fen, words) => {
    expect(format.money(fen, "en")).toBe(words);
    expect(format.money(fen, "zh")).toBe(words);
  });

  it.each([
    [4_000_000, "¥40,000"],
    [4_000_050, "¥40,000.50"],
  ])("%i fen, agreed, is %s", (fen, words) => {
    expect(format.roundMoney(fen)).toBe(words);
  });

  it.each([
    [1_842_000_000, "¥18.42M", "1,842 万"],
    [4_600_000, "¥46k", "4.6 万"],
    [460_000, "¥4,600.00", "¥4,600.00"],
    [12_345_600, "¥123.5k", "12.35 万"],
    [-4_600_000, "−¥46k", "−4.6 万"],
    [1_000_000, "¥10k", "1 万"],
    [1_005_000, "¥10.05k", "1.01 万"],
    [99_999_999, "¥1,000k", "100 万"],
    [100_000_000, "¥1M", "100 万"],
    [100_050_000_000, "¥1,001M", "100,050 万"],
    [12_000_000_000, "¥120M", "12,000 万"],
  ])("%i fen, large, is %s and %s", (fen, en, zh) => {
    expect(format.largeMoney(fen, "en")).toBe(en);
    expect(format.largeMoney(fen, "zh")).toBe(zh);
  });

  it.each([
    [460_000, "人民币肆仟陆佰元整"],
    [0, "人民币零元整"],
    [1, "人民币壹分"],
    [50, "人民币伍角整"],
    [55, "人民币伍角伍分"],
    [100, "人民币壹元整"],
    [105, "人民币壹元零伍分"],
    [150, "人民币壹元伍角整"],
    [155, "人民币壹元伍角伍分"],
    [1_000, "人民币壹拾元整"],
    [10_100, "人民币壹佰零壹元整"],
    [100_100, "人民币壹仟零壹元整"],
    [101_000, "人民币壹仟零壹拾元整"],
    [1_000_000, "人民币壹万元整"],
    [1_000_100, "人民币壹万零壹元整"],
    [1_050_000, "人民币壹万零伍佰元整"],
    [10_005_000, "人民币壹拾万零伍拾元整"],
    [12_345_678, "人民币壹拾贰万叁仟肆佰伍拾陆元柒角捌分"],
    [10_000_000_000, "人民币壹亿元整"],
    [10_000_000_100, "人民币壹亿零壹元整"],
    [10_010_000_000, "人民币壹亿零壹拾万元整"],
    [-460_000, "人民币负肆仟陆佰元整"],
  ])("%i fen in words is %s", (fen, words) => {
    expect(format.moneyInWords(fen)).toBe(words);
  });
});

describe("days", () => {
  it.each([
    ["2025-10-16", "Thu 16 Oct", "10 月 16 日 周四"],
    ["2025-10-05", "Sun 5 Oct", "10 月 5 日 周日"],
    ["2024-06-12", "12 Jun 2024", "2024 年 6 月 12 日"],
  ])("%s is %s and %s", (on, en, zh) => {
    expect(format.date(on, "en", "2025-10-16")).toBe(en);
    expect(format.date(on, "zh", "2025-10-16")).toBe(zh);
  });

  it("are short, long or narrow where the place asks for it", () => {
    expect(format.shortDate("2025-10-12", "en", "2025-10-16")).toBe("12 Oct");
    expect(format.shortDate("2025-10-12", "zh", "2025-10-16")).toBe("10 月 12 日");
    expect(format.shortDate("2024-06-12", "en", "2025-10-16")).toBe("12 Jun 2024");
    expect(format.longDate("2025-10-16", "en")).toBe("Thursday 16 October");
    expect(format.longDate("2025-10-16", "zh")).toBe("10 月 16 日 周四");
    expect(format.weekday("2025-10-17", "en")).toBe("Fri 17");
    expect(format.weekday("2025-10-17", "zh")).toBe("周五 17 日");
  });

  it.each([
    ["2025-10-16", "Today", "今天"],
    ["2025-10-15", "Yesterday", "昨天"],
    ["2025-10-17", "Tomorrow", "明天"],
    ["2025-10-18", "Sat 18 Oct", "10 月 18 日 周六"],
  ])("%s is called %s and %s", (on, en, zh) => {
    expect(format.dayName(on, "en", "2025-10-16")).toBe(en);
    expect(format.dayName(on, "zh", "2025-10-16")).toBe(zh);
  });
});

describe("instants", () => {
  const now = "2025-10-16T02:41:00.000Z"; // 10:41 at the branch

  it("are told in the branch's zone", () => {
    expect(format.time(now)).toBe("10:41");
    expect(format.time(now, "UTC")).toBe("02:41");
    expect(format.time("2025-10-15T16:05:00Z")).toBe("00:05");
    expect(format.dateIn("2025-10-15T16:05:00Z")).toBe("2025-10-16");
    expect(format.dateIn("2025-10-15T16:05:00Z", "UTC")).toBe("2025-10-15");
  });

  it.each([
    ["2025-10-16T02:40:30Z", "just now", "刚刚"],
    ["2025-10-16T02:36:00Z", "5 min ago", "5 分钟前"],
    ["2025-10-16T00:41:00Z", "2 h ago", "2 小时前"],
    ["2025-10-15T00:41:00Z", "26 h ago", "26 小时前"],
    ["2025-10-14T02:42:00Z", "47 h ago", "47 小时前"],
    ["2025-10-14T02:41:00Z", "Tue 14 Oct 10:41", "10 月 14 日 周二 10:41"],
    ["2024-06-12T01:00:00Z", "12 Jun 2024 09:00", "2024 年 6 月 12 日 09:00"],
    ["2025-10-16T03:00:00Z", "Today 11:00", "今天 11:00"],
  ])("%s was %s and %s", (at, en, zh) => {
    expect(format.relative(at, "en", now)).toBe(en);
    expect(format.relative(at, "zh", now)).toBe(zh);
  });

  it("say the day and the time", () => {
    expect(format.dayAndTime("2025-10-15T09:20:00Z", "en", now)).toBe("Yesterday 17:20");
    expect(format.dayAndTime("2025-10-15T09:20:00Z", "zh", now)).toBe("昨天 17:20");
  });

  it.each([
    [45_000, "45 s", "45 秒"],
    [300_000, "5 min", "5 分钟"],
    [26 * 3_600_000, "26 h", "26 小时"],
    [4 * 86_400_000, "4 days", "4 天"],
  ])("%i ms last %s and %s", (ms, en, zh) => {
    expect(format.duration(ms, "en")).toBe(en);
    expect(format.duration(ms, "zh")).toBe(zh);
  });

  it("count down", () => {
    expect(format.countdown(24.2)).toBe("0:25");
    expect(format.countdown(725)).toBe("12:05");
    expect(format.countdown(-1)).toBe("0:00");
  });
});

describe("figures", () => {
  it.each([
    [512, "512 B"],
    [634_880, "620 KB"],
    [2_202_009, "2.1 MB"],
    [2_097_152, "2 MB"],
    [251_658_240, "240 MB"],
    [3_435_973_836, "3.2 GB"],
  ])("%i bytes are %s", (bytes, words) => {
    expect(format.size(bytes)).toBe(words);
  });

  it("are grouped, and rates have two places", () => {
    expect(format.number(12345)).toBe("12,345");
    expect(format.number(1974)).toBe("1974");
    expect(format.rate(620)).toBe("6.20%");
  });
});
