import { effect, type ReadonlySignal } from '@preact/signals';
import { person, signUpMode } from '../../frame/person';
import { remembered } from '../../frame/remembered';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import { loadPeopleWords, peopleWords } from '../../language/peopleWords';

/** Time after the first change until a guest is told, milliseconds: there is something to lose then. */
const delay = 180_000;

/** Time that the message stays, milliseconds. */
const shownFor = 60_000;

/** Tells a guest once for each browser, some minutes after the first change, that its games are kept in this browser only. */
export function tellGuestLater(isSaved: ReadonlySignal<boolean>, openAccount: (action: 'signUp' | 'signIn') => void): void {
  let changed = false;
  const end = effect(() => {
    if (isSaved.value || changed) return;
    changed = true;
    setTimeout(() => void tell(openAccount), delay);
  });
  addEventListener('pagehide', end, { once: true });
}

async function tell(openAccount: (action: 'signUp' | 'signIn') => void): Promise<void> {
  if (person.value?.guest !== true || remembered.get('guestTold') !== null) return;
  await loadPeopleWords();
  remembered.set('guestTold', '1');
  const words = peopleWords().guestNote;
  const action =
    signUpMode.value === 'open'
      ? { label: words.action, run: () => openAccount('signUp') }
      : { label: strings.account.signIn.entry, run: () => openAccount('signIn') };
  toast(words.text, { key: 'guest', time: shownFor, action });
}
