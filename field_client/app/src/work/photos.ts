// Photos: made small, kept encrypted with the form in which they were taken, told of in its set.

import type { Fields } from "../schemas/declare.ts";
import type { Bytes } from "../store/cipher.ts";
import { sha256Hex } from "../store/sha256.ts";
import type { OwnFile } from "../sync/files.ts";
import type { Action } from "./action.ts";
import { type Desk, newId } from "./desk.ts";
import type { Form } from "./form.ts";

/** What an officer photographs on a visit; the values of an attachment's `kind`. */
export const PHOTO_KINDS = [
  "photo_home",
  "photo_asset",
  "photo_with_customer",
  "receipt",
  "other",
] as const;

/** The photos that belong to an open form, the oldest first. */
export function photosOf(desk: Desk, form: Form): OwnFile[] {
  const { id } = form.draft;
  return [...desk.store.files.values()]
    .filter((it) => it.draft === id)
    .sort((a, b) => (a.captured_at < b.captured_at ? -1 : 1));
}

/** Keep a photo with a form; the form is kept first, so that no photo is without one. */
export async function keepPhoto(
  desk: Desk,
  form: Form,
  kind: string,
  jpeg: Bytes,
): Promise<OwnFile> {
  const file: OwnFile = {
    id: newId(desk),
    kind,
    size: jpeg.length,
    sha256: await sha256Hex(jpeg),
    media_type: "image/jpeg",
    captured_at: desk.now().toISOString(),
    customer: form.draft.customer,
    draft: form.draft.id,
    state: "waiting",
    why: null,
    upload: null,
    asked: false,
    done_at: null,
  };
  if (!(await form.keepAgain()))
    throw form.kept?.state === "failed" ? form.kept.error : new Error();
  await desk.store.exclusive(() =>
    desk.store.commit({ files: [file], file_bytes: new Map([[file.id, jpeg]]) }),
  );
  return file;
}

/** Throw a photo of an open form away. */
export function dropPhoto(desk: Desk, id: string): Promise<void> {
  return desk.store.exclusive(() => desk.store.commit({ drop_files: [id] }));
}

/** Tell of a form's photos in the set that it becomes; their bytes go up after the next sync. */
export function attachPhotos(
  desk: Desk,
  action: Action,
  form: Form,
  owner: { readonly type: string; readonly id: string; readonly customer: string },
): void {
  const photos = photosOf(desk, form);
  const place = placeOf(form.values);
  for (const it of photos) {
    const fields: Fields = {
      record_type: owner.type,
      record: owner.id,
      kind: it.kind,
      sha256: it.sha256,
      size: it.size,
      media_type: it.media_type,
      captured_at: it.captured_at,
      captured_by: desk.store.meta.user.id,
      ...place,
    };
    action.create("attachment", owner.customer, fields, it.id);
  }
  action.also = { ...action.also, files: photos.map((it) => ({ ...it, draft: null })) };
}

/** Where the visit is, as far as its form knows. */
function placeOf(values: Fields): Fields {
  const { arrive_lat_e6: lat_e6, arrive_lon_e6: lon_e6, arrive_acc_m: acc_m } = values;
  if (typeof lat_e6 !== "number" || typeof lon_e6 !== "number") return {};
  return { lat_e6, lon_e6, ...(typeof acc_m === "number" ? { acc_m } : {}) };
}
