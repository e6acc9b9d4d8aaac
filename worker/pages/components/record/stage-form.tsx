import { STAGES, type Stage } from '../../../../schema/vocabulary.ts';
import { dayKey } from '../../format.ts';
import { LabelledField, TextField } from '../../log/contact-fields.tsx';
import { stageTitle } from '../../stage-words.ts';

const DAY_MS = 24 * 3600 * 1000;
export const MAX_REASON = 500;

type FormProps = { readonly id: string; readonly stage: Stage; readonly isByHand: boolean; readonly now: number };

/** Setting the stage by hand, and giving it back to the rules. */
export function StageForm({ id, stage, isByHand, now }: FormProps) {
  return (
    <>
      {isByHand && (
        <form method="post" action={`/customers/${id}/stage`}>
          <button type="submit" class="small" name="do" value="release">
            Give it back to the rules
          </button>
        </form>
      )}
      <details class="more">
        <summary>{isByHand ? 'Set it anew' : 'Set it by hand'}</summary>
        <form method="post" action={`/customers/${id}/stage`} class="stack">
          <LabelledField id="stage-set" label="Stage">
            <select id="stage-set" name="stage">
              {STAGES.map((one) => (
                <option key={one} value={one} selected={one === stage}>
                  {stageTitle(one)}
                </option>
              ))}
            </select>
          </LabelledField>
          <LabelledField
            id="stage-until"
            label="Last day"
            hint="Afterwards the rules say it again. Empty: until you take it back."
          >
            <input
              id="stage-until"
              name="until"
              type="date"
              min={dayKey(now)}
              max={dayKey(now + 3650 * DAY_MS)}
              aria-describedby="stage-until-hint"
            />
          </LabelledField>
          <TextField id="stage-reason" name="reason" label="Why" value="" maxLength={MAX_REASON} required />
          <button type="submit" name="do" value="set">
            Set the stage
          </button>
        </form>
      </details>
    </>
  );
}
