import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { number } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { Icon } from "../Icon.tsx";
import { Field, type Labelled } from "./Field.tsx";
import { WORDS } from "./words.ts";

/** How it stands with the place of something. */
export type PlaceState =
  | { readonly state: "none" }
  | { readonly state: "asking" }
  /** `farM`: how far from the home that is stored, where one is. */
  | { readonly state: "had"; readonly accM: number | null; readonly farM: number | null }
  /** `denied`: the tablet does not allow it; `unavailable`: there is no signal. */
  | { readonly state: "denied" }
  | { readonly state: "unavailable" };

interface PlaceInputProps extends Labelled {
  readonly place: PlaceState;
  readonly onAsk: () => void;
  /** It was taken for good: a place of arrival is not taken again. */
  readonly final?: boolean;
}

/** The place where the tablet is, asked for with a button; it may be refused. */
export function PlaceInput(props: PlaceInputProps) {
  const { place, onAsk, final = false } = props;
  const lang = useLang();
  const had = place.state === "had";
  return (
    <Field of={props} many>
      {() => (
        <>
          <PlaceLine place={place} lang={lang} />
          {(had && final) || place.state === "asking" ? null : (
            <button type="button" class="btn start" onClick={onAsk}>
              <Icon name="place" size="s" />
              {say(lang, WORDS, had ? "place.again" : "place.take")}
            </button>
          )}
        </>
      )}
    </Field>
  );
}

function PlaceLine({ place, lang }: { readonly place: PlaceState; readonly lang: Lang }) {
  const words = wordsOf(place, lang);
  if (words === null) return null;
  const tone = place.state === "had" ? "ok" : "";
  return (
    <div class={`banner ${tone}`} role="status">
      <Icon name={place.state === "had" ? "place" : "about"} size="s" />
      <span class="b">{words}</span>
    </div>
  );
}

function wordsOf(place: PlaceState, lang: Lang): string | null {
  switch (place.state) {
    case "none":
      return null;
    case "asking":
      return say(lang, WORDS, "place.asking");
    case "denied":
      return say(lang, WORDS, "place.denied");
    case "unavailable":
      return say(lang, WORDS, "place.none");
    case "had": {
      const acc = place.accM === null ? "?" : number(place.accM);
      if (place.farM === null) return say(lang, WORDS, "place.had", { acc });
      return say(lang, WORDS, "place.far", { acc, far: distance(place.farM, lang) });
    }
  }
}

/** 40 -> "40 m", 1530 -> "1.5 km". */
function distance(metres: number, lang: Lang): string {
  if (metres < 1000) return `${metres} ${lang === "zh" ? "米" : "m"}`;
  return `${(metres / 1000).toFixed(1)} ${lang === "zh" ? "公里" : "km"}`;
}
