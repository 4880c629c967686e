// Where the tablet is, asked of the browser; it may be refused, and work goes on without.

import type { Place } from "./visits.ts";

export type Found =
  | { readonly state: "had"; readonly place: Place }
  | { readonly state: "denied" }
  | { readonly state: "unavailable" };

const PATIENCE_MS = 20_000;
const FRESH_MS = 60_000;

export function askPlace(): Promise<Found> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) {
      resolve({ state: "unavailable" });
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          state: "had",
          place: {
            lat_e6: Math.round(coords.latitude * 1e6),
            lon_e6: Math.round(coords.longitude * 1e6),
            acc_m: Math.max(0, Math.round(coords.accuracy)),
          },
        }),
      ({ code }) =>
        resolve({
          state: code === GeolocationPositionError.PERMISSION_DENIED ? "denied" : "unavailable",
        }),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    );
  });
}

/** How an answer stands in a form; `farM`: how far from the home that is stored. */
export function placeStateOf(found: Found, farM: number | null = null) {
  if (found.state !== "had") return found;
  return { state: "had", accM: found.place.acc_m, farM } as const;
}

const EARTH_M = 6_371_000;

/** Metres between two places, along the great circle (haversine). */
export function metresBetween(
  one: Pick<Place, "lat_e6" | "lon_e6">,
  other: Pick<Place, "lat_e6" | "lon_e6">,
): number {
  const rad = (e6: number) => (e6 / 1e6) * (Math.PI / 180);
  const lat = rad(other.lat_e6 - one.lat_e6) / 2;
  const lon = rad(other.lon_e6 - one.lon_e6) / 2;
  const part =
    Math.sin(lat) ** 2 +
    Math.cos(rad(one.lat_e6)) * Math.cos(rad(other.lat_e6)) * Math.sin(lon) ** 2;
  return Math.round(2 * EARTH_M * Math.asin(Math.sqrt(part)));
}
