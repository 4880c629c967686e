// How errors of signing in and unlocking are told on the screens.

import type { SigninFault } from "../screens/signin/model.ts";
import { StorageFullError } from "../store/faults.ts";
import { OfflineError, ProblemError } from "../sync/transport.ts";
import { NotRecoveredError, OtherUserError } from "../work/faults.ts";

export function signinFault(error: unknown, username: string): SigninFault {
  if (error instanceof OfflineError) return { why: "offline" };
  if (error instanceof StorageFullError) return { why: "storage" };
  if (error instanceof OtherUserError) return { why: "other_user", name: username };
  if (error instanceof NotRecoveredError) return { why: "code" };
  if (!(error instanceof ProblemError)) return { why: "server" };
  switch (error.code) {
    case "unauthenticated":
      return { why: "password" };
    case "device-locked":
      return { why: "device_locked" };
    case "device-wiped":
      return { why: "wiped" };
    case "not-permitted":
      return { why: "not_field" };
    case "rate-limited":
      return { why: "wait", seconds: error.retryAfterSeconds ?? 60 };
    default:
      return { why: "server" };
  }
}
