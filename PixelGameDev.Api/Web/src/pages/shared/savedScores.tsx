import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { attempt } from '../../frame/attempt';
import { openDialog } from '../../frame/dialogs';
import { AskRemove } from '../../frame/dialogs/askRemove';
import { useLoaded } from '../../frame/dialogs/loaded';
import { sharedWords } from '../../language/sharedWords';
import type { SharedLink } from './sharedLink';

/** When to ask again, milliseconds: the last files of a game reach the database a second or two after its end. */
const askAgain = [2000, 6000];

/** Lets the player delete what the game has saved for them. Draws nothing if it has saved nothing. */
export function SavedScores({ link }: { link: SharedLink }): JSX.Element | null {
  const words = sharedWords().sharedGame.saved;
  const [saved, load] = useLoaded(() => link.saved());
  useEffect(() => {
    const timers = askAgain.map((after) => setTimeout(load, after));
    return () => timers.forEach(clearTimeout);
  }, []);
  if (saved.value.state !== 'there' || saved.value.value.files.length === 0) return null;
  const ask = (): void =>
    openDialog({
      title: () => words.title,
      testId: 'forget-saved',
      content: (close) => (
        <AskRemove
          question={words.ask}
          keep={words.keep}
          remove={words.remove}
          onKeep={close}
          onRemove={() => void attempt(link.forgetSaved().then(load)).then(close)}
        />
      ),
    });
  return (
    <button type="button" class="text-button" data-testid="saved-scores" onClick={ask}>
      {words.title}
    </button>
  );
}
