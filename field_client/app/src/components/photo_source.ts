// Where a screen gets the bytes of photos from: the tablet, or the branch.

import { createContext } from "preact";
import type { Label } from "../schemas/declare.ts";

/** A photo as a list shows it. */
export interface Photo {
  readonly id: string;
  /** What it shows. */
  readonly label: Label;
  readonly at: string;
}

export interface PhotoSource {
  /** The photo, if it is on this tablet. */
  readonly here: (id: string) => Promise<Blob | null>;
  /** The photo from the branch, which keeps it; null: it is not to be had now. */
  readonly fetch: (id: string) => Promise<Blob | null>;
}

/** Brings the source: its script comes when a photo is first shown. */
export const PhotoContext = createContext<(() => Promise<PhotoSource>) | null>(null);
