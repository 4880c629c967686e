// A screen whose script comes later than the page's.

import type { ComponentType } from "preact";
import { useEffect, useReducer } from "preact/hooks";

/** Show nothing until a component's script is there; where the link broke, try again now and then. */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let known: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const [, draw] = useReducer((count: number) => count + 1, 0);
    useEffect(() => {
      if (known !== null) return;
      let timer: ReturnType<typeof setTimeout>;
      const fetch = () => {
        load().then(
          (found) => {
            known = found;
            draw(undefined);
          },
          () => {
            timer = setTimeout(fetch, AGAIN_MS);
          },
        );
      };
      fetch();
      return () => clearTimeout(timer);
    }, []);
    const Known = known;
    return Known === null ? null : <Known {...props} />;
  };
}

const AGAIN_MS = 2_000;
