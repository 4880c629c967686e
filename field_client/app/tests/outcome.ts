// What a call from outside came to: a browser hands out values, not errors.

/** Its value, or the name of the fault with whatever the fault says of itself. */
export type Outcome = { readonly value: unknown } | { readonly fault: string };

export async function outcome(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: (await work()) ?? null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ...error, fault: error.name };
  }
}
