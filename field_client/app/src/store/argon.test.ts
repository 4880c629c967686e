import { expect, it } from "vitest";
import { stretch } from "./argon.ts";

it("stretches a PIN as the reference program does", async () => {
  const stretched = await stretch(
    "135790",
    Uint8Array.from({ length: 16 }, (_, at) => at),
  );

  // argon2-cffi: Argon2id, 19 MiB, two passes, one lane
  expect(Buffer.from(stretched).toString("hex")).toBe(
    "d0eaa10c6771d12e10e60a203dbb87d749b780722a66082bde635a3b555eeb67",
  );
});
