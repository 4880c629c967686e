import { useState } from "preact/hooks";
import { Section } from "../../components/Card.tsx";
import { useGrowing } from "../../components/growing.ts";
import type { IconName } from "../../components/icons.ts";
import { ListRow } from "../../components/ListRow.tsx";
import { Name } from "../../components/Name.tsx";
import type { Tone } from "../../components/state.ts";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { path } from "../../shell/router.ts";
import { listed } from "../customer/happened.ts";
import { farOf } from "../customer/place.ts";
import { type Duty, type DutySection, type DutyWhat, dueOf } from "./model.ts";
import { WORDS } from "./words.ts";

interface DutiesProps {
  readonly sections: readonly DutySection[];
  readonly today: string;
  readonly chosen: string | null;
}

const ROWS_AT_ONCE = 40;

/** The duties under their titles; a long day is drawn as far as it is read. */
export function Duties({ sections, today, chosen }: DutiesProps) {
  const lang = useLang();
  const count = sections.reduce((sum, it) => sum + it.duties.length, 0);
  const { drawn, end } = useGrowing<HTMLDivElement>(count, ROWS_AT_ONCE);
  let left = drawn;
  const shown = sections.flatMap((section) => {
    const rows = section.duties.slice(0, left);
    left -= rows.length;
    return rows.length > 0 ? [{ ...section, rows }] : [];
  });
  return (
    <>
      {shown.map(({ key, title, duties, rows }) => (
        <Section
          key={key}
          title={titleWords(title, lang)}
          end={duties.length}
          tone={"due" in title && title.due === "late" ? "late" : undefined}
        >
          <ul class="list">
            {rows.map((it) => (
              <li key={it.id}>
                <DutyRow duty={it} today={today} chosen={it.customer?.id === chosen} />
              </li>
            ))}
          </ul>
        </Section>
      ))}
      <div ref={end} />
    </>
  );
}

function titleWords(title: DutySection["title"], lang: Lang): string {
  if ("due" in title) return say(lang, WORDS, `due.${title.due}`);
  return title.village ?? say(lang, WORDS, "due.no_village");
}

const CALLS_FIRST = 5;
const CALLS_MORE = 20;

interface UnheardProps {
  readonly duties: readonly Duty[];
  readonly today: string;
  readonly chosen: string | null;
}

/** Whom nobody was in touch with in time: a few, and more where they are asked for. */
export function Unheard({ duties, today, chosen }: UnheardProps) {
  const lang = useLang();
  const [wanted, want] = useState(CALLS_FIRST);
  if (duties.length === 0) return null;
  const more = Math.min(duties.length - wanted, CALLS_MORE);
  return (
    <Section title={say(lang, WORDS, "unheard.title")} end={duties.length}>
      <ul class="list">
        {duties.slice(0, wanted).map((it) => (
          <li key={it.id}>
            <DutyRow duty={it} today={today} chosen={it.customer?.id === chosen} />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="btn" onClick={() => want(wanted + CALLS_MORE)}>
          {say(lang, WORDS, "unheard.more", { n: more })}
        </button>
      )}
    </Section>
  );
}

interface DutyRowProps {
  readonly duty: Duty;
  readonly today: string;
  readonly chosen: boolean;
}

function DutyRow({ duty, today, chosen }: DutyRowProps) {
  const lang = useLang();
  const { customer, what } = duty;
  const due = dueOf(duty, today);
  const title = customer ? <Name person={customer.name} /> : whatWords(what, lang);
  return (
    <ListRow
      href={
        customer
          ? path({ screen: "customer", id: customer.id, from: "today" })
          : (duty.href ?? path({ screen: "record", type: "task", id: duty.id, customer: null }))
      }
      icon={ICONS[what.kind]}
      tone={TONES[due]}
      title={title}
      what={customer ? whatWords(what, lang) : null}
      place={whereWords(duty, lang)}
      state={duty.state}
      refused={duty.refused}
      when={whenWords(duty, today, lang)}
      late={due === "late"}
      chosen={customer !== null && chosen}
    />
  );
}

const ICONS: Readonly<Record<DutyWhat["kind"], IconName>> = {
  collect: "money",
  visit: "visit",
  task: "document",
  contact: "call",
};
const TONES: Readonly<Record<"late" | "today" | "soon", Tone>> = {
  late: "late",
  today: "brand",
  soon: "plain",
};

export function whatWords(what: DutyWhat, lang: Lang): string {
  switch (what.kind) {
    case "collect":
      return say(lang, WORDS, "duty.collect", { amount: format.money(what.fen) });
    case "visit": {
      const purposes = listed(what.purposes, lang) || say(lang, WORDS, "duty.visit");
      return what.underWay ? say(lang, WORDS, "duty.under_way", { what: purposes }) : purposes;
    }
    case "task":
      return what.title;
    case "contact":
      return say(lang, WORDS, "duty.contact");
  }
}

function whereWords({ village, awayM }: Duty, lang: Lang): string | null {
  if (village === null) return null;
  if (awayM === null) return village;
  return say(lang, WORDS, "duty.where", { village, far: farOf(awayM, lang) });
}

function whenWords(duty: Duty, today: string, lang: Lang): string {
  const left = format.daysBetween(today, duty.dueOn);
  if (left < 0) return say(lang, WORDS, "due.days_late", { n: -left });
  if (left === 0) return say(lang, WORDS, "due.now");
  return format.weekday(duty.dueOn, lang);
}
