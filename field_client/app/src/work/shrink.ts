// A camera's picture made small: drawn anew, so that nothing of where and with what it was taken stays.

import type { Bytes } from "../store/cipher.ts";

/** The longer side, in pixels. */
export const LONGEST_SIDE = 1_600;
const QUALITY = 0.8;

/** The size in which a picture is kept; small ones stay as they are. */
export function shrunk(width: number, height: number): readonly [number, number] {
  const by = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  return [Math.max(1, Math.round(width * by)), Math.max(1, Math.round(height * by))];
}

/** Draw a picture as a JPEG of at most 1,600 pixels. Throws where it is none that the browser can read. */
export async function shrink(picture: Blob): Promise<Bytes> {
  const drawn = await createImageBitmap(picture, { imageOrientation: "from-image" });
  try {
    const [width, height] = shrunk(drawn.width, drawn.height);
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext("2d");
    if (pen === null) throw new Error("no canvas");
    pen.fillStyle = "white"; // under what was transparent
    pen.fillRect(0, 0, width, height);
    pen.drawImage(drawn, 0, 0, width, height);
    const jpeg = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
    return new Uint8Array(await jpeg.arrayBuffer());
  } finally {
    drawn.close();
  }
}
