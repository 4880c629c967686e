import type { Lang } from "../i18n/catalogue.ts";
import { useLang } from "../i18n/context.ts";

/** Each language names the other in the other's own words; so these are in no catalogue. */
const OTHER = {
  en: { lang: "zh", tag: "zh-CN", sign: "中文", words: "切换到中文" },
  zh: { lang: "en", tag: "en", sign: "EN", words: "Switch to English" },
} as const;

/** To the other language, from every screen. */
export function LangSwitch({ onLang }: { readonly onLang: (lang: Lang) => void }) {
  const other = OTHER[useLang()];
  return (
    <button
      type="button"
      class="lang"
      lang={other.tag}
      title={other.words}
      onClick={() => onLang(other.lang)}
    >
      {other.sign}
    </button>
  );
}
