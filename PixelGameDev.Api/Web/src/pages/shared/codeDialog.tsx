import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SharedFiles, SharedGame } from '../../api/types';
import { messageOf } from '../../frame/attempt';
import { openDialog } from '../../frame/dialogs';
import { sharedWords } from '../../language/sharedWords';
import type { SharedLink } from './sharedLink';

/** Shows the code of a shared game. Nobody can change it here. */
export async function openCodeDialog(link: SharedLink, game: SharedGame): Promise<void> {
  const files = await link.files();
  openDialog({
    title: () => sharedWords().sharedGame.codeOf(game.title),
    testId: 'code-dialog',
    content: () => <Code link={link} files={files} />,
  });
}

function Code({ link, files }: { link: SharedLink; files: SharedFiles }): JSX.Element {
  const words = sharedWords().sharedGame;
  const open = useSignal(files.entry);
  const text = useSignal('');
  useEffect(() => {
    const path = open.value;
    const show = (shown: string): void => {
      if (open.value === path) text.value = shown;
    };
    if (files.files.some((file) => file.path === path && file.binary)) show(words.noText);
    else link.readFile(path).then(show, (error: unknown) => show(messageOf(error)));
  }, [open.value]);
  return (
    <>
      <p class="soft">{words.codeHint}</p>
      <div class="shared-files">
        {files.files.map(({ path }) => (
          <button
            key={path}
            type="button"
            class="soft-button"
            aria-pressed={path === open.value}
            onClick={() => {
              open.value = path;
            }}
          >
            {path}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard. */}
      <pre class="shared-code" role="region" tabIndex={0} aria-label={open.value} data-testid="shared-code">
        {text.value}
      </pre>
    </>
  );
}
