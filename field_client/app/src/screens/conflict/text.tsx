// Two texts joined for reading, block by block with its author; both originals a tap away.

import { Icon } from "../../components/Icon.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Author, JoinedText, TextBlock } from "./model.ts";
import { WORDS } from "./words.ts";

export function TextView({ text }: { readonly text: JoinedText }) {
  const lang = useLang();
  return (
    <>
      <h3 class="small muted">{say(lang, WORDS, "text.joined")}</h3>
      <div class="merged">
        {text.blocks.map((it, at) => (
          // A block has no name of its own, and the blocks of a card do not change their order.
          <p key={at} class={blockClass(it)}>
            {it.author === null ? null : <span class="who">{whoAt(it.author, lang)}</span>}
            {it.text}
          </p>
        ))}
      </div>
      <details class="fold plain">
        <summary class="row">
          <Icon name="history" size="s" />
          <span>{say(lang, WORDS, "text.originals")}</span>
        </summary>
        {text.originals.map(({ author, text: original }, at) => (
          <div class="original" key={at}>
            <p class="small strong">
              {author === null ? say(lang, WORDS, "text.original_before") : whoAt(author, lang)}
            </p>
            <p class="own-words">{original || say(lang, WORDS, "card.not_set")}</p>
          </div>
        ))}
      </details>
    </>
  );
}

function blockClass(block: TextBlock): string | undefined {
  if (block.author === null) return undefined;
  return block.author.mine ? "mine" : "their";
}

function whoAt(author: Author, lang: Lang): string {
  const when = author.when ?? "";
  const words = author.mine
    ? say(lang, WORDS, "text.you_at", { when })
    : say(lang, WORDS, "text.who_at", { who: author.who ?? say(lang, WORDS, "card.newer"), when });
  return words.replace(/ · $/, "");
}
