import { strings } from '../../language';
import { openDialog } from '../dialogs';

/** Lists the keys that the page knows. */
export function openKeysDialog(): void {
  openDialog({
    title: () => strings.keys.title,
    testId: 'keys-dialog',
    content: () => (
      <dl class="keys">
        {strings.keys.list.map(([keys, what]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
    ),
  });
}
