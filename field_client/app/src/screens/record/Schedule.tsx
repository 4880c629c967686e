import { Card } from "../../components/Card.tsx";
import { Chip } from "../../components/Chip.tsx";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { ScheduleRow } from "./model.ts";
import { WORDS } from "./words.ts";

interface ScheduleProps {
  readonly rows: readonly ScheduleRow[];
  readonly today: string;
}

/** The installments of a loan; on a phone each row is a small card with its labels. */
export function Schedule({ rows, today }: ScheduleProps) {
  const lang = useLang();
  const heads = {
    seq: say(lang, WORDS, "schedule.seq"),
    dueOn: say(lang, WORDS, "schedule.due_on"),
    due: say(lang, WORDS, "schedule.due"),
    paid: say(lang, WORDS, "schedule.paid"),
    state: say(lang, WORDS, "schedule.state"),
  };
  return (
    <Card title={say(lang, WORDS, "schedule.title")}>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{heads.seq}</th>
            <th scope="col">{heads.dueOn}</th>
            <th scope="col" class="right">
              {heads.due}
            </th>
            <th scope="col" class="right">
              {heads.paid}
            </th>
            <th scope="col">{heads.state}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((it) => (
            <tr key={it.seq}>
              <td data-label={heads.seq} class="num">
                {it.seq}
              </td>
              <td data-label={heads.dueOn}>{format.dateWithYear(it.dueOn, lang)}</td>
              <td data-label={heads.due} class="num right">
                {format.money(it.dueFen)}
              </td>
              <td data-label={heads.paid} class="num right">
                {format.money(it.paidFen)}
              </td>
              <td data-label={heads.state}>
                <State row={it} today={today} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function State({ row, today }: { readonly row: ScheduleRow; readonly today: string }) {
  const lang = useLang();
  if (row.paidFen >= row.dueFen) {
    return (
      <Chip tone="ok" icon="tick">
        {say(lang, WORDS, "schedule.settled")}
      </Chip>
    );
  }
  if (row.dpd > 0) {
    return (
      <Chip tone="late" icon="warning">
        {say(lang, WORDS, "schedule.late", { n: row.dpd })}
      </Chip>
    );
  }
  const key =
    row.dueOn === today ? "schedule.now" : row.paidFen > 0 ? "schedule.part" : "schedule.open";
  return <Chip tone={row.dueOn === today ? "brand" : "plain"}>{say(lang, WORDS, key)}</Chip>;
}
