import type { JSX } from 'preact';
import type { ResetPasswordAnswer } from '../../api/schema';
import { openDialog } from '../../frame/dialogs';
import { language, strings } from '../../language';
import { adminWords } from '../../language/adminWords';

/** Shows the card with a one-time password, to print. The password cannot be shown again. */
export function openPasswordCard(answer: ResetPasswordAnswer, onClose: () => void): void {
  openDialog({
    title: () => adminWords().card.title,
    testId: 'password-card',
    content: (close) => <PasswordCard answer={answer} close={close} />,
    onClose,
  });
}

function PasswordCard({ answer, close }: { answer: ResetPasswordAnswer; close(): void }): JSX.Element {
  const words = adminWords().card;
  const until = new Date(answer.until).toLocaleDateString(language(), { day: 'numeric', month: 'long', year: 'numeric' });
  return (
    <>
      <p class="soft not-printed">{words.once}</p>
      <div class="password-card">
        <strong>{strings.title}</strong>
        <dl>
          <dt>{words.where}</dt>
          <dd>{location.origin}</dd>
          <dt>{words.name}</dt>
          <dd data-testid="card-name">{answer.name}</dd>
          <dt>{words.password}</dt>
          <dd class="admin-code" data-testid="card-password">
            {answer.password}
          </dd>
        </dl>
        <p>{words.how}</p>
        <p>{words.until(until)}</p>
      </div>
      <div class="row not-printed">
        <button type="button" class="run-button" autofocus onClick={() => print()}>
          {words.print}
        </button>
        <button type="button" class="soft-button" data-testid="card-done" onClick={close}>
          {words.done}
        </button>
      </div>
    </>
  );
}
