// What stands in an input while somebody types: the text itself, as long as it still means the value.

import { useState } from "preact/hooks";
import type { Json } from "../../schemas/declare.ts";

export interface Typed {
  readonly text: string;
  readonly type: (text: string) => void;
  /** The typing is over: the text is written in its usual form. */
  readonly end: () => void;
}

/**
 * Holds what is typed into an input whose value is not the text itself: `4600` stays `4600` while it is
 * typed and becomes `4,600.00` when the input is left. A value that changes from outside wins.
 */
export function useTyped(
  value: Json,
  read: (text: string) => Json,
  write: (value: Json) => string,
  onChange: (value: Json) => void,
): Typed {
  const [typed, setTyped] = useState<string | null>(null);
  const isCurrent = typed !== null && read(typed) === value;
  return {
    text: isCurrent ? typed : write(value),
    type: (text) => {
      setTyped(text);
      onChange(read(text));
    },
    end: () => setTyped(null),
  };
}
