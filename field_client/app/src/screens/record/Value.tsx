import type { ComponentChildren } from "preact";
import { type Names, shownValue } from "../../components/form/shown.ts";
import { MaskedValue } from "../../components/MaskedValue.tsx";
import { useLang } from "../../i18n/context.ts";
import { rate } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { Json } from "../../schemas/declare.ts";
import type { RecordRow } from "./rows.ts";
import { WORDS } from "./words.ts";

interface ValueProps {
  readonly row: RecordRow;
  readonly names: Names;
  readonly links: Readonly<Record<string, string>>;
  readonly onShow: (path: string) => void;
}

/** One value, as people read it: worded, linked where it leads somewhere, masked where it must be. */
export function Value({ row, names, links, onShow }: ValueProps): ComponentChildren {
  const lang = useLang();
  const { kind, value, masked } = row;
  if (masked !== null && typeof value === "string") {
    return (
      <MaskedValue
        label={row.title[lang]}
        kind={masked}
        value={value}
        onShow={() => onShow(row.path)}
      />
    );
  }
  if (typeof value === "boolean") return say(lang, WORDS, value ? "record.yes" : "record.no");
  if (kind.kind === "integer" && kind.unit === "bps" && typeof value === "number") {
    return rate(value);
  }
  const words = shownValue(kind, value, lang, names);
  const link = linkOf(value, links);
  return link === null ? (
    words
  ) : (
    <a class="link" href={link}>
      {words}
    </a>
  );
}

function linkOf(value: Json, links: ValueProps["links"]): string | null {
  return typeof value === "string" && Object.hasOwn(links, value) ? (links[value] ?? null) : null;
}
