// The language that the user has chosen, for every component below the shell.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Lang } from "./catalogue.ts";

export const LangContext = createContext<Lang>("zh");

export function useLang(): Lang {
  return useContext(LangContext);
}
