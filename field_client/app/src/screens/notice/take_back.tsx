import { useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Frame, type FrameContext } from "../../components/Frame.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { LineInput } from "../signin/LineInput.tsx";
import { WORDS } from "./words.ts";

interface TakeBackProps {
  readonly frame: FrameContext;
  readonly onTakeBack: (code: string) => Promise<number>;
}

/** Work in a sealed journal whose store is gone, and the code that opens it. */
export function TakeBackView({ frame, onTakeBack }: TakeBackProps) {
  const lang = useLang();
  const [code, setCode] = useState("");
  const [stage, setStage] = useState<"asking" | "busy" | "fault" | number>("asking");
  const take = () => {
    setStage("busy");
    onTakeBack(code).then(setStage, () => setStage("fault"));
  };
  return (
    <Frame context={frame} title={say(lang, WORDS, "orphan.title")} back="#/settings" nav={null}>
      <div class="pad form-col">
        {typeof stage === "number" ? (
          <Banner
            tone="ok"
            icon="tick"
            title={say(lang, WORDS, "orphan.done", { n: stage })}
            role="status"
          />
        ) : (
          <>
            <p>{say(lang, WORDS, "orphan.what")}</p>
            {stage === "fault" ? (
              <Banner
                tone="warn"
                icon="about"
                title={say(lang, WORDS, "orphan.fault")}
                role="alert"
              />
            ) : null}
            <LineInput
              id="take-back-code"
              label={say(lang, WORDS, "orphan.code")}
              value={code}
              onChange={setCode}
              autoComplete="one-time-code"
            />
            <button
              type="button"
              class="btn main"
              disabled={code.trim() === "" || stage === "busy"}
              onClick={take}
            >
              {say(lang, WORDS, stage === "busy" ? "orphan.busy" : "orphan.do")}
            </button>
          </>
        )}
      </div>
    </Frame>
  );
}
