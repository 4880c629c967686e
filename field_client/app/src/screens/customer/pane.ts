// The customer beside a list: his script comes behind Today, with the screens on which work is done.

import { lazily } from "../../shell/lazily.tsx";

export const CustomerPane = lazily(async () => (await import("../working.ts")).CustomerPane);
