import { useEffect, useState } from "preact/hooks";
import { Chip } from "../../components/Chip.tsx";
import type { Words } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { CONTACT_DAYS } from "../../lending/customer_tier.ts";
import type { Rhythm } from "../../work/tier.ts";

const WORDS = {
  key: { en: "Key customer", zh: "核心客户" },
  growth: { en: "Growth customer", zh: "成长客户" },
  standard: { en: "Standard customer", zh: "一般客户" },
  dormant: { en: "Dormant customer", zh: "休眠客户" },
  due: { en: "next by {on}", zh: "下次在 {on}前" },
  late: { en: "contact was due by {on}", zh: "应在 {on}前联系" },
  rhythm: { en: "in touch at least every {n} days", zh: "至少每 {n} 天联系一次" },
} as const satisfies Words;

interface TierLineProps {
  readonly find: () => Promise<Rhythm | null>;
  readonly today: string;
}

/** The customer's tier, worked out from the records on this tablet, and by when to be in touch. */
export function TierLine({ find, today }: TierLineProps) {
  const lang = useLang();
  const [rhythm, tell] = useState<Rhythm | null>(null);
  useEffect(() => {
    let current = true;
    void find().then((found) => current && tell(found));
    return () => {
      current = false;
    };
  }, [find]);
  if (rhythm === null) return null;
  const { tier, due } = rhythm;
  const on = due === null ? "" : format.shortDate(due, lang, today);
  return (
    <p class="row wrap">
      <Chip tone="plain">{say(lang, WORDS, tier)}</Chip>
      <span class="small muted">{say(lang, WORDS, "rhythm", { n: CONTACT_DAYS[tier] })}</span>
      {due !== null && due >= today && (
        <span class="small muted">{say(lang, WORDS, "due", { on })}</span>
      )}
      {due !== null && due < today && (
        <Chip tone="warn" icon="clock">
          {say(lang, WORDS, "late", { on })}
        </Chip>
      )}
    </p>
  );
}
