// Every screen in its states.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Banner } from "../src/components/Banner.tsx";
import { Card } from "../src/components/Card.tsx";
import { Chip } from "../src/components/Chip.tsx";
import type { FrameContext } from "../src/components/Frame.tsx";
import { SegmentedControl } from "../src/components/SegmentedControl.tsx";
import { StateChip } from "../src/components/StateChip.tsx";
import { SyncStrip } from "../src/components/SyncStrip.tsx";
import type { SyncFacts } from "../src/components/strip.ts";
import type { Lang } from "../src/i18n/catalogue.ts";
import type { CustomerDetail } from "../src/screens/customer/model.ts";
import { CustomerView } from "../src/screens/customer/view.tsx";
import type { CustomerRow, CustomersProps } from "../src/screens/customers/model.ts";
import { CustomersView } from "../src/screens/customers/view.tsx";
import type { RecordDetail } from "../src/screens/record/model.ts";
import { RecordView } from "../src/screens/record/view.tsx";
import type { SettingsProps } from "../src/screens/settings/model.ts";
import { SettingsView } from "../src/screens/settings/view.tsx";
import type { SigninFault, SigninProps, SigninStep } from "../src/screens/signin/model.ts";
import { SigninView } from "../src/screens/signin/view.tsx";
import type { DutyOrder, TodayProps } from "../src/screens/today/model.ts";
import { TodayView } from "../src/screens/today/view.tsx";
import type { UnlockProps, UnlockState } from "../src/screens/unlock/model.ts";
import { UnlockView } from "../src/screens/unlock/view.tsx";
import type { Theme } from "../src/shell/frame.tsx";
import { BARE, DUTIES, LONG, MANY, NAMES, NOW, SYNC, TODAY, WANG } from "./people.ts";
import { CUSTOMER_RECORD, LOAN_RECORD, MEMBER_RECORD } from "./records.ts";

export interface Room {
  readonly lang: Lang;
  readonly theme: Theme;
  readonly onLang: (lang: Lang) => void;
  readonly onTheme: (theme: Theme) => void;
}

type State = (room: Room) => ComponentChildren;

const nothing = () => undefined;

// ------------------------------------------------------------------------------------ builders

function frame(room: Room, sync: SyncFacts): FrameContext {
  return { sync, now: NOW, onLang: room.onLang };
}

function today(some: Partial<TodayProps> = {}, sync: SyncFacts = SYNC.attention): State {
  return (room) => <Today room={room} sync={sync} some={some} />;
}

interface TodayRoomProps {
  readonly room: Room;
  readonly sync: SyncFacts;
  readonly some: Partial<TodayProps>;
}

function Today({ room, sync, some }: TodayRoomProps) {
  const [order, setOrder] = useState<DutyOrder>(some.order ?? "due");
  const [search, setSearch] = useState(some.search ?? "");
  return (
    <TodayView
      frame={frame(room, sync)}
      today={TODAY}
      duties={DUTIES}
      found={search ? found(search) : null}
      held={231}
      later={null}
      handovers={[]}
      unheard={[]}
      cash={null}
      chosen={WANG}
      {...some}
      order={order}
      onOrder={setOrder}
      search={search}
      onSearch={setSearch}
    />
  );
}

function found(search: string): readonly CustomerRow[] {
  return MANY.filter((it) => `${it.name.name} ${it.name.latin} ${it.village}`.includes(search));
}

function customers(some: Partial<CustomersProps> = {}): State {
  return (room) => <Customers room={room} some={some} />;
}

function Customers({
  room,
  some,
}: {
  readonly room: Room;
  readonly some: Partial<CustomersProps>;
}) {
  const [search, setSearch] = useState(some.search ?? "");
  return (
    <CustomersView
      frame={frame(room, SYNC.waiting)}
      today={TODAY}
      rows={search ? found(search) : MANY}
      held={MANY.length}
      chosen={null}
      {...some}
      search={search}
      onSearch={setSearch}
    />
  );
}

function customer(one: CustomerDetail | null, sync: SyncFacts = SYNC.attention): State {
  return (room) => (
    <CustomerView
      frame={frame(room, sync)}
      today={TODAY}
      from="today"
      customer={one}
      survivor={null}
    />
  );
}

function record(one: RecordDetail | null): State {
  return (room) => (
    <RecordView
      frame={frame(room, SYNC.waiting)}
      today={TODAY}
      back="#/customer/wang"
      record={one}
    />
  );
}

function settings(some: Partial<SettingsProps> = {}): State {
  return (room) => (
    <SettingsView
      figures={async () => [
        {
          metric: "visit_completion",
          title: { en: "Visit completion", zh: "走访完成率" },
          here: 8684,
          accepted: 8421,
          target: 9500,
        },
      ]}
      frame={frame(room, SYNC.waiting)}
      person={NAMES.li}
      username="li.ming"
      branch="清水支行"
      device={{ name: "平板 7", code: "LM07", skewSeconds: 4 }}
      lang={room.lang}
      theme={room.theme}
      onTheme={room.onTheme}
      storage={{
        persisted: true,
        usedBytes: 48_234_496,
        roomBytes: 3_435_973_836,
        onPersist: nothing,
      }}
      app={{ version: "0.1.0 · 8f3c2a91d07e", update: null }}
      pin={{ state: "idle", triesLeft: null, onChange: nothing }}
      onLock={nothing}
      leaving={{ unsent: 0, drafts: 0, onSignOut: nothing }}
      onRescue={null}
      onCourier={null}
      journal="written"
      incidents={[]}
      {...some}
    />
  );
}

function unlock(state: UnlockState, some: Partial<UnlockProps> = {}): State {
  return (room) => (
    <UnlockView
      person={NAMES.li}
      branch="清水支行"
      online={false}
      now={NOW}
      waiting={3}
      others={false}
      onLang={room.onLang}
      onOther={nothing}
      onForgot={nothing}
      {...some}
      state={state}
    />
  );
}

function signin(step: SigninStep, some: Partial<SigninProps> = {}): State {
  return (room) => (
    <SigninView
      online
      server="xiangxin.example"
      users={[]}
      onLang={room.onLang}
      {...some}
      step={step}
    />
  );
}

function password(fault: SigninFault | null, busy = false): SigninStep {
  return {
    is: "password",
    username: "",
    deviceName: "平板 7",
    busy,
    fault,
    later: null,
    onSignin: nothing,
  };
}

function forgot(fault: SigninFault | null): SigninStep {
  return {
    is: "forgot",
    username: "li.ming",
    name: NAMES.li,
    busy: false,
    fault,
    onRecover: nothing,
    onBack: nothing,
  };
}

function locked(some: Partial<Extract<UnlockState, { is: "locked" }>> = {}): UnlockState {
  return {
    is: "locked",
    missed: false,
    full: false,
    triesLeft: 10,
    waitUntil: null,
    onUnlock: nothing,
    ...some,
  };
}

// --------------------------------------------------------------------------------------- states

export const STATES: Readonly<Record<string, State>> = {
  components: () => <Components />,

  "signin-first": signin(password(null)),
  "signin-users": signin(password(null), {
    users: [
      { username: "li.ming", name: NAMES.li, onOpen: nothing },
      { username: "abdurehman", name: NAMES.long, onOpen: nothing },
    ],
  }),
  "signin-busy": signin(password(null, true)),
  "signin-wrong": signin(password({ why: "password" })),
  "signin-offline": signin(password({ why: "offline" }), { online: false }),
  "signin-wiped": signin(password({ why: "wiped" })),
  "signin-other": signin(password({ why: "other_user", name: "陈静" })),
  "signin-pin": signin({ is: "pin", name: NAMES.li, busy: false, fault: null, onPin: nothing }),
  "signin-download": signin({
    is: "download",
    customers: 412,
    records: 18_302,
    paused: false,
    onStart: nothing,
  }),
  "signin-paused": signin(
    { is: "download", customers: 412, records: 18_302, paused: true, onStart: nothing },
    { online: false },
  ),
  "signin-forgot": signin(forgot(null)),
  "signin-code": signin(forgot({ why: "code" })),

  unlock: unlock(locked()),
  "unlock-missed": unlock(locked({ missed: true, triesLeft: 5, waitUntil: NOW + 25_000 }), {
    waiting: 1,
    others: true,
  }),
  "unlock-last": unlock(locked({ missed: true, triesLeft: 1, waitUntil: NOW + 725_000 })),
  "unlock-long": unlock(locked(), { person: NAMES.long, branch: null, waiting: 0, online: true }),
  "unlock-opening": unlock({ is: "opening" }),
  "unlock-destroyed": unlock({ is: "destroyed", onSaveSealed: nothing }),
  "unlock-elsewhere": unlock({ is: "elsewhere", onUseHere: nothing }),

  today: today(),
  "today-village": today({ order: "village" }, SYNC.waiting),
  "today-search": today({ search: "Customer 12", chosen: null }, SYNC.sending),
  "today-nobody": today({ search: "周强", chosen: null }),
  "today-loading": today({ duties: null, chosen: null }, SYNC.waiting_one),
  "today-done": today({ duties: [], chosen: null, later: DUTIES[7] ?? null }, SYNC.all_synced),
  "today-nothing": today({ duties: [], chosen: null }, SYNC.all_synced),
  "today-first": today({ duties: [], chosen: null, held: 412 }, SYNC.never),
  "today-old": today({}, SYNC.three_days),
  "today-very-old": today({ chosen: LONG }, SYNC.seven_days),

  customers: customers(),
  "customers-chosen": customers({ chosen: BARE }),
  "customers-search": customers({ search: "Customer 49" }),
  "customers-nobody": customers({ search: "周强强" }),
  "customers-none": customers({ rows: [], held: 0 }),
  "customers-loading": customers({ rows: null }),

  customer: customer(WANG),
  "customer-long": customer(LONG, SYNC.attention_late),
  "customer-bare": customer(BARE, SYNC.waiting),
  "customer-absent": customer(null),

  "record-customer": record(CUSTOMER_RECORD),
  "record-loan": record(LOAN_RECORD),
  "record-member": record(MEMBER_RECORD),
  "record-absent": record(null),

  settings: settings(),
  "settings-worried": settings({
    device: { name: "Huawei MatePad 11 of the Qingshui branch", code: null, skewSeconds: -5400 },
    storage: {
      persisted: false,
      usedBytes: 3_235_973_836,
      roomBytes: 3_435_973_836,
      onPersist: nothing,
    },
    app: { version: "0.1.0", update: { blocked: true, onUpdate: nothing } },
    pin: { state: "idle", triesLeft: 9, onChange: nothing },
    leaving: { unsent: 3, drafts: 1, onSignOut: nothing },
    onRescue: nothing,
    onCourier: nothing,
    journal: "failed",
    incidents: [
      {
        id: "i1",
        at: "2025-10-15T09:20:00Z",
        words: {
          en: "This tablet's copy differed from the branch's. It was fetched anew.",
          zh: "本机副本与支行不一致，已重新下载。",
        },
      },
    ],
  }),
  "settings-update": settings({
    storage: { persisted: null, usedBytes: null, roomBytes: null, onPersist: nothing },
    app: { version: "0.1.0", update: { blocked: false, onUpdate: nothing } },
    pin: { state: "done", triesLeft: null, onChange: nothing },
    journal: "none",
  }),
};

// --------------------------------------------------------------------------------- loose parts

const TONES = ["plain", "brand", "ok", "info", "warn", "late", "clash"] as const;

function Components() {
  const [value, setValue] = useState<"a" | "b" | "c" | null>("a");
  return (
    <main class="pad form-col">
      <h1>Components</h1>
      {Object.entries(SYNC).map(([key, facts]) => (
        <SyncStrip key={key} facts={facts} now={NOW} />
      ))}
      <Card title="States">
        <div class="row wrap">
          <StateChip state="draft" />
          <StateChip state="ready" />
          <StateChip state="sent" />
          <StateChip state="accepted" />
          <StateChip state="needs_attention" />
          <StateChip state="needs_attention" refused />
          {TONES.map((it) => (
            <Chip key={it} tone={it}>
              {it}
            </Chip>
          ))}
        </div>
      </Card>
      <Card title="Buttons">
        <div class="row wrap">
          <button type="button" class="btn main">
            Finish visit
          </button>
          <button type="button" class="btn">
            Save draft
          </button>
          <button type="button" class="btn quiet">
            Decide later
          </button>
          <button type="button" class="btn danger">
            Decline
          </button>
          <button type="button" class="btn" disabled>
            1 choice left
          </button>
        </div>
      </Card>
      <SegmentedControl
        label="How it looks"
        value={value}
        onChange={setValue}
        segments={[
          { value: "a", words: "OK", tone: "ok", icon: "tick" },
          { value: "b", words: "Concern", tone: "warn", icon: "warning" },
          { value: "c", words: "Not seen" },
        ]}
      />
      {TONES.map((it) => (
        <Banner key={it} tone={it} icon="about" title={`A banner: ${it}`}>
          One sentence, and at most one action.
        </Banner>
      ))}
    </main>
  );
}
