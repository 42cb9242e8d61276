import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { openDialog } from '../../../frame/dialogs';
import { strings } from '../../../language';
import type { ExistingAnswer, ExistingChoice } from '../project/uploads';

/** Asks what happens to a new file whose name is taken. Closing the dialog is an answer, too: the file is not added. */
export function askExisting(path: string, freeName: string, others: number): Promise<ExistingAnswer> {
  return new Promise((resolve) => {
    let answer: ExistingAnswer = { choice: 'cancel', forAll: false };
    openDialog({
      title: () => strings.existing.title,
      testId: 'existing-dialog',
      content: (close) => (
        <Choices
          path={path}
          freeName={freeName}
          others={others}
          onAnswer={(given) => {
            answer = given;
            close();
          }}
        />
      ),
      onClose: () => resolve(answer),
    });
  });
}

interface ChoicesProps {
  path: string;
  freeName: string;
  others: number;
  onAnswer(answer: ExistingAnswer): void;
}

function Choices({ path, freeName, others, onAnswer }: ChoicesProps): JSX.Element {
  const words = strings.existing;
  const forAll = useRef<HTMLInputElement>(null);
  const choose = (choice: ExistingChoice, label: string): JSX.Element => (
    <button
      type="button"
      class="soft-button"
      autofocus={choice === 'both'}
      data-testid={`existing-${choice}`}
      onClick={() => onAnswer({ choice, forAll: forAll.current?.checked ?? false })}
    >
      {label}
    </button>
  );
  return (
    <>
      <p>{words.ask(path)}</p>
      {others > 0 && (
        <label class="check">
          <input type="checkbox" data-testid="existing-all" ref={forAll} />
          <span>{words.forAll(others)}</span>
        </label>
      )}
      <div class="choices">
        {choose('both', words.both(freeName))}
        {choose('replace', words.replace)}
        {choose('cancel', words.cancel)}
      </div>
    </>
  );
}
