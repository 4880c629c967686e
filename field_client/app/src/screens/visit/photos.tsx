// The photos of a visit: taken with the camera, shown small, removed while the form is open.

import { useState } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { ChoiceInput } from "../../components/form/ChoiceInput.tsx";
import { inputId } from "../../components/form/part.ts";
import { Icon } from "../../components/Icon.tsx";
import { PhotoGrid } from "../../components/PhotoGrid.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { PhotoForm } from "./model.ts";
import { WORDS } from "./words.ts";

export function Photos({ form }: { readonly form: PhotoForm }) {
  const lang = useLang();
  const { kinds, taken, refused, busy } = form;
  const [kind, setKind] = useState(kinds[0]?.value ?? "other");
  return (
    <Card title={say(lang, WORDS, "visit.photos")}>
      {taken.length > 0 ? <PhotoGrid photos={taken} onRemove={form.onRemove} /> : null}
      <ChoiceInput
        id={inputId("photo_kind")}
        label={say(lang, WORDS, "visit.photo.kind")}
        options={kinds}
        value={kind}
        kept
        onChange={(it) => setKind(it ?? kind)}
      />
      <label class="btn wide">
        <Icon name="camera" />
        <span>{say(lang, WORDS, busy ? "visit.photo.busy" : "visit.photo.take")}</span>
        <input
          class="vh"
          type="file"
          accept="image/*"
          capture="environment"
          disabled={busy}
          onChange={(event) => {
            const [picture] = event.currentTarget.files ?? [];
            event.currentTarget.value = ""; // the same picture may be taken again
            if (picture) form.onTake(picture, kind);
          }}
        />
      </label>
      <p class="hint" role={refused === null ? undefined : "alert"}>
        {say(lang, WORDS, refused === null ? "visit.photo.hint" : `visit.photo.${refused}`)}
      </p>
    </Card>
  );
}
