import type { JSX } from 'preact';
import type { RefusedFile } from '../../../api/apiError';
import { openDialog } from '../../../frame/dialogs';
import { strings } from '../../../language';

/** Most shown files of a report. */
const maxShown = 50;

/** Tells which files of an upload cannot be added and why, and asks whether the others are wanted. Closing the dialog adds nothing. */
export function askOthers(refused: readonly RefusedFile[], others: number): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    openDialog({
      title: () => strings.refused.title(refused.length),
      testId: 'refused-dialog',
      content: (close) => (
        <Report
          refused={refused}
          others={others}
          onAnswer={(wanted) => {
            answer = wanted;
            close();
          }}
        />
      ),
      onClose: () => resolve(answer),
    });
  });
}

interface ReportProps {
  refused: readonly RefusedFile[];
  others: number;
  onAnswer(wanted: boolean): void;
}

function Report({ refused, others, onAnswer }: ReportProps): JSX.Element {
  const words = strings.refused;
  return (
    <>
      <p>{words.nothing}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard, too. */}
      <ul class="refused-files" tabIndex={0}>
        {refused.slice(0, maxShown).map(({ path, message }) => (
          <li key={path}>
            <strong>{path}</strong> {message}
          </li>
        ))}
      </ul>
      {refused.length > maxShown && <p>{words.more(refused.length - maxShown)}</p>}
      <div class="choices">
        {others > 0 && (
          <button type="button" class="soft-button" data-testid="refused-others" onClick={() => onAnswer(true)}>
            {words.others(others)}
          </button>
        )}
        <button type="button" class="soft-button" autofocus data-testid="refused-none" onClick={() => onAnswer(false)}>
          {words.none}
        </button>
      </div>
    </>
  );
}
