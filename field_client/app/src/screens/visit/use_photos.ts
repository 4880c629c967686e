// The photos of an open visit form: what the camera gives, made small and kept.

import { useState } from "preact/hooks";
import type { Lang } from "../../i18n/catalogue.ts";
import type { Officer } from "../../shell/officer.ts";
import { StorageFullError } from "../../store/faults.ts";
import type { Form } from "../../work/form.ts";
import { dropPhoto, keepPhoto, PHOTO_KINDS, photosOf } from "../../work/photos.ts";
import { shrink } from "../../work/shrink.ts";
import { choiceLabel } from "../../work/titles.ts";
import type { PhotoForm } from "./model.ts";

export function usePhotos({ desk }: Officer, form: Form, lang: Lang): PhotoForm {
  const [refused, setRefused] = useState<PhotoForm["refused"]>(null);
  const [busy, setBusy] = useState(false);
  const type = desk.registry.get("attachment");
  const label = (kind: string) => choiceLabel(type, "kind", kind);
  const take = async (picture: Blob, kind: string): Promise<void> => {
    setBusy(true);
    try {
      await keepPhoto(desk, form, kind, await shrink(picture));
      setRefused(null);
    } catch (error) {
      setRefused(error instanceof StorageFullError ? "full" : "unreadable");
    } finally {
      setBusy(false);
    }
  };
  return {
    taken: photosOf(desk, form).map(({ id, kind, captured_at }) => ({
      id,
      label: label(kind),
      at: captured_at,
    })),
    kinds: PHOTO_KINDS.map((value) => ({ value, label: label(value)[lang] })),
    refused,
    busy,
    onTake: (picture, kind) => void take(picture, kind),
    onRemove: (id) => void dropPhoto(desk, id).then(() => setRefused(null)),
  };
}
