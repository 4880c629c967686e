import { useMemo, useState } from "preact/hooks";
import { useRead } from "../../shell/hooks.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { customerDetail } from "../customer/detail.ts";
import { customerRows } from "./rows.ts";
import { CustomersView } from "./view.tsx";

interface Beside {
  readonly customer: string | null;
}

export function CustomersScreen({
  officer,
  frame,
  customer,
}: Omit<ScreenProps<"customers">, "route"> & Beside) {
  const { book, desk } = officer;
  const today = desk.today();
  const { version } = book;
  const [search, setSearch] = useState("");
  const rows = useMemo(
    () => customerRows(book, book.search(search), today),
    [book, version, today, search],
  );
  const held = useMemo(() => book.cards().length, [book, version]);
  const beside = customer ?? rows[0]?.id ?? null;
  const chosen = useRead(
    officer,
    async () => (beside === null ? null : customerDetail(book, beside, today)),
    [beside, today],
  );
  return (
    <CustomersView
      frame={frame}
      today={today}
      search={search}
      onSearch={setSearch}
      rows={rows}
      held={held}
      chosen={chosen}
    />
  );
}
