import { useRead } from "../../shell/hooks.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { survivorOf } from "../../store/meta.ts";
import type { Book } from "../../work/book.ts";
import { customerDetail } from "./detail.ts";
import type { CustomerProps } from "./model.ts";
import { CustomerView } from "./view.tsx";

export function CustomerScreen({ officer, frame, route }: ScreenProps<"customer">) {
  const { book, desk } = officer;
  const today = desk.today();
  const read = useRead(
    officer,
    async () => ({ customer: await customerDetail(book, route.id, today) }),
    [route.id, today],
  );
  if (read === null) return null;
  return (
    <CustomerView
      frame={frame}
      today={today}
      from={route.from}
      customer={read.customer}
      survivor={keptUnder(book, route.id)}
    />
  );
}

/** Who a merged customer is now, as far as that one is on this tablet. */
function keptUnder(book: Book, customer: string): CustomerProps["survivor"] {
  const id = survivorOf(book.store.meta, customer);
  const card = id === null ? null : book.card(id);
  if (id === null || card === null) return null;
  return { id, name: { name: card.name, latin: card.latin || null } };
}
