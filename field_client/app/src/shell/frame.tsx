// What surrounds every screen and is no part of any: the language of the page, the theme, and where
// the eye and the screen reader start after a step to another screen.
//
// Around it all stands a form that is never sent. What stands in inputs a browser writes to the disk, in
// the clear, to put it back after a crash; what stands in a form that is not to be completed it does not.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Lang } from "../i18n/catalogue.ts";
import { LangContext } from "../i18n/context.ts";

export type Theme = "light" | "dark";

interface ShellFrameProps {
  readonly lang: Lang;
  readonly theme: Theme;
  /** Changes with each step to another screen: the address without what only filters it. */
  readonly place: string;
  readonly children: ComponentChildren;
}

const TAGS = { en: "en", zh: "zh-CN" } as const;
const BARS = { light: "#0b5d46", dark: "#1a231f" } as const;

export function ShellFrame({ lang, theme, place, children }: ShellFrameProps) {
  const first = useRef(true);

  useLayoutEffect(() => {
    document.documentElement.lang = TAGS[lang];
    document.documentElement.dataset.theme = theme;
    document
      .querySelector<HTMLMetaElement>('meta[name="theme-color"]')
      ?.setAttribute("content", BARS[theme]);
  }, [lang, theme]);

  useEffect(() => {
    // at the start the page itself is announced; afterwards the new title is
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo(0, 0);
    document.querySelector("main")?.scrollTo(0, 0);
    document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }, [place]);

  return (
    <LangContext.Provider value={lang}>
      <form class="whole" autocomplete="off" onSubmit={(event) => event.preventDefault()}>
        {children}
      </form>
    </LangContext.Provider>
  );
}
