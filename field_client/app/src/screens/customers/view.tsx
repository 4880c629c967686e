import { EmptyState } from "../../components/EmptyState.tsx";
import { Frame } from "../../components/Frame.tsx";
import { SearchBox } from "../../components/SearchBox.tsx";
import { Waiting } from "../../components/Waiting.tsx";
import { WindowedList } from "../../components/WindowedList.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { path } from "../../shell/router.ts";
import { CustomerPane } from "../customer/pane.ts";
import type { CustomersProps } from "./model.ts";
import { Row } from "./Row.tsx";
import { WORDS } from "./words.ts";

const ROW_REM = 5.25;

/** Every customer on this tablet, found as one types. */
export function CustomersView(props: CustomersProps) {
  const { frame, today, search, rows, held, chosen } = props;
  const lang = useLang();
  const found = rows?.length ?? 0;
  const count =
    search && rows
      ? say(lang, WORDS, "customers.found", { n: found, all: held })
      : say(lang, WORDS, "customers.held", { n: held });
  return (
    <Frame
      context={frame}
      title={say(lang, WORDS, "customers.title")}
      sub={count}
      nav="customers"
      detailKey={chosen?.id}
      detail={
        chosen ? (
          <CustomerPane customer={chosen} today={today} now={frame.now} />
        ) : (
          <EmptyState icon="people" title={say(lang, WORDS, "customers.choose")}>
            {say(lang, WORDS, "customers.choose_next")}
          </EmptyState>
        )
      }
    >
      <div class="pad tight">
        <SearchBox
          label={say(lang, WORDS, "customers.search")}
          value={search}
          onInput={props.onSearch}
        />
      </div>
      <p class="vh" role="status">
        {search && count}
      </p>
      {rows === null && <Waiting label={say(lang, WORDS, "customers.reading")} rows={8} />}
      {rows !== null && found > 0 && (
        <WindowedList
          label={say(lang, WORDS, "customers.list")}
          rows={rows}
          keyOf={(it) => it.id}
          rowRem={ROW_REM}
        >
          {(it) => <Row row={it} from="customers" chosen={it.id === chosen?.id} />}
        </WindowedList>
      )}
      {rows !== null && found === 0 && <Nobody search={search} held={held} />}
    </Frame>
  );
}

interface NobodyProps {
  readonly search: string;
  readonly held: number;
}

/** Not on this tablet is not the same as not there at all. */
export function Nobody({ search, held }: NobodyProps) {
  const lang = useLang();
  if (held === 0) {
    return (
      <EmptyState
        icon="people"
        title={say(lang, WORDS, "customers.none")}
        action={
          <a class="btn" href={path({ screen: "sync" })}>
            {say(lang, WORDS, "customers.to_sync")}
          </a>
        }
      >
        {say(lang, WORDS, "customers.none_next")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="search"
      title={say(lang, WORDS, "customers.nobody", { text: search })}
      action={
        <a class="btn" href={path({ screen: "new", type: "customer", customer: null })}>
          {say(lang, WORDS, "customers.new")}
        </a>
      }
    >
      {say(lang, WORDS, "customers.nobody_next", { n: held })}
    </EmptyState>
  );
}
