import type { JSX } from 'preact';
import { strings } from '../language';
import { Mascot } from './mascot';
import { MissingPartBar } from './missingPart';
import { personChanged } from './person';

/** Says that the browser's account is no longer the one that the page was made for: the page can neither save nor play. */
export function PageBar(): JSX.Element | null {
  if (!personChanged.value) return <MissingPartBar />;
  return (
    <div class="page-bar" role="alert" data-testid="signed-out">
      <Mascot mood="oops" />
      <span>{strings.account.changedElsewhere}</span>
      <button type="button" class="soft-button" onClick={() => location.reload()}>
        {strings.account.loadAgain}
      </button>
    </div>
  );
}
