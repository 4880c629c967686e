import { useState } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { Lines } from "../../components/Facts.tsx";
import { Frame } from "../../components/Frame.tsx";
import { TextArea } from "../../components/form/TextArea.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Name } from "../../components/Name.tsx";
import { StateChip } from "../../components/StateChip.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { listed } from "../customer/happened.ts";
import type { RecordDetail, RecordProps } from "./model.ts";
import type { RecordRow } from "./rows.ts";
import { Schedule } from "./Schedule.tsx";
import { Value } from "./Value.tsx";
import { WORDS } from "./words.ts";

/** One record of any type: every value with its label, and what may be done with it. */
export function RecordView({ frame, today, back, record }: RecordProps) {
  const lang = useLang();
  if (record === null) {
    const title = say(lang, WORDS, "record.absent");
    return (
      <Frame context={frame} title={title} back={back} nav="customers">
        <EmptyState
          icon="search"
          title={title}
          action={
            <a class="btn" href={back}>
              {say(lang, WORDS, "record.back")}
            </a>
          }
        >
          {say(lang, WORDS, "record.absent_why")}
        </EmptyState>
      </Frame>
    );
  }
  return (
    <Frame context={frame} title={record.title} sub={record.type[lang]} back={back} nav="customers">
      <div class="pad form-col">
        <Head record={record} />
        <Fields record={record} />
        {record.schedule.length > 0 && <Schedule rows={record.schedule} today={today} />}
        <p class="small muted row top">
          <Icon name="history" size="s" />
          <span>{copyWords(record, lang, frame.now)}</span>
        </p>
        {record.onRemove && <Removal onRemove={record.onRemove} />}
      </div>
    </Frame>
  );
}

interface PartProps {
  readonly record: RecordDetail;
}

function Head({ record }: PartProps) {
  const lang = useLang();
  if (record.customer === null && record.state === null && record.edit === null) return null;
  return (
    <div class="row between wrap">
      <span class="row wrap">
        {record.customer && (
          <a class="link" href={record.customer.href}>
            <span>
              <Name person={record.customer.name} />
            </span>
          </a>
        )}
        {record.state && <StateChip state={record.state} refused={record.refused} />}
      </span>
      {record.edit && (
        <a class="btn" href={record.edit}>
          <Icon name="pencil" size="s" />
          <span>{say(lang, WORDS, "record.edit")}</span>
        </a>
      )}
    </div>
  );
}

function Fields({ record }: PartProps) {
  const lang = useLang();
  const { rows, maps, empty } = record.content;
  const facts = (of: readonly RecordRow[]) =>
    of.map((row) => ({
      label: row.title[lang],
      long: row.long,
      value: <Value row={row} names={record.names} links={record.links} onShow={record.onShow} />,
    }));
  return (
    <>
      {rows.length > 0 && (
        <Card>
          <Lines facts={facts(rows)} />
        </Card>
      )}
      {maps.map((map) => (
        <Card key={map.name} title={map.title[lang]}>
          {map.entries.map((it) => (
            <div class="well" key={it.key}>
              <Lines facts={facts(it.rows)} />
            </div>
          ))}
        </Card>
      ))}
      {record.edit && empty.length > 0 && (
        <p class="small quiet">
          {say(lang, WORDS, "record.empty", { fields: listed(empty, lang) })}
        </p>
      )}
    </>
  );
}

function copyWords({ asOf, own }: RecordDetail, lang: Lang, now: number): string {
  if (asOf === null) return say(lang, WORDS, "record.only_here");
  const at =
    format.dateIn(asOf) === format.dateIn(now)
      ? format.time(asOf)
      : format.dayAndTime(asOf, lang, now);
  return own > 0
    ? say(lang, WORDS, "record.own", { at, n: own })
    : say(lang, WORDS, "record.as_of", { at });
}

/** Asked twice, and with a reason: what is removed here is removed for everybody. */
function Removal({ onRemove }: { readonly onRemove: (reason: string) => void }) {
  const lang = useLang();
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState("");
  if (!asked) {
    return (
      <button type="button" class="btn danger" onClick={() => setAsked(true)}>
        <Icon name="trash" size="s" />
        <span>{say(lang, WORDS, "record.remove")}</span>
      </button>
    );
  }
  return (
    <Card title={say(lang, WORDS, "record.remove_ask")}>
      <p class="small muted">{say(lang, WORDS, "record.remove_next")}</p>
      <TextArea
        id="remove-reason"
        label={say(lang, WORDS, "record.remove_reason")}
        value={reason}
        onChange={setReason}
        required
      />
      <div class="row wrap">
        <button
          type="button"
          class="btn danger"
          disabled={reason.trim() === ""}
          onClick={() => onRemove(reason.trim())}
        >
          {say(lang, WORDS, "record.remove")}
        </button>
        <button type="button" class="btn" onClick={() => setAsked(false)}>
          {say(lang, WORDS, "record.keep")}
        </button>
      </div>
    </Card>
  );
}
