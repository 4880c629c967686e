import { useMemo, useState } from "preact/hooks";
import { useRead } from "../../shell/hooks.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { customerDetail } from "../customer/detail.ts";
import { customerRow } from "../customers/rows.ts";
import { dutiesOf, handoverDuties, unheard } from "./duties.ts";
import type { DutyOrder } from "./model.ts";
import { TodayView } from "./view.tsx";

const ORDER = "xiangxin-order";
const MOST_FOUND = 50;

interface Beside {
  /** The customer shown beside the list on a tablet; null: the first of the list. */
  readonly customer: string | null;
}

export function TodayScreen({
  officer,
  frame,
  customer,
}: Omit<ScreenProps<"today">, "route"> & Beside) {
  const { book, desk } = officer;
  const today = desk.today();
  const { version } = book;
  const [order, setOrder] = useState<DutyOrder>(() => storedOrder());
  const [search, setSearch] = useState("");
  const day = useMemo(() => dutiesOf(book, today), [book, version, today]);
  const handovers = useMemo(() => handoverDuties(book), [book, version]);
  const calls = useRead(officer, () => unheard(book, today), [today]);
  const cash = useRead(
    officer,
    async () => (await import("../working.ts")).tooMuchCash(book, today),
    [today],
  );
  const found = useMemo(
    () =>
      search.trim() === ""
        ? null
        : book
            .search(search)
            .slice(0, MOST_FOUND)
            .map((it) => customerRow(book, it, today)),
    [book, version, today, search],
  );
  const held = useMemo(() => book.cards().length, [book, version]);
  const beside = customer ?? day.duties[0]?.customer?.id ?? null;
  const chosen = useRead(
    officer,
    async () => (beside === null ? null : customerDetail(book, beside, today)),
    [beside, today],
  );
  const onOrder = (wanted: DutyOrder) => {
    localStorage.setItem(ORDER, wanted);
    setOrder(wanted);
  };
  return (
    <TodayView
      frame={frame}
      today={today}
      duties={day.duties}
      order={order}
      onOrder={onOrder}
      search={search}
      onSearch={setSearch}
      found={found}
      held={held}
      later={day.later}
      handovers={handovers}
      unheard={calls ?? []}
      cash={cash}
      chosen={chosen}
    />
  );
}

function storedOrder(): DutyOrder {
  return localStorage.getItem(ORDER) === "village" ? "village" : "due";
}
