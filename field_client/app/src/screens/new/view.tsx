import { Frame } from "../../components/Frame.tsx";
import { Icon } from "../../components/Icon.tsx";
import { called } from "../../components/names.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { path } from "../../shell/router.ts";
import type { NewProps } from "./model.ts";
import { WORDS } from "./words.ts";

/** What to make: a new customer, or a record for one who is on the tablet. */
export function NewView({ frame, back, customer, types }: NewProps) {
  const lang = useLang();
  return (
    <Frame
      context={frame}
      title={say(lang, WORDS, "new.title")}
      sub={customer ? say(lang, WORDS, "new.for", { who: called(customer, lang) }) : undefined}
      back={back}
      nav={customer === null ? "new" : null}
    >
      <div class="pad form-col">
        {customer === null ? <Anybody /> : null}
        {types.length > 0 ? (
          <nav class="card flush" aria-label={say(lang, WORDS, "new.title")}>
            {types.map((it) => (
              <Row key={it.name} href={it.href} title={it.title[lang]} what={null} />
            ))}
          </nav>
        ) : null}
      </div>
    </Frame>
  );
}

function Anybody() {
  const lang = useLang();
  return (
    <nav class="card flush" aria-label={say(lang, WORDS, "new.title")}>
      <Row
        href={path({ screen: "new", type: "customer", customer: null })}
        title={say(lang, WORDS, "new.customer")}
        what={say(lang, WORDS, "new.customer.what")}
      />
      <Row
        href={path({ screen: "customers" })}
        title={say(lang, WORDS, "new.known")}
        what={say(lang, WORDS, "new.known.what")}
      />
    </nav>
  );
}

interface RowProps {
  readonly href: string;
  readonly title: string;
  readonly what: string | null;
}

function Row({ href, title, what }: RowProps) {
  return (
    <a class="item flat" href={href}>
      <span class="grow">
        <span class="t">{title}</span>
        {what === null ? null : <span class="d block">{what}</span>}
      </span>
      <Icon name="next" size="s" />
    </a>
  );
}
