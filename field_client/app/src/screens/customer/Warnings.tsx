import { useEffect, useState } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { Chip } from "../../components/Chip.tsx";
import type { Words } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { path } from "../../shell/router.ts";
import type { Outlived, Warning } from "../../work/warnings.ts";

const WORDS = {
  title: { en: "Early warning", zh: "预警" },
  gone: { en: "Its reason has gone. Look, and clear it.", zh: "原因已消除，请核实后解除。" },
  since: { en: "since {on}", zh: "自 {on} 起" },
} as const satisfies Words;

const TONES = { red: "late", orange: "warn", yellow: "plain" } as const;

interface WarningsProps {
  readonly customer: string;
  /** Finds the signals on record whose reason has gone. */
  readonly gone: () => Promise<readonly Outlived[]>;
  readonly find: () => Promise<readonly Warning[]>;
  readonly today: string;
}

/** What the rules of early warning find on this tablet, the gravest first. */
export function WarningList({ customer, find, gone, today }: WarningsProps) {
  const lang = useLang();
  const [warnings, tell] = useState<readonly Warning[]>([]);
  const [outlived, tellGone] = useState<readonly Outlived[]>([]);
  useEffect(() => {
    let current = true;
    void find().then((found) => current && tell(found));
    void gone().then((found) => current && tellGone(found));
    return () => {
      current = false;
    };
  }, [find, gone]);
  if (warnings.length + outlived.length === 0) return null;
  return (
    <Card title={say(lang, WORDS, "title")}>
      <ul class="stack">
        {warnings.map((it) => (
          <li key={it.id} class="row between wrap">
            <span>
              <strong>{it.title[lang]}</strong>{" "}
              <span class="small muted">
                {it.rule} ·{" "}
                {say(lang, WORDS, "since", { on: format.shortDate(it.since, lang, today) })}
              </span>
            </span>
            <Chip tone={TONES[it.severity]} icon="warning">
              {it.level[lang]}
            </Chip>
          </li>
        ))}
        {outlived.map((it) => (
          <li key={it.id}>
            <a href={path({ screen: "record", type: "warning_signal", id: it.id, customer })}>
              <strong>{it.title[lang]}</strong>{" "}
              <span class="small muted">
                {it.rule} · {say(lang, WORDS, "gone")}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}
