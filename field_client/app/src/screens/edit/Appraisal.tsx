import { Card } from "../../components/Card.tsx";
import { Lines } from "../../components/Facts.tsx";
import type { Words } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { Appraisal as Appraised, Tried } from "../../lending/appraisal.ts";
import type { FailedTest } from "../../lending/capacity.ts";
import type { Label } from "../../schemas/declare.ts";

const WORDS = {
  title: { en: "Can the household repay it?", zh: "还款能力测算" },
  passes: {
    en: "Passes: at least {amount} left, in {month}",
    zh: "通过：{month}最低结余 {amount}",
  },
  cash: { en: "Fails in {month}, short by {amount}", zh: "{month}资金缺口 {amount}，不通过" },
  stressed_cash: {
    en: "Fails in {month} after a poor harvest, short by {amount}",
    zh: "减收时{month}资金缺口 {amount}，不通过",
  },
  debt_service_ratio: {
    en: "Takes too much of the year, {amount} more than it bears",
    zh: "年偿债超出可承受 {amount}，不通过",
  },
  stressed_coverage: {
    en: "A poor year does not cover it, short by {amount}",
    zh: "减收年份偿债缺口 {amount}，不通过",
  },
  rated: { en: "Rating", zh: "信用评级" },
  score: { en: "Score {total}, grade {grade}", zh: "{total} 分，{grade} 级" },
  limit: { en: "Limit", zh: "授信额度" },
} as const satisfies Words;

interface AppraisalProps {
  readonly appraisal: Appraised;
  /** What people call a way to repay. */
  readonly methods: (method: string) => Label;
}

/** What the household's cash flow says of the loan that the form asks for. */
export function Appraisal({ appraisal, methods }: AppraisalProps) {
  const lang = useLang();
  const { tried, rated } = appraisal;
  if (tried.length === 0 && rated === null) return null;
  const verdict = ({ capacity }: Tried) => {
    const { lowest, failed } = capacity;
    const [worst] = failed;
    if (worst !== undefined) return <span class="danger-text">{failure(worst)}</span>;
    const month = monthIn(lowest.month);
    return say(lang, WORDS, "passes", { amount: format.money(lowest.fen), month });
  };
  const failure = ({ test, shortFen, month }: FailedTest) => {
    const amount = format.money(shortFen);
    return say(lang, WORDS, test, { amount, month: month === null ? "" : monthIn(month) });
  };
  const monthIn = (day: string) => {
    const shown = { month: "long", timeZone: "UTC" } as const;
    return new Intl.DateTimeFormat(lang, shown).format(new Date(`${day}T00:00:00Z`));
  };
  const facts = tried.map((it) => ({
    label: methods(it.method)[lang],
    value: verdict(it),
    long: true,
  }));
  const rating =
    rated === null
      ? []
      : [
          {
            label: say(lang, WORDS, "rated"),
            value: say(lang, WORDS, "score", { total: rated.total, grade: rated.grade }),
          },
          { label: say(lang, WORDS, "limit"), value: format.money(rated.limit.limitFen) },
        ];
  return (
    <Card title={say(lang, WORDS, "title")}>
      <Lines facts={[...facts, ...rating]} />
    </Card>
  );
}
