import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { Chip } from "./Chip.tsx";
import { type SetState, stateIcon, stateTone } from "./state.ts";
import { WORDS } from "./words.ts";

interface StateChipProps {
  readonly state: SetState;
  /** Needs attention because it was not accepted or was returned, not because there are two versions. */
  readonly refused?: boolean | undefined;
}

/** Where a piece of work stands on its way to the branch. */
export function StateChip({ state, refused = false }: StateChipProps) {
  return (
    <Chip tone={stateTone(state, refused)} icon={stateIcon(state, refused)}>
      {say(useLang(), WORDS, `state.${state}`)}
    </Chip>
  );
}
