import { Banner } from "../../components/Banner.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { Frame } from "../../components/Frame.tsx";
import { called } from "../../components/names.ts";
import { SearchBox } from "../../components/SearchBox.tsx";
import { SegmentedControl } from "../../components/SegmentedControl.tsx";
import { daysUnsynced } from "../../components/strip.ts";
import { Waiting } from "../../components/Waiting.tsx";
import { WindowedList } from "../../components/WindowedList.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { path } from "../../shell/router.ts";
import { CustomerPane } from "../customer/pane.ts";
import { Row } from "../customers/Row.tsx";
import { Nobody } from "../customers/view.tsx";
import { Duties, Unheard } from "./Duties.tsx";
import { byDue, byVillage, dueOf, type TodayProps, visitsIn } from "./model.ts";
import { WORDS } from "./words.ts";

const ROW_REM = 5.25;
const WARN_DAYS = 3;
const URGE_DAYS = 7;

/** Where next? */
export function TodayView(props: TodayProps) {
  const { frame, today, chosen, search } = props;
  const lang = useLang();
  return (
    <Frame
      context={frame}
      title={say(lang, WORDS, "today.title")}
      sub={underTitle(props, lang)}
      nav="today"
      detailKey={chosen?.id}
      detail={
        chosen ? (
          <CustomerPane customer={chosen} today={today} now={frame.now} />
        ) : (
          <EmptyState icon="calendar" title={say(lang, WORDS, "pane.choose")}>
            {say(lang, WORDS, "pane.choose_next")}
          </EmptyState>
        )
      }
    >
      <div class="pad tight">
        <Old props={props} />
        <TooMuchCash props={props} />
        <Handovers props={props} />
        <SearchBox
          label={say(lang, WORDS, "today.search")}
          value={search}
          onInput={props.onSearch}
        />
        {!search && (props.duties?.length ?? 0) > 0 && (
          <SegmentedControl
            label={say(lang, WORDS, "today.order")}
            value={props.order}
            onChange={props.onOrder}
            segments={[
              { value: "due", words: say(lang, WORDS, "today.by_due") },
              { value: "village", words: say(lang, WORDS, "today.by_village") },
            ]}
          />
        )}
      </div>
      {search ? <Found props={props} /> : <Day props={props} />}
    </Frame>
  );
}

interface PartProps {
  readonly props: TodayProps;
}

function Day({ props }: PartProps) {
  const { duties, today, order, chosen } = props;
  const lang = useLang();
  if (duties === null) return <Waiting label={say(lang, WORDS, "today.reading")} />;
  const calls = <Unheard duties={props.unheard} today={today} chosen={chosen?.id ?? null} />;
  if (duties.length === 0) {
    return (
      <>
        <Nothing props={props} />
        {calls}
      </>
    );
  }
  const sections = order === "due" ? byDue(duties, today) : byVillage(duties);
  return (
    <>
      <Duties sections={sections} today={today} chosen={chosen?.id ?? null} />
      {calls}
    </>
  );
}

function Found({ props }: PartProps) {
  const { found, search, held, chosen } = props;
  const lang = useLang();
  if (found === null) return <Waiting label={say(lang, WORDS, "today.reading")} />;
  if (found.length === 0) return <Nobody search={search} held={held} />;
  return (
    <WindowedList
      label={say(lang, WORDS, "today.found")}
      rows={found}
      keyOf={(it) => it.id}
      rowRem={ROW_REM}
    >
      {(it) => <Row row={it} from="today" chosen={it.id === chosen?.id} />}
    </WindowedList>
  );
}

/** A first copy that is not whole yet is no empty day. */
function Nothing({ props }: PartProps) {
  const { frame, held, later, today } = props;
  const lang = useLang();
  if (frame.sync.syncedAt === null) {
    return (
      <EmptyState
        icon="download"
        tone="info"
        title={say(lang, WORDS, "empty.coming")}
        action={
          <a class="btn" href={path({ screen: "sync" })}>
            {say(lang, WORDS, "empty.to_sync")}
          </a>
        }
      >
        {say(lang, WORDS, "empty.coming_next", { n: held })}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="tick"
      tone="ok"
      title={say(lang, WORDS, later ? "empty.done" : "empty.none")}
      action={
        <a class="btn" href={path({ screen: "customers" })}>
          {say(lang, WORDS, "empty.customers")}
        </a>
      }
    >
      {later?.customer ? laterWords(later, today, lang) : say(lang, WORDS, "empty.nothing")}
    </EmptyState>
  );
}

function laterWords(later: NonNullable<TodayProps["later"]>, today: string, lang: Lang): string {
  const name = later.customer ? called(later.customer.name, lang) : "";
  const on = format.date(later.dueOn, lang, today);
  return later.village
    ? say(lang, WORDS, "empty.next_in", { name, on, village: later.village })
    : say(lang, WORDS, "empty.next", { name, on });
}

/** What the branch asks of this officer in a handover: one line each, above the day's work. */
function Handovers({ props }: PartProps) {
  const lang = useLang();
  return (
    <>
      {props.handovers.map(({ id, asks, outgoing, incoming, customers }) => (
        <Banner
          key={id}
          tone="info"
          icon="swap"
          title={say(lang, WORDS, "handover.title", { outgoing, incoming })}
          href={path({ screen: "handover", id })}
        >
          {say(lang, WORDS, `handover.${asks}`, { n: customers })}
        </Banner>
      ))}
    </>
  );
}

/** What an officer carries is hers to answer for: more than the lender allows is told first. */
function TooMuchCash({ props }: PartProps) {
  const lang = useLang();
  if (props.cash === null) return null;
  const cash = format.money(props.cash.fen);
  const limit = format.money(props.cash.limitFen);
  return (
    <Banner tone="warn" icon="money" title={say(lang, WORDS, "cash.title", { cash })}>
      {say(lang, WORDS, "cash.next", { limit })}
    </Banner>
  );
}

/** After three days, and more plainly after seven; never a barrier. */
function Old({ props }: PartProps) {
  const lang = useLang();
  const days = daysUnsynced(props.frame.sync, props.frame.now);
  if (days === null || days < WARN_DAYS) return null;
  return (
    <Banner
      tone="warn"
      icon="clock"
      title={say(lang, WORDS, "old.three", { n: days })}
      href={path({ screen: "sync" })}
    >
      {say(lang, WORDS, days < URGE_DAYS ? "old.three_next" : "old.seven_next")}
    </Banner>
  );
}

function underTitle({ duties, today, frame }: TodayProps, lang: Lang): string {
  const on = format.date(today, lang);
  const now = (duties ?? []).filter((it) => dueOf(it, today) !== "soon");
  const late = now.filter((it) => dueOf(it, today) === "late");
  if (duties === null) return on;
  if (now.length === 0 && frame.sync.syncedAt === null) return on;
  if (now.length === 0) return say(lang, WORDS, "today.sub_none", { on });
  const n = visitsIn(now);
  return late.length > 0
    ? say(lang, WORDS, "today.sub_late", { on, n, late: visitsIn(late) })
    : say(lang, WORDS, "today.sub", { on, n });
}
