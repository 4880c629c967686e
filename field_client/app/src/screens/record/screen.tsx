import { useLang } from "../../i18n/context.ts";
import { useRead } from "../../shell/hooks.ts";
import { path } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { recordDetail } from "./detail.ts";
import { RecordView } from "./view.tsx";

export function RecordScreen({ officer, frame, route }: ScreenProps<"record">) {
  const { book, desk } = officer;
  const lang = useLang();
  const today = desk.today();
  const read = useRead(
    officer,
    async () => ({ record: await recordDetail(desk, book, route, lang, today) }),
    [route.id, lang, today],
  );
  const back =
    route.customer === null
      ? path({ screen: "today" })
      : path({ screen: "customer", id: route.customer, from: null });
  if (read === null) return null;
  return <RecordView frame={frame} today={today} back={back} record={read.record} />;
}
