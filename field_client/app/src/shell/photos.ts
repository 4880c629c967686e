// Photos for the screens: those on this tablet, and those that only the branch has.

import type { PhotoSource } from "../components/photo_source.ts";
import { carrier } from "../sync/carrier.ts";
import { signed } from "../sync/session.ts";
import type { Officer } from "./officer.ts";

export function photoSource({ desk, transport }: Officer): PhotoSource {
  const { store } = desk;
  const path = (id: string) => `/api/v1/attachments/${id}`;
  return {
    here: async (id) => {
      const file = store.files.get(id);
      const bytes = file ? await store.fileBytes(id) : null;
      return file && bytes ? new Blob([bytes], { type: file.media_type }) : null;
    },
    fetch: async (id) => {
      const { bytes, headers } = await signed(store, transport, (bearer) =>
        carrier(transport)("GET", path(id), {}, null, bearer),
      );
      return new Blob([bytes], { type: headers.get("Content-Type") ?? "" });
    },
  };
}
