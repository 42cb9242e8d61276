import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';

interface ChoiceProps {
  legend: string;
  name: string;
  chosen: Signal<boolean>;
  no: string;
  yes: string;
}

/** Draws a choice of two. */
export function Choice({ legend, name, chosen, no, yes }: ChoiceProps): JSX.Element {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {[false, true].map((value) => (
        <label key={String(value)} class="check">
          <input
            type="radio"
            name={name}
            checked={chosen.value === value}
            data-testid={`share-${name}-${value ? 'yes' : 'no'}`}
            onChange={() => {
              chosen.value = value;
            }}
          />
          {value ? yes : no}
        </label>
      ))}
    </fieldset>
  );
}
