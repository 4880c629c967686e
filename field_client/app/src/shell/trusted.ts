// The one Trusted Types policy: a script that the app starts is a script of the app.

interface Policy {
  /** Gives a TrustedScriptURL, which the types of the DOM take for a string. */
  createScriptURL(url: string): string;
}

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: Policies };
const policy: Policy = trustedTypes?.createPolicy("xiangxin", { createScriptURL: own }) ?? {
  createScriptURL: own,
};

/** Vouch for the address of a worker; one of another origin is refused. */
export function trustedScriptUrl(url: string): string {
  return policy.createScriptURL(url);
}

function own(url: string): string {
  if (new URL(url, location.href).origin !== location.origin) {
    throw new TypeError(`not a script of this app: ${url}`);
  }
  return url;
}
