import { ListRow } from "../../components/ListRow.tsx";
import { Name } from "../../components/Name.tsx";
import { initial } from "../../components/names.ts";
import { StateChip } from "../../components/StateChip.tsx";
import { useLang } from "../../i18n/context.ts";
import { largeMoney } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { type Origin, path } from "../../shell/router.ts";
import type { CustomerRow } from "./model.ts";
import { WORDS } from "./words.ts";

interface RowProps {
  readonly row: CustomerRow;
  readonly from: Origin;
  readonly chosen: boolean;
}

/** A customer in the list of all, and in what a search finds. */
export function Row({ row, from, chosen }: RowProps) {
  const lang = useLang();
  const isLate = row.dpd > 0;
  return (
    <ListRow
      href={path({ screen: "customer", id: row.id, from })}
      sign={initial(row.name)}
      tone={isLate ? "late" : "brand"}
      title={<Name person={row.name} />}
      what={<UnderName row={row} />}
      when={
        isLate
          ? say(lang, WORDS, "customers.late", { n: row.dpd })
          : row.owedFen > 0
            ? largeMoney(row.owedFen, lang)
            : null
      }
      late={isLate}
      chosen={chosen}
    />
  );
}

/** The village, and how it stands with the branch or else the end of the phone number. */
function UnderName({ row }: { readonly row: CustomerRow }) {
  const lang = useLang();
  const { village, phoneTail, state, refused } = row;
  const tail = phoneTail ? say(lang, WORDS, "customers.tail", { tail: phoneTail }) : null;
  return (
    <span class="row">
      <span class="ell">{village}</span>
      {state ? (
        <StateChip state={state} refused={refused} />
      ) : (
        tail && <span class="end-tail">{village ? `· ${tail}` : tail}</span>
      )}
    </span>
  );
}
