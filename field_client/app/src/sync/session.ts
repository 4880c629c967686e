// Signing in, and the tokens afterwards (protocol.md, section 10).
//
// A refresh token is stored before it is used, so that a reply lost on a bad network logs nobody out.

import type { User } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import { ProblemError, type Transport } from "./transport.ts";

const LOGIN = "/api/v1/auth/login";
const REFRESH = "/api/v1/auth/refresh";
const LOGOUT = "/api/v1/auth/logout";

/** The sign-in has ended: the user gives the password again. Unsent work stays. */
export class SignInAgainError extends Error {
  override readonly name = "SignInAgainError";
}

/** What a sign-in gives. */
export interface SignedIn {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user: User;
  /** `held`: the ids of its sets that the server holds. */
  readonly device: {
    readonly id: string;
    readonly known_through: number;
    readonly held?: readonly string[];
  };
  readonly epoch: string;
  readonly seal_key: string;
}

export async function askSignIn(
  transport: Transport,
  username: string,
  password: string,
  device: { readonly id: string; readonly name: string; readonly public_key?: string | null },
): Promise<SignedIn> {
  const wish = { username, password, device: { public_key: null, ...device } };
  return (await transport.post(LOGIN, wish)) as SignedIn;
}

/** Send a body as the signed-in user, renewing the access token where it has run out. */
export function post(
  store: Store,
  transport: Transport,
  path: string,
  body: unknown,
): Promise<unknown> {
  return signed(store, transport, (bearer) => transport.post(path, body, bearer));
}

/** Ask something as the signed-in user, in the same way. */
export async function signed<T>(
  store: Store,
  transport: Transport,
  ask: (bearer: string | null) => Promise<T>,
): Promise<T> {
  const { access_token, refresh_token } = store.meta;
  if (refresh_token === null) throw new SignInAgainError();
  if (access_token !== null) {
    try {
      return await ask(access_token);
    } catch (error) {
      if (!isSignInOver(error)) throw error; // keys may have been changed by force: refresh decides
    }
  }
  await renew(store, transport, refresh_token);
  try {
    return await ask(store.meta.access_token);
  } catch (error) {
    throw isSignInOver(error) ? new SignInAgainError() : error;
  }
}

async function renew(store: Store, transport: Transport, token: string): Promise<void> {
  let given: SignedIn;
  try {
    given = (await transport.post(REFRESH, { refresh_token: token })) as SignedIn;
  } catch (error) {
    if (!isSignInOver(error)) throw error;
    await store.exclusive(() => store.commit({ meta: noTokens }));
    throw new SignInAgainError();
  }
  const { access_token, refresh_token } = given;
  await store.exclusive(() => store.commit({ meta: { access_token, refresh_token } }));
}

export const noTokens = { access_token: null, refresh_token: null } as const;

function isSignInOver(error: unknown): boolean {
  return (
    error instanceof ProblemError &&
    (error.code === "token-expired" || error.code === "unauthenticated")
  );
}

/** End the sign-in; everything on the device stays, unsent work first of all. */
export async function signOut(store: Store, transport: Transport): Promise<void> {
  const token = store.meta.refresh_token;
  await store.exclusive(() => store.commit({ meta: noTokens }));
  if (token !== null) await transport.post(LOGOUT, { refresh_token: token });
}
