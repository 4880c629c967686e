// A stock tus client sends a file: `node stock_tus.mjs ENDPOINT TOKEN ATTACHMENT FILE CHUNK`.
// It prints the address of its upload and ends with 0 when all has come.
import { createReadStream, statSync } from "node:fs";
import { Upload } from "tus-js-client";

const [endpoint, token, attachment, file, chunk] = process.argv.slice(2);
const upload = new Upload(createReadStream(file), {
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { attachment, filename: "../照片.jpg", filetype: "image/jpeg" },
  uploadSize: statSync(file).size,
  chunkSize: Number(chunk),
  retryDelays: Array(200).fill(20),
  onError(error) {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  },
  onSuccess() {
    process.stdout.write(`${upload.url}\n`);
    process.exit(0);
  },
});
upload.start();
