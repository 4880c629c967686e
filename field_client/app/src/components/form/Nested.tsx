import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Fields, Json, Kind, Label } from "../../schemas/declare.ts";
import { Icon } from "../Icon.tsx";
import { Field } from "./Field.tsx";
import { KindInput, type KindInputProps } from "./KindInput.tsx";
import { WORDS } from "./words.ts";

interface ListInputProps extends Omit<KindInputProps, "kind"> {
  readonly of: Kind;
}

/** A list of values, each with an input of its kind; what is added comes last. */
export function ListInput({ of: kind, value, onChange, options, names, ...props }: ListInputProps) {
  const lang = useLang();
  const held: readonly Json[] = Array.isArray(value) ? value : [];
  const replace = (at: number, one: Json) => onChange(held.map((it, i) => (i === at ? one : it)));
  return (
    <Field of={props} many>
      {() => (
        <>
          {held.map((one, at) => {
            const label = say(lang, WORDS, "form.entry", { n: at + 1 });
            return (
              // The place in the list is all that tells one value from another.
              <div class="entry" key={at}>
                <KindInput
                  id={`${props.id}-${at}`}
                  label={label}
                  kind={kind}
                  value={one}
                  options={options}
                  names={names}
                  onChange={(it) => replace(at, it)}
                />
                <button
                  type="button"
                  class="btn quiet start"
                  onClick={() => onChange(held.filter((_, i) => i !== at))}
                >
                  {say(lang, WORDS, "form.remove", { name: label })}
                </button>
              </div>
            );
          })}
          <button
            type="button"
            class="btn start"
            onClick={() => onChange([...held, kind.kind === "record" ? {} : null])}
          >
            <Icon name="plus" size="s" />
            {say(lang, WORDS, "form.add")}
          </button>
        </>
      )}
    </Field>
  );
}

interface RecordInputProps extends Omit<KindInputProps, "kind"> {
  readonly members: Readonly<Record<string, Kind>>;
  readonly titles?: Readonly<Record<string, Label>> | undefined;
}

/** A small object, written as one value: an input for each of its members. */
export function RecordInput({
  members,
  titles,
  value,
  onChange,
  options,
  names,
  ...props
}: RecordInputProps) {
  const lang = useLang();
  const held = isObject(value) ? value : {};
  return (
    <Field of={props} many>
      {() => (
        <div class="entry">
          {Object.entries(members).map(([name, kind]) => (
            <KindInput
              key={name}
              id={`${props.id}-${name}`}
              label={titles?.[name]?.[lang] ?? spelled(name)}
              kind={kind}
              value={held[name] ?? null}
              options={options}
              names={names}
              onChange={(it) => onChange(withMember(held, name, it))}
            />
          ))}
        </div>
      )}
    </Field>
  );
}

function isObject(value: Json): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A member that is emptied is left out; an object with nothing in it is no value. */
function withMember(held: Fields, name: string, value: Json): Json {
  const members = Object.entries({ ...held, [name]: value }).filter(([, it]) => it !== null);
  return members.length > 0 ? Object.fromEntries(members) : null;
}

/** Members have no title of their own: `text_en` -> "Text en". */
function spelled(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
