import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { json, request } from '../../api/request';
import type { GameFamily, RelatedGame } from '../../api/schema';
import type { SharedGame } from '../../api/types';
import { messageOf } from '../../frame/attempt';
import { openDialog } from '../../frame/dialogs';
import { strings } from '../../language';
import { sharedWords } from '../../language/sharedWords';

/** Shows what a game is a remix of, and its own remixes. */
export function openFamilyDialog(code: string, game: SharedGame): void {
  openDialog({
    title: () => sharedWords().sharedGame.familyOf(game.title),
    testId: 'family-dialog',
    content: () => <Family code={code} game={game} />,
  });
}

function Family({ code, game }: { code: string; game: SharedGame }): JSX.Element {
  const words = sharedWords().sharedGame;
  const family = useSignal<GameFamily | undefined>(undefined);
  const problem = useSignal('');
  useEffect(() => {
    json<GameFamily>(request('GET', `/api/play/${encodeURIComponent(code)}/family`)).then(
      (found) => {
        family.value = found;
      },
      (error: unknown) => {
        problem.value = messageOf(error);
      },
    );
  }, []);
  if (family.value === undefined) return <p role="alert">{problem.value || strings.files.loading}</p>;
  const { ancestors, remixes } = family.value;
  return (
    <ol class="family">
      {ancestors.map((one, step) => (
        <li key={step} style={{ '--step': step }}>
          <Related game={one} />
        </li>
      ))}
      <li class="family-this" style={{ '--step': ancestors.length }} aria-current="page">
        {game.title} <span class="soft">{words.by(game.maker)}</span>
      </li>
      {remixes.map((one) => (
        <li key={one.code} style={{ '--step': ancestors.length + 1 }}>
          <Related game={one} />
        </li>
      ))}
      {remixes.length === 0 && (
        <li class="soft" style={{ '--step': ancestors.length + 1 }}>
          {words.noRemixes}
        </li>
      )}
    </ol>
  );
}

function Related({ game: { title, maker, code, gone } }: { game: RelatedGame }): JSX.Element {
  const words = sharedWords().sharedGame;
  return (
    <>
      {code === null ? title : <a href={`/play/${code}`}>{title}</a>} <span class="soft">{words.by(maker)}</span>
      {gone === true && <span class="soft"> {words.isGone}</span>}
    </>
  );
}
