import type { JSX } from 'preact';
import { adminApi } from '../../api/adminApi';
import { attempt } from '../../frame/attempt';
import { useLoaded } from '../../frame/dialogs/loaded';
import { toast } from '../../frame/toasts';
import { adminWords } from '../../language/adminWords';
import { formatAgo, formatSize } from '../../language/format';
import { SheetPart } from '../shell/sheet';

/** Draws the games that run now, to stop one. */
export function RunningPart(): JSX.Element {
  const words = adminWords().running;
  const [games, ask] = useLoaded(adminApi.running);
  const stop = async (id: string): Promise<void> => {
    await adminApi.stop(id);
    toast(words.stopped, { kind: 'good' });
    ask();
  };
  return (
    <SheetPart title={adminWords().admin.running} testId="running">
      {games.value.state === 'failed' && <p role="alert">{games.value.message}</p>}
      {games.value.state === 'there' && games.value.value.length === 0 && <p>{words.none}</p>}
      {games.value.state === 'there' && games.value.value.length > 0 && (
        <table class="admin-table">
          <thead>
            <tr>
              <th>{words.person}</th>
              <th>{words.state}</th>
              <th>{words.since}</th>
              <th class="number">{words.viewers}</th>
              <th class="number">{words.sent}</th>
              <th>{words.stop}</th>
            </tr>
          </thead>
          <tbody>
            {games.value.value.map((game) => (
              <tr key={game.id} data-testid="running-game">
                <td data-label={words.person}>{game.accountName}</td>
                <td data-label={words.state}>{words.states[game.state as keyof typeof words.states] ?? game.state}</td>
                <td data-label={words.since}>{formatAgo(game.createdAt)}</td>
                <td class="number" data-label={words.viewers}>
                  {game.peakViewers}
                </td>
                <td class="number" data-label={words.sent}>
                  {formatSize(game.bytes)}
                </td>
                <td data-label={words.stop}>
                  <button
                    type="button"
                    class="soft-button"
                    aria-label={words.stopNamed(game.accountName)}
                    onClick={() => void attempt(stop(game.id))}
                  >
                    {words.stop}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <button type="button" class="soft-button" onClick={ask}>
        {words.again}
      </button>
    </SheetPart>
  );
}
