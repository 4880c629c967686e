import { path } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { personOf, typeLabel } from "../../work/titles.ts";
import { NewScreen as FormScreen } from "../edit/screen.tsx";
import { NewView } from "./view.tsx";

/** Types that are made on screens of their own. */
const ELSEWHERE = new Set(["customer", "repayment", "visit", "inspection_note", "attachment"]);

export function NewScreen({ officer, frame, route, onBusy }: ScreenProps<"new">) {
  const { desk, book } = officer;
  const { type, customer } = route;
  if (type !== null && desk.registry.get(type) !== null) {
    const shared = { officer, frame, onBusy };
    return <FormScreen {...shared} type={type} customer={customer} />;
  }
  const { role } = desk.store.meta.user;
  const made = desk.registry
    .types()
    .filter((it) => it.doc.reference === null && !ELSEWHERE.has(it.name))
    .filter((it) => it.doc.made_by.includes(role));
  return (
    <NewView
      frame={frame}
      back={customer === null ? null : path({ screen: "customer", id: customer, from: null })}
      customer={customer === null ? null : personOf(book, customer)}
      types={
        customer === null
          ? []
          : made.map((it) => ({
              name: it.name,
              title: typeLabel(it, it.name),
              href: path({ screen: "new", type: it.name, customer }),
            }))
      }
    />
  );
}
