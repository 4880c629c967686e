import { useRead } from "../../shell/hooks.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { customerDetail } from "./detail.ts";
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
  return <CustomerView frame={frame} today={today} from={route.from} customer={read.customer} />;
}
