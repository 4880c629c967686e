// Instants as the tablet's date and time input writes them, on the wall of the branch's zone.

import { dateIn, time, ZONE } from "../../i18n/format.ts";
import type { Json } from "../../schemas/declare.ts";

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** `2026-06-16T02:30:00.000Z` -> `2026-06-16T10:30`. */
export function localOf(instant: Json, zone = ZONE): string {
  if (typeof instant !== "string" || Number.isNaN(Date.parse(instant))) return "";
  return `${dateIn(instant, zone)}T${time(instant, zone)}`;
}

/** `2026-06-16T10:30` -> `2026-06-16T02:30:00.000Z`; null for what is no such text. */
export function instantOf(local: string, zone = ZONE): string | null {
  if (!LOCAL.test(local)) return null;
  const wall = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wall)) return null;
  const seen = Date.parse(`${localOf(new Date(wall).toISOString(), zone)}:00Z`);
  return new Date(wall - (seen - wall)).toISOString();
}
