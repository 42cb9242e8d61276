import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Link } from '../../../api/types';
import { moreWords } from '../../../language/moreWords';
import { Choice } from './choice';
import { LinkEnd } from './linkEnd';
import type { LinkChange } from './shareServer';

/** Lets the owner change what a link shows and when it ends. Its address stays. */
export function ChangeLink({ link, onChange }: { link: Link; onChange(change: LinkChange): void }): JSX.Element {
  const words = moreWords().share;
  const withCode = useSignal(link.withCode);
  const pinned = useSignal<boolean | undefined>(undefined);
  const days = useSignal<number | undefined>(undefined);
  return (
    <form
      class="share-form"
      data-testid="share-change-form"
      onSubmit={(event) => {
        event.preventDefault();
        // What nobody touched stays as it is, also if another window has changed it meanwhile.
        const code = withCode.value === link.withCode ? undefined : withCode.value;
        onChange({ withCode: code, pinned: pinned.value, days: days.value });
      }}
    >
      <Choice legend={words.what} name={`code-${link.code}`} chosen={withCode} no={words.playOnly} yes={words.withCode} />
      <label class="share-end">
        <span>{words.version}</span>
        <select
          data-testid="share-change-version"
          value={pinned.value === undefined ? '' : String(pinned.value)}
          onChange={({ currentTarget }) => {
            pinned.value = currentTarget.value === '' ? undefined : currentTarget.value === 'true';
          }}
        >
          <option value="">{words.unchanged}</option>
          <option value="false">{words.newest}</option>
          <option value="true">{words.thisVersion}</option>
        </select>
      </label>
      <LinkEnd days={days} first={words.unchanged} never={0} testId="share-change-end" />
      <button type="submit" class="run-button" data-testid="share-change-send">
        {words.change}
      </button>
    </form>
  );
}
