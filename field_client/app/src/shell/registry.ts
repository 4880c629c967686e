// The record types that this app knows: those of Today at once, the others when they are needed.

import { laterTypes, SCHEMA, TYPES } from "../schemas/declared.ts";
import { Registry } from "../schemas/registry.ts";

export const REGISTRY = new Registry(TYPES, SCHEMA);

/** Let the registry know every type, also those that come behind Today. Throws where they cannot be had. */
export async function everyType(): Promise<void> {
  REGISTRY.add(await laterTypes());
}
