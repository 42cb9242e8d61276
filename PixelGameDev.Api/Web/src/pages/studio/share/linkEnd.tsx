import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { moreWords } from '../../../language/moreWords';

interface LinkEndProps {
  /** Days until the link ends; undefined: the first option. */
  days: Signal<number | undefined>;
  /** Name of the first option. */
  first: string;
  /** Value of the option “never”; undefined: there is none. */
  never?: number;
  testId: string;
}

/** Lets a person choose when a link ends. */
export function LinkEnd({ days, first, never, testId }: LinkEndProps): JSX.Element {
  const words = moreWords().share;
  return (
    <label class="share-end">
      <span>{words.end}</span>
      <select
        data-testid={testId}
        value={days.value ?? ''}
        onChange={({ currentTarget }) => {
          days.value = currentTarget.value === '' ? undefined : Number(currentTarget.value);
        }}
      >
        <option value="">{first}</option>
        {never !== undefined && <option value={never}>{words.never}</option>}
        {[1, 7, 30, 365].map((end) => (
          <option key={end} value={end}>
            {words.afterDays(end)}
          </option>
        ))}
      </select>
    </label>
  );
}
