import { useState } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { Figure } from "../../work/figures.ts";
import { WORDS } from "./words.ts";

interface FiguresProps {
  readonly find: () => Promise<readonly Figure[]>;
}

/** How far one has come: with what waits on this tablet, as the branch has accepted it, and the target. */
export function Figures({ find }: FiguresProps) {
  const lang = useLang();
  const [figures, tell] = useState<readonly Figure[] | "counting" | null>(null);
  const ask = () => {
    tell("counting");
    void find().then(tell);
  };
  if (figures === null || figures === "counting") {
    return (
      <Card title={say(lang, WORDS, "figures.title")}>
        <p class="small muted">{say(lang, WORDS, "figures.why")}</p>
        <button type="button" class="btn" disabled={figures === "counting"} onClick={ask}>
          {say(lang, WORDS, "figures.show")}
        </button>
      </Card>
    );
  }
  return (
    <Card title={say(lang, WORDS, "figures.title")}>
      <table class="figures wide">
        <thead>
          <tr>
            {(["indicator", "here", "accepted", "target"] as const).map((it) => (
              <th key={it} class="small" scope="col">
                {say(lang, WORDS, `figures.${it}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map((it) => (
            <tr key={it.metric}>
              <th class="small" scope="row">
                {it.title[lang]}
              </th>
              {[it.here, it.accepted, it.target].map((value, at) => (
                <td key={at}>{shown(it.metric, value, lang)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** All are rates but the age of the last sync. */
function shown(metric: string, value: number | null, lang: "en" | "zh"): string {
  if (value === null) return "–";
  if (metric === "sync_age") return say(lang, WORDS, "figures.hours", { n: value });
  return format.rate(value);
}
