import { useEffect, useState } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { Chip } from "../../components/Chip.tsx";
import type { Words } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { path } from "../../shell/router.ts";
import type { ShownTrouble } from "../../work/troubles.ts";

const WORDS = {
  title: { en: "Requests and complaints", zh: "诉求与投诉" },
  untouched: { en: "Nobody took it up", zh: "尚未受理" },
  about: { en: "about {name}", zh: "涉及 {name}" },
  done: { en: "Done: {words}", zh: "处理：{words}" },
  content: { en: "Satisfaction {n} of 5", zh: "满意度 {n}/5" },
} as const satisfies Words;

interface TroublesProps {
  readonly find: () => Promise<readonly ShownTrouble[]>;
  readonly customer: string;
  readonly today: string;
}

/** What a customer asked for and complained of, and what became of it: the open ones first. */
export function TroubleList({ find, customer, today }: TroublesProps) {
  const lang = useLang();
  const [troubles, tell] = useState<readonly ShownTrouble[]>([]);
  useEffect(() => {
    let current = true;
    void find().then((found) => current && tell(found));
    return () => {
      current = false;
    };
  }, [find]);
  if (troubles.length === 0) return null;
  return (
    <Card title={say(lang, WORDS, "title")}>
      <ul class="stack">
        {troubles.map((it) => (
          <li key={it.record}>
            <a
              class="row between wrap"
              href={path({ screen: "record", type: it.record_type, id: it.record, customer })}
            >
              <span>
                <strong>{it.title[lang]}</strong>{" "}
                <span class="small muted">{about(it, lang, today)}</span>
              </span>
              <Chip tone={it.open ? "warn" : "plain"} icon={it.open ? "warning" : "tick"}>
                {it.standing?.[lang] ?? say(lang, WORDS, "untouched")}
              </Chip>
            </a>
            <p class="small">{it.summary}</p>
            {it.resolution !== null && (
              <p class="small muted">{say(lang, WORDS, "done", { words: it.resolution })}</p>
            )}
            {it.satisfaction !== null && (
              <p class="small muted">{say(lang, WORDS, "content", { n: it.satisfaction })}</p>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function about(it: ShownTrouble, lang: "en" | "zh", today: string): string {
  const on = it.at === "" ? "" : format.shortDate(format.dateIn(it.at), lang, today);
  const whom = it.about === "" ? "" : say(lang, WORDS, "about", { name: it.about });
  return [on, whom].filter(Boolean).join(" · ");
}
