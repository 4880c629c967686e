import { Card } from "../../components/Card.tsx";
import { Icon } from "../../components/Icon.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Home } from "./model.ts";
import { farOf, HERE_M, mapLink, wayOf } from "./place.ts";
import { WORDS } from "./words.ts";

interface PlaceProps {
  readonly home: Home;
  readonly name: string;
  readonly village: string | null;
}

/** Where they live: direction and distance without a map, and the tablet's own map on request. */
export function Place({ home, name, village }: PlaceProps) {
  const lang = useLang();
  const { away } = home;
  const words =
    away === null
      ? null
      : away.m < HERE_M
        ? say(lang, WORDS, "home.here")
        : say(lang, WORDS, "home.away", {
            far: farOf(away.m, lang),
            way: wayOf(away.bearing, lang),
          });
  return (
    <Card>
      {away !== null && away.m >= HERE_M && <Sketch bearing={away.bearing} />}
      <div class="row between">
        <div>
          <h2 class="h3">{village ?? say(lang, WORDS, "home.title")}</h2>
          {words && <p class="small muted">{words}</p>}
        </div>
        <a class="btn icon" href={mapLink(home, name)} title={say(lang, WORDS, "home.open")}>
          <Icon name="map" />
          <span class="vh">{say(lang, WORDS, "home.open")}</span>
        </a>
      </div>
    </Card>
  );
}

const REACH = 44;

/** North is up, you are in the middle; it shows the way to set out, not the roads. */
function Sketch({ bearing }: { readonly bearing: number }) {
  const lang = useLang();
  const turn = (bearing * Math.PI) / 180;
  // the field is wide: sideways there is room for more
  const x = 170 + Math.sin(turn) * REACH * 2.4;
  const y = 65 - Math.cos(turn) * REACH;
  return (
    <svg
      class="sketch"
      viewBox="0 0 340 130"
      role="img"
      aria-label={say(lang, WORDS, "home.sketch")}
    >
      <path
        class="ring"
        d="M170 65m-106 0a106 44 0 1 0 212 0a106 44 0 1 0-212 0M170 65m-53 0a53 22 0 1 0 106 0a53 22 0 1 0-106 0"
      />
      <path class="north" d="M170 5l5 11h-10z" />
      <path class="way" d={`M170 65L${x.toFixed(1)} ${y.toFixed(1)}`} />
      <circle class="you" cx="170" cy="65" r="8" />
      <circle class="goal" cx={x} cy={y} r="9" />
    </svg>
  );
}
