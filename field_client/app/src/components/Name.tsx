import { useLang } from "../i18n/context.ts";
import { called, type PersonName } from "./names.ts";

/** A person's name; in English with the characters beside it. */
export function Name({ person }: { readonly person: PersonName }) {
  const lang = useLang();
  const first = called(person, lang);
  if (first === person.name) return <span lang="zh-CN">{person.name}</span>;
  return (
    <>
      {first}{" "}
      <span class="alt" lang="zh-CN">
        {person.name}
      </span>
    </>
  );
}
