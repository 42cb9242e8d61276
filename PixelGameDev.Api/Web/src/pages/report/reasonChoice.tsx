import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { reportWords } from '../../language/reportWords';

/** Lets a person choose why a game is reported. */
export function ReasonChoice({ label, chosen }: { label: string; chosen: Signal<string> }): JSX.Element {
  const { reasons } = reportWords();
  return (
    <fieldset>
      <legend>{label}</legend>
      {Object.entries(reasons).map(([reason, words]) => (
        <label key={reason} class="check">
          <input
            type="radio"
            name="report-reason"
            checked={chosen.value === reason}
            data-testid={`report-${reason}`}
            onChange={() => {
              chosen.value = reason;
            }}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
