import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Card } from "../../components/Card.tsx";
import { Chip } from "../../components/Chip.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { type Fact, Facts } from "../../components/Facts.tsx";
import { Frame } from "../../components/Frame.tsx";
import { Icon } from "../../components/Icon.tsx";
import { MaskedValue } from "../../components/MaskedValue.tsx";
import { Name } from "../../components/Name.tsx";
import { called } from "../../components/names.ts";
import { StateChip } from "../../components/StateChip.tsx";
import { Timeline } from "../../components/Timeline.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { lazily } from "../../shell/lazily.tsx";
import { path } from "../../shell/router.ts";
import { entryOf } from "./happened.ts";
import { Loan } from "./Loan.tsx";
import type { CustomerAttention, CustomerDetail, CustomerProps, RecordGroup } from "./model.ts";
import { Place } from "./Place.tsx";
import { mapLink } from "./place.ts";
import { WORDS } from "./words.ts";

/** Its script comes with the screens on which work is done. */
const PhotoGrid = lazily(async () => (await import("../working.ts")).PhotoGrid);
const WarningList = lazily(async () => (await import("../working.ts")).WarningList);
const TroubleList = lazily(async () => (await import("../working.ts")).TroubleList);
const IdCardLine = lazily(async () => (await import("../working.ts")).IdCardLine);
const TierLine = lazily(async () => (await import("../working.ts")).TierLine);
/** How many happenings are shown before one asks for more. */
const FIRST_HAPPENINGS = 12;

/** The screen of a customer. */
export function CustomerView({ frame, today, from, customer, survivor }: CustomerProps) {
  const lang = useLang();
  const back = path({ screen: from ?? "customers" });
  if (customer === null && survivor) {
    const name = called(survivor.name, lang);
    const title = say(lang, WORDS, "merged.title", { name });
    return (
      <Frame context={frame} title={title} back={back} nav={from ?? "customers"}>
        <EmptyState
          icon="people"
          title={title}
          action={
            <a class="btn main" href={path({ screen: "customer", id: survivor.id, from })}>
              {say(lang, WORDS, "merged.open", { name })}
            </a>
          }
        >
          {say(lang, WORDS, "merged.why", { name })}
        </EmptyState>
      </Frame>
    );
  }
  if (customer === null) {
    return (
      <Frame
        context={frame}
        title={say(lang, WORDS, "absent.title")}
        back={back}
        nav={from ?? "customers"}
      >
        <EmptyState
          icon="search"
          title={say(lang, WORDS, "absent.title")}
          action={
            <a class="btn" href={path({ screen: "customers" })}>
              {say(lang, WORDS, "absent.back")}
            </a>
          }
        >
          {say(lang, WORDS, "absent.why")}
        </EmptyState>
      </Frame>
    );
  }
  return (
    <Frame
      context={frame}
      title={<Name person={customer.name} />}
      sub={underName(customer, lang)}
      back={back}
      nav={from ?? "customers"}
    >
      <div class="split pad">
        <div class="pad">
          <Doing customer={customer} today={today} />
          <Standing customer={customer} today={today} />
        </div>
        <div class="pad">
          <History customer={customer} today={today} now={frame.now} />
        </div>
      </div>
    </Frame>
  );
}

interface CustomerPaneProps {
  readonly customer: CustomerDetail;
  readonly today: string;
  readonly now: number;
}

/** The same beside a list, with the name at its head. */
export function CustomerPane({ customer, today, now }: CustomerPaneProps) {
  const lang = useLang();
  return (
    <div class="pad">
      <div class="row between wrap">
        <div>
          <h2>
            <Name person={customer.name} />
          </h2>
          <p class="small muted">{underName(customer, lang)}</p>
        </div>
        {customer.dpd > 0 && (
          <Chip tone="late" icon="warning">
            {say(lang, WORDS, "customer.late", { n: customer.dpd })}
          </Chip>
        )}
      </div>
      <Doing customer={customer} today={today} />
      <Standing customer={customer} today={today} />
      <History customer={customer} today={today} now={now} />
    </div>
  );
}

function underName(customer: CustomerDetail, lang: Lang): string {
  const since = customer.since
    ? say(lang, WORDS, "customer.since", { year: customer.since.slice(0, 4) })
    : null;
  return [customer.village, since].filter(Boolean).join(" · ");
}

// --------------------------------------------------------------------------------- what to do

interface StandingProps {
  readonly customer: CustomerDetail;
  readonly today: string;
}

function Doing({ customer, today }: StandingProps) {
  const lang = useLang();
  const { collect, visit, phone } = customer.actions;
  const route = customer.home && mapLink(customer.home, called(customer.name, lang));
  return (
    <>
      <nav class="quick" aria-label={say(lang, WORDS, "do.label")}>
        {collect !== null && (
          <a class="main" href={collect}>
            <Icon name="money" />
            <span>{say(lang, WORDS, "do.collect")}</span>
          </a>
        )}
        {visit !== null && (
          <a class={collect === null ? "main" : undefined} href={visit}>
            <Icon name="visit" />
            <span>{say(lang, WORDS, "do.visit")}</span>
          </a>
        )}
        {phone !== null && (
          <a href={`tel:${phone}`}>
            <Icon name="call" />
            <span>{say(lang, WORDS, "do.call")}</span>
          </a>
        )}
        {route && (
          <a href={route}>
            <Icon name="map" />
            <span>{say(lang, WORDS, "do.route")}</span>
          </a>
        )}
      </nav>
      <IdCardLine key={customer.id} find={customer.idCardEnds} today={today} />
      {customer.attention.map((it) => (
        <Needing key={`${it.why} ${it.href}`} attention={it} />
      ))}
    </>
  );
}

function Needing({ attention }: { readonly attention: CustomerAttention }) {
  const lang = useLang();
  const { why, n, href } = attention;
  const isFork = why === "conflict";
  return (
    <Banner
      tone={isFork ? "clash" : "late"}
      icon={isFork ? "fork" : why === "returned" ? "swap" : "cross"}
      title={say(lang, WORDS, `attention.${why}`, { n })}
      href={href}
    >
      {say(lang, WORDS, `attention.${why}_next`, { n })}
    </Banner>
  );
}

// ------------------------------------------------------------------------------ how they stand

function Standing({ customer, today }: StandingProps) {
  const lang = useLang();
  const { about, home, links, onShow } = customer;
  return (
    <>
      <TroubleList
        key={`troubles ${customer.id}`}
        find={customer.troubles}
        customer={customer.id}
        today={today}
      />
      <WarningList
        key={customer.id}
        customer={customer.id}
        find={customer.warnings}
        gone={customer.outlived}
        today={today}
      />
      {customer.loans.map((it) => (
        <Loan key={it.id} loan={it} today={today} />
      ))}
      {customer.loans.length === 0 && (
        <Card>
          <p class="muted">{say(lang, WORDS, "loan.none")}</p>
        </Card>
      )}
      <Card
        title={say(lang, WORDS, "about.title")}
        end={
          links.edit && (
            <Quiet icon="pencil" href={links.edit} words={say(lang, WORDS, "about.edit")} />
          )
        }
      >
        <TierLine key={customer.id} find={customer.tier} today={today} />
        <Facts facts={aboutFacts(about, lang, onShow)} />
      </Card>
      {home && <Place home={home} name={called(customer.name, lang)} village={customer.village} />}
    </>
  );
}

function aboutFacts(
  about: CustomerDetail["about"],
  lang: Lang,
  onShow: CustomerDetail["onShow"],
): Fact[] {
  const facts: Fact[] = [];
  const masked = (
    key: "about.phone" | "about.phone_alt" | "about.id_no",
    field: Parameters<typeof onShow>[0],
    value: string | null,
  ) => {
    if (value === null) return;
    const label = say(lang, WORDS, key);
    const kind = field === "id_no" ? "number" : "phone";
    facts.push({
      label,
      long: kind === "number",
      value: <MaskedValue label={label} kind={kind} value={value} onShow={() => onShow(field)} />,
    });
  };
  const plain = (
    key: "about.household" | "about.livelihood" | "about.address" | "about.preferences",
    value: string | null,
    long = false,
  ) => {
    if (value) facts.push({ label: say(lang, WORDS, key), value, long });
  };
  masked("about.phone", "phone", about.phone);
  masked("about.id_no", "id_no", about.idNo);
  masked("about.phone_alt", "phone_alt", about.phoneAlt);
  plain("about.household", household(about, lang));
  plain("about.livelihood", about.livelihood);
  plain("about.address", about.address, true);
  plain("about.preferences", about.preferences, true);
  return facts;
}

function household({ people, workers }: CustomerDetail["about"], lang: Lang): string | null {
  if (people === null) return null;
  if (workers === null) return say(lang, WORDS, "about.people", { n: people });
  return say(lang, WORDS, "about.workers", { people, workers });
}

interface QuietProps {
  readonly icon: "pencil" | "plus";
  readonly href: string;
  readonly words: string;
}

function Quiet({ icon, href, words }: QuietProps) {
  return (
    <a class="btn quiet" href={href}>
      <Icon name={icon} size="s" />
      <span>{words}</span>
    </a>
  );
}

// ------------------------------------------------------------------------------- what happened

function History({ customer, today, now }: CustomerPaneProps) {
  const lang = useLang();
  const { links, happened, others, photos } = customer;
  const [all, setAll] = useState(false);
  const shown = all ? happened : happened.slice(0, FIRST_HAPPENINGS);
  const left = happened.length - shown.length;
  return (
    <>
      <Card
        title={say(lang, WORDS, "happened.title")}
        end={
          links.note && (
            <Quiet icon="plus" href={links.note} words={say(lang, WORDS, "happened.note_button")} />
          )
        }
      >
        {happened.length === 0 && <p class="muted">{say(lang, WORDS, "happened.none")}</p>}
        <Timeline entries={shown.map((it) => entryOf(it, lang, today))} />
        {left > 0 && (
          <button type="button" class="btn wide" onClick={() => setAll(true)}>
            {say(lang, WORDS, "happened.more", { n: left })}
          </button>
        )}
      </Card>
      {photos.length > 0 && (
        <Card title={say(lang, WORDS, "photos.title")}>
          <PhotoGrid photos={photos} />
        </Card>
      )}
      {(others.length > 0 || links.create) && (
        <Card
          title={say(lang, WORDS, "others.title")}
          end={
            links.create && (
              <Quiet icon="plus" href={links.create} words={say(lang, WORDS, "others.new")} />
            )
          }
        >
          {others.length > 0 && (
            <div class="folds">
              {others.map((it) => (
                <Group key={it.type} group={it} />
              ))}
            </div>
          )}
        </Card>
      )}
      <p class="small muted row top">
        <Icon name="history" size="s" />
        <span>{copyWords(customer, lang, now)}</span>
      </p>
    </>
  );
}

function copyWords({ asOf, own }: CustomerDetail, lang: Lang, now: number): string {
  if (asOf === null) return say(lang, WORDS, "copy.never");
  const at =
    format.dateIn(asOf) === format.dateIn(now)
      ? format.time(asOf)
      : format.dayAndTime(asOf, lang, now);
  return own > 0
    ? say(lang, WORDS, "copy.own", { at, n: own })
    : say(lang, WORDS, "copy.as_of", { at });
}

/** The records of a type, folded away until they are asked for. */
function Group({ group }: { readonly group: RecordGroup }) {
  const lang = useLang();
  return (
    <details>
      <summary>
        <span class="grow">{group.title[lang]}</span>
        <span class="num quiet">{group.rows.length}</span>
        <Icon name="down" size="s" />
      </summary>
      <ul>
        {group.rows.map((it) => (
          <li key={it.id}>
            <a class="more" href={it.href}>
              <span class="grow">
                <span class="t">{it.title}</span>
                <Sub words={it.sub} />
              </span>
              {it.state && <StateChip state={it.state} refused={it.refused} />}
              <Icon name="next" size="s" />
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Sub({ words }: { readonly words: ComponentChildren }) {
  return words ? <span class="d">{words}</span> : null;
}
