import { Frame } from "../../components/Frame.tsx";
import { called } from "../../components/names.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { FinishedBody, NextLink } from "./finished.tsx";
import { VisitBody } from "./form.tsx";
import type { VisitForm, VisitProps } from "./model.ts";
import { WORDS } from "./words.ts";

/** A visit: the form while it is under way, and what became of it. */
export function VisitView(props: VisitProps) {
  const lang = useLang();
  const { stage, customer, about } = props;
  const who = called(customer, lang);
  const isForm = stage.stage === "form";
  return (
    <Frame
      context={props.frame}
      title={isForm ? props.title : say(lang, WORDS, "finished.title")}
      sub={about === null ? who : `${who} · ${about}`}
      back={props.back}
      nav={null}
      actions={isForm ? <Actions form={stage} /> : <NextLink finished={stage} />}
    >
      <div class="pad form-col">
        {isForm ? <VisitBody form={stage} /> : <FinishedBody finished={stage} />}
      </div>
    </Frame>
  );
}

function Actions({ form }: { readonly form: VisitForm }) {
  const lang = useLang();
  return (
    <>
      <button type="button" class="btn" onClick={form.onLater}>
        {say(lang, WORDS, "visit.later")}
      </button>
      <button type="button" class="btn main" disabled={form.finishing} onClick={form.onFinish}>
        {say(lang, WORDS, form.finishing ? "visit.finishing" : "visit.finish")}
      </button>
    </>
  );
}
