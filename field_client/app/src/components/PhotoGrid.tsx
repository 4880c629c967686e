// Photos side by side. One that is not on the tablet comes from the branch when it is asked for.

import { useContext, useEffect, useState } from "preact/hooks";
import type { Words } from "../i18n/catalogue.ts";
import { useLang } from "../i18n/context.ts";
import * as format from "../i18n/format.ts";
import { say } from "../i18n/say.ts";
import { Icon } from "./Icon.tsx";
import { type Photo, PhotoContext } from "./photo_source.ts";
import "./photos.css";

const WORDS = {
  "photo.fetch": { en: "Fetch", zh: "获取" },
  "photo.fetching": { en: "Fetching", zh: "正在获取" },
  "photo.away": { en: "Not to be had now", zh: "暂时无法获取" },
  "photo.remove": { en: "Remove", zh: "删除" },
} as const satisfies Words;

interface PhotoGridProps {
  readonly photos: readonly Photo[];
  readonly onRemove?: ((id: string) => void) | undefined;
}

export function PhotoGrid({ photos, onRemove }: PhotoGridProps) {
  return (
    <ul class="photos">
      {photos.map((it) => (
        <li key={it.id}>
          <Tile photo={it} onRemove={onRemove} />
        </li>
      ))}
    </ul>
  );
}

interface TileProps {
  readonly photo: Photo;
  readonly onRemove: PhotoGridProps["onRemove"];
}

type Bytes = Blob | "looking" | "not_here" | "fetching" | "away";

function Tile({ photo, onRemove }: TileProps) {
  const lang = useLang();
  const source = useContext(PhotoContext);
  const [bytes, setBytes] = useState<Bytes>("looking");
  const url = useUrl(bytes);
  useEffect(() => {
    let current = true;
    const here = source?.().then((it) => it.here(photo.id));
    void here?.then(
      (found) => current && setBytes(found ?? "not_here"),
      () => current && setBytes("not_here"),
    );
    return () => {
      current = false;
    };
  }, [source, photo.id]);
  const fetch = () => {
    setBytes("fetching");
    const fetched = source?.().then((it) => it.fetch(photo.id));
    void fetched?.then(
      (found) => setBytes(found ?? "away"),
      () => setBytes("away"),
    );
  };
  const words = `${photo.label[lang]} · ${format.dayAndTime(photo.at, lang, Date.parse(photo.at))}`;
  return (
    <figure>
      {url === null ? (
        <div class="frame">
          <Icon name="picture" />
          {bytes === "not_here" || bytes === "away" ? (
            <button type="button" class="btn quiet" onClick={fetch}>
              {say(lang, WORDS, "photo.fetch")}
              <span class="vh">{words}</span>
            </button>
          ) : null}
          {bytes === "fetching" ? <span>{say(lang, WORDS, "photo.fetching")}</span> : null}
          {bytes === "away" ? (
            <span class="small" role="status">
              {say(lang, WORDS, "photo.away")}
            </span>
          ) : null}
        </div>
      ) : (
        <a href={url} target="_blank" rel="noreferrer">
          <img src={url} alt={words} />
        </a>
      )}
      <figcaption class="small">{words}</figcaption>
      {onRemove ? (
        <button type="button" class="btn quiet" onClick={() => onRemove(photo.id)}>
          <Icon name="trash" size="s" />
          {say(lang, WORDS, "photo.remove")}
          <span class="vh">{words}</span>
        </button>
      ) : null}
    </figure>
  );
}

/** An address for bytes, good as long as they are shown. */
function useUrl(bytes: Bytes): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (typeof bytes === "string") return;
    const made = URL.createObjectURL(bytes);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [bytes]);
  return url;
}
