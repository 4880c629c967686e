// Where a home lies from here, as people say it, and its link for the tablet's own map.

import type { Lang } from "../../i18n/catalogue.ts";
import type { Home } from "./model.ts";

const WAYS = {
  en: ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"],
  zh: ["正北", "东北", "正东", "东南", "正南", "西南", "正西", "西北"],
} as const;

/** Below this one stands at the door, as well as a tablet can tell. */
export const HERE_M = 50;

/** "north-east" / "东北" for a bearing in degrees from north. */
export function wayOf(bearing: number, lang: Lang): string {
  const eighth = Math.round((((bearing % 360) + 360) % 360) / 45) % 8;
  return WAYS[lang][eighth] ?? "";
}

/** "340 m" / "340 米"; from a kilometre on "2.4 km" / "2.4 公里". */
export function farOf(m: number, lang: Lang): string {
  if (m < 995) {
    const near = Math.round(m / 10) * 10;
    return lang === "zh" ? `${near} 米` : `${near} m`;
  }
  const km = m < 99_500 ? (m / 1000).toFixed(1) : Math.round(m / 1000).toString();
  return lang === "zh" ? `${km} 公里` : `${km} km`;
}

/** A `geo:` address, which the tablet opens in the map that it has; the name stands at the mark. */
export function mapLink(home: Home, name: string): string {
  const point = `${(home.latE6 / 1e6).toFixed(6)},${(home.lonE6 / 1e6).toFixed(6)}`;
  return `geo:${point}?q=${point}(${encodeURIComponent(name)})`;
}
