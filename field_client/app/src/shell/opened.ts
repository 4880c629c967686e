// Everything that an open store needs, fetched while the lock is on the screen.

export { learn } from "../schemas/declared.ts";
export { signOut } from "../sync/session.ts";
export { begin, recoverPin, settleIn, signInAgain, takeBack, wipe } from "../work/account.ts";
export { isSent } from "../work/day.ts";
export { openOfficer, orphanJournals } from "./officer.ts";
export { Open } from "./open.tsx";
