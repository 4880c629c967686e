// The gallery: `?state=today&lang=zh&theme=dark`; without a state, the list of all.

import { render } from "preact";
import { useState } from "preact/hooks";
import "../src/styles/index.ts";
import type { Lang } from "../src/i18n/catalogue.ts";
import { ShellFrame, type Theme } from "../src/shell/frame.tsx";
import { STATES as READING } from "./states.tsx";
import { WORK } from "./work/index.tsx";

const STATES = { ...READING, ...WORK };

const asked = new URLSearchParams(location.search);

function Gallery() {
  const [lang, setLang] = useState<Lang>(asked.get("lang") === "zh" ? "zh" : "en");
  const [theme, setTheme] = useState<Theme>(asked.get("theme") === "dark" ? "dark" : "light");
  const state = Object.entries(STATES).find(([name]) => name === asked.get("state"))?.[1];
  return (
    <ShellFrame lang={lang} theme={theme} place="gallery">
      {state ? state({ lang, theme, onLang: setLang, onTheme: setTheme }) : <Index />}
    </ShellFrame>
  );
}

function Index() {
  return (
    <main class="pad">
      <h1>Gallery</h1>
      <ul>
        {Object.keys(STATES).map((it) => (
          <li key={it} class="row wrap">
            <a class="link" href={`?state=${it}`}>
              {it}
            </a>
            <a class="link" href={`?state=${it}&lang=zh`}>
              中文
            </a>
            <a class="link" href={`?state=${it}&theme=dark`}>
              dark
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}

const root = document.getElementById("app");
if (root) render(<Gallery />, root);
