import { useLang } from "../../i18n/context.ts";
import { time } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { Banner } from "../Banner.tsx";
import { Icon } from "../Icon.tsx";
import { WORDS } from "./words.ts";

/** Whether what was typed is on the tablet; null: nothing has been typed yet. */
export type Kept =
  | { readonly state: "kept"; readonly at: string }
  | { readonly state: "failed"; readonly full: boolean }
  | null;

/** The line that says when the form was last kept; nothing where it could not be: see `NotSaved`. */
export function SavedLine({ kept }: { readonly kept: Kept }) {
  const lang = useLang();
  if (kept?.state !== "kept") return null;
  return (
    <span class="ok row saved">
      <Icon name="tick" size="xs" />
      <span>{say(lang, WORDS, "saved.at", { time: time(kept.at) })}</span>
    </span>
  );
}

/** What was typed could not be kept: red, at the top, until it is. */
export function NotSaved({ kept }: { readonly kept: Kept }) {
  const lang = useLang();
  if (kept?.state !== "failed") return null;
  const key = kept.full ? "saved.full" : "saved.failed";
  return (
    <Banner tone="late" icon="storage" title={say(lang, WORDS, key)} role="alert">
      {say(lang, WORDS, `${key}.what`)}
    </Banner>
  );
}
