// Which attachments of a customer are photos that a list can show.

import type { Photo } from "../../components/photo_source.ts";
import type { Registry } from "../../schemas/registry.ts";
import type { View } from "../../sync/rebase.ts";
import { choiceLabel } from "../../work/titles.ts";
import { text } from "../../work/views.ts";

/** The photos among records, the newest first; `owner`: those of this record alone. */
export function picturesOf(
  registry: Registry,
  records: readonly View[],
  owner: string | null = null,
): Photo[] {
  const type = registry.get("attachment");
  return records
    .filter((it) => it.type === "attachment" && !it.gone && !it.removed)
    .filter((it) => text(it.fields.media_type).startsWith("image/"))
    .filter((it) => owner === null || it.fields.record === owner)
    .map((it) => ({
      id: it.id,
      label: choiceLabel(type, "kind", it.fields.kind),
      at: text(it.fields.captured_at),
    }))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}
