// A tablet at work until somebody kills it: it edits, fills forms, takes money, visits and syncs, all at
// once, and says of each thing when it has begun and when it was saved. What was not said may be lost.

import { type Draw, seeded } from "../src/lending/cases/seeded.ts";
import type { Fields } from "../src/schemas/declare.ts";
import type { Officer } from "../src/shell/officer.ts";
import type { Report } from "../src/sync/round_trip.ts";
import type { OwnSet } from "../src/sync/sets.ts";
import { openRecord, perform } from "../src/work/action.ts";
import { Form } from "../src/work/form.ts";
import { take } from "../src/work/receipts.ts";
import { recordsOf } from "../src/work/views.ts";
import { finish, start } from "../src/work/visits.ts";

/** One thing that has happened; `token` is a value that was typed this once. */
export type Told =
  | { readonly what: "begun"; readonly token: string }
  | {
      readonly what: "saved";
      readonly token: string;
      readonly number: number;
      readonly id: string;
      readonly receipt: string | null;
      readonly draft: string | null;
    }
  | { readonly what: "kept"; readonly token: string; readonly draft: string }
  | { readonly what: "syncing" }
  | { readonly what: "synced"; readonly fault: string | null };

export type Tell = (told: Told) => void;

/** Work until the end; *seed* decides what is done, the moment of the kill what comes of it. */
export async function toil(
  officer: Officer,
  seed: number,
  sync: (page: number) => Promise<Report>,
  tell: Tell,
): Promise<never> {
  const draw = seeded(seed);
  const toiler = new Toiler(officer, seed, draw, tell);
  void keepSyncing(sync, seeded(seed + 1), tell);
  for (;;) await toiler.next();
}

async function keepSyncing(
  sync: (page: number) => Promise<Report>,
  draw: Draw,
  tell: Tell,
): Promise<never> {
  for (;;) {
    tell({ what: "syncing" });
    const fault = await sync(draw(1, 6)).then(
      () => null,
      (error: Error) => `${error.name} ${error.message}`,
    );
    tell({ what: "synced", fault });
    await new Promise((resolve) => setTimeout(resolve, draw(0, 60)));
  }
}

class Toiler {
  private readonly officer: Officer;
  private readonly seed: number;
  private readonly draw: Draw;
  private readonly tell: Tell;
  private typed = 0;
  private taken = 0;

  constructor(officer: Officer, seed: number, draw: Draw, tell: Tell) {
    this.officer = officer;
    this.seed = seed;
    this.draw = draw;
    this.tell = tell;
  }

  /** Do one thing. */
  async next(): Promise<void> {
    const chance = this.draw(0, 99);
    const customer = this.customer();
    if (chance < 35) await this.edit(customer);
    else if (chance < 65) await this.fill(customer);
    else if (chance < 85) await this.collect();
    else await this.visit(customer);
  }

  private customer(): string {
    const cards = [...this.officer.book.cards()].map((it) => it.id).sort();
    return cards[this.draw(0, cards.length - 1)] ?? "";
  }

  /** Eleven digits that nobody types a second time; they grow within one life. */
  private token(): string {
    this.typed += 1;
    const token = `1${String(this.seed).padStart(5, "0")}${String(this.typed).padStart(5, "0")}`;
    this.tell({ what: "begun", token });
    return token;
  }

  private saved(set: OwnSet | null, token: string, more: { receipt?: string; draft?: string }) {
    if (set === null) throw new Error("nothing was saved");
    const { receipt = null, draft = null } = more;
    this.tell({ what: "saved", token, number: set.number, id: set.id, receipt, draft });
  }

  private async edit(customer: string): Promise<void> {
    const { desk } = this.officer;
    const token = this.token();
    const edits: readonly Fields[] = [
      { phone: token },
      { tags: [`t${token}`] },
      { preferences: `${token}。` },
      { "assets.h1.label": token, phone_alt: token },
    ];
    const fields = edits[this.draw(0, edits.length - 1)] ?? {};
    const saved = await perform(desk, "edit", async (action) => {
      await action.update(await openRecord(desk, "customer", customer, customer), fields);
    });
    this.saved(saved, token, {});
  }

  /** Type into a form again and again; finish it, or leave it for another time. */
  private async fill(customer: string): Promise<void> {
    const place = { screen: "edit", type: "customer", customer, record: customer };
    const form = await Form.open(this.officer.desk, place, () => undefined);
    const { id: draft } = form.draft;
    let token = this.token();
    for (let times = this.draw(1, 3); times > 0; times -= 1) {
      if (times > 1) token = this.token();
      form.set("phone_alt", token);
      if (this.draw(0, 1) === 0) continue; // the next keystroke does not wait for the disk
      await form.settled();
      if (form.kept?.state === "kept") this.tell({ what: "kept", token, draft });
    }
    if (this.draw(0, 2) === 0) {
      await form.settled();
      return;
    }
    this.saved(await form.save("edit"), token, { draft });
  }

  private async collect(): Promise<void> {
    const { desk, book } = this.officer;
    for (const { id, loans } of book.cards()) {
      for (const card of loans.filter((it) => it.active)) {
        const records = await recordsOf(desk.store, desk.registry, id);
        const loan = records.find((it) => it.id === card.id);
        if (loan === undefined) continue;
        const token = this.token();
        this.taken += 1;
        const taken = await take(desk, loan, {
          // No amount twice: two alike within a day may be one payment, and open a conflict.
          amount_fen: (this.seed % 1000) * 100 + this.taken,
          value_date: desk.today(),
          channel: "cash",
          more: { note: token },
          draft: null,
        });
        const [set = null] = await desk.store.setsAbove(taken.number - 1);
        this.saved(set, token, { receipt: taken.receipt_no });
        return;
      }
    }
  }

  private async visit(customer: string): Promise<void> {
    const { desk } = this.officer;
    const visit = await start(desk, customer, null, ["routine"], null);
    const place = { screen: "visit", type: "visit", customer, record: visit };
    const form = await Form.open(desk, place, () => undefined);
    const token = this.token();
    form.set("outcome", "done");
    form.set("met_with", ["本人"]);
    form.set("summary", `${token}。`);
    form.set("reason", "无定位信号");
    const note = {
      kind: "routine",
      checklist_code: "routine",
      checklist_version: 1,
      loan_id: null,
      fields: { narrative: `${token} 记。`, "answers.R04.value": 0 },
    };
    const saved = await finish(desk, form, note, "承诺还款");
    this.saved(saved, token, { draft: form.draft.id });
  }
}
