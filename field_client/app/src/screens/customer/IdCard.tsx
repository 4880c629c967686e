import { useEffect, useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import type { Words } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";

const WORDS = {
  ends: { en: "The id card runs out on {on}", zh: "身份证将于 {on}到期" },
  ended: { en: "The id card ran out on {on}", zh: "身份证已于 {on}到期" },
  next: { en: "Ask for the new one.", zh: "请提醒客户换证。" },
} as const satisfies Words;

interface IdCardLineProps {
  readonly find: () => Promise<string | null>;
  readonly today: string;
}

/** An id card that runs out soon, or has run out. */
export function IdCardLine({ find, today }: IdCardLineProps) {
  const lang = useLang();
  const [ends, tell] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    void find().then((found) => current && tell(found));
    return () => {
      current = false;
    };
  }, [find]);
  if (ends === null) return null;
  const on = format.date(ends, lang, today);
  return (
    <Banner
      tone="warn"
      icon="clock"
      title={say(lang, WORDS, ends < today ? "ended" : "ends", { on })}
    >
      {say(lang, WORDS, "next")}
    </Banner>
  );
}
