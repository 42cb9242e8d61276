import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { openDialog } from '../../../frame/dialogs';
import { strings } from '../../../language';
import { decode, type Encoding, encodings } from '../project/encodings';

/** Most shown lines of a text, those with other letters than A to Z first. */
const maxLines = 6;

/** Asks which encoding a text file has, and shows how it reads then. Closing the dialog is an answer, too: the file is not added. */
export function askEncoding(path: string, content: ArrayBuffer, guess: Encoding): Promise<Encoding | undefined> {
  return new Promise((resolve) => {
    let answer: Encoding | undefined;
    openDialog({
      title: () => strings.encoding.title,
      testId: 'encoding-dialog',
      content: (close) => (
        <Choice
          path={path}
          content={content}
          guess={guess}
          onAnswer={(encoding) => {
            answer = encoding;
            close();
          }}
        />
      ),
      onClose: () => resolve(answer),
    });
  });
}

interface ChoiceProps {
  path: string;
  content: ArrayBuffer;
  guess: Encoding;
  onAnswer(encoding: Encoding | undefined): void;
}

function Choice({ path, content, guess, onAnswer }: ChoiceProps): JSX.Element {
  const words = strings.encoding;
  const [encoding, choose] = useState<Encoding>(guess);
  return (
    <>
      <p>{words.ask(path)}</p>
      <label>
        {words.label}{' '}
        <select value={encoding} data-testid="encoding-choice" onChange={({ currentTarget }) => choose(currentTarget.value as Encoding)}>
          {encodings.map((name) => (
            <option key={name} value={name}>
              {words.names[name]}
            </option>
          ))}
        </select>
      </label>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard, too. */}
      <pre role="group" aria-label={words.preview} tabIndex={0} data-testid="encoding-preview">
        {preview(decode(content, encoding))}
      </pre>
      <div class="choices">
        <button type="button" class="soft-button" autofocus data-testid="encoding-convert" onClick={() => onAnswer(encoding)}>
          {words.convert}
        </button>
        <button type="button" class="soft-button" data-testid="encoding-cancel" onClick={() => onAnswer(undefined)}>
          {words.cancel}
        </button>
      </div>
    </>
  );
}

function preview(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd().slice(0, 120));
  const special = lines.filter((line) => /[^\0-\x7f]/.test(line));
  return (special.length > 0 ? special : lines).slice(0, maxLines).join('\n');
}
