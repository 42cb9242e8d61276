import '../../styles/report.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { messageOf } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { language, strings } from '../../language';
import { loadReportWords, reasonOf, reportWords } from '../../language/reportWords';
import { GamePicture } from '../projects/gamePicture';
import { TakenDown } from '../report/takenDown';
import { SheetPart } from '../shell/sheet';
import { type ReportedGame, reportsServer } from './reportsServer';

/** Draws the games that people have reported, for a decision. */
export function ReportsPart(): JSX.Element {
  const settled = useSignal(false);
  const games = useSignal<readonly ReportedGame[] | undefined>(undefined);
  const problem = useSignal('');
  const load = async (which: boolean): Promise<void> => {
    settled.value = which;
    try {
      await loadReportWords();
      const found = await reportsServer.list(which);
      if (settled.value === which) games.value = found;
      problem.value = '';
    } catch (error) {
      problem.value = messageOf(error);
    }
  };
  useEffect(() => void load(false), []);
  if (games.value === undefined) return <p role="alert">{problem.value || strings.files.loading}</p>;
  const words = reportWords().queue;
  return (
    <SheetPart title={words.title} testId="reports">
      <div class="admin-parts">
        {[false, true].map((which) => (
          <button
            key={String(which)}
            type="button"
            class="soft-button"
            aria-pressed={settled.value === which}
            data-testid={which ? 'reports-settled' : 'reports-open'}
            onClick={() => void load(which)}
          >
            {which ? words.settled : words.open}
          </button>
        ))}
      </div>
      <p class="account-refusal" role="alert">
        {problem}
      </p>
      {games.value.length === 0 && <p>{settled.value ? words.noneSettled : words.noneOpen}</p>}
      <ul class="report-games" aria-label={words.title}>
        {games.value.map((game) => (
          <Game key={game.id} game={game} onDone={() => void load(settled.value)} />
        ))}
      </ul>
    </SheetPart>
  );
}

function Game({ game, onDone }: { game: ReportedGame; onDone(): void }): JSX.Element {
  const words = reportWords().queue;
  const { title, maker, code, picture, total, reports, takenDown } = game;
  return (
    <li class="report-game" data-testid={`report:${title}`}>
      <GamePicture address={`/api/play/${code}`} picture={picture} alt={words.picture(title)} />
      <div class="report-facts">
        <h3>{title}</h3>
        <p class="soft">{[words.by(maker), words.reports(total)].join(' · ')}</p>
        <ul class="report-list">
          {reports.map(({ reason, details }, at) => (
            <li key={at}>
              {reasonOf(reason)}
              {details !== '' && <p class="soft">{details}</p>}
            </li>
          ))}
          {total > reports.length && <li class="soft">{words.others(total - reports.length)}</li>}
        </ul>
        {code === null ? (
          <p class="soft">{words.noLink}</p>
        ) : (
          <a class="text-button" href={`/play/${code}`} target="_blank" rel="noopener" aria-label={`${words.look}: ${title}`}>
            {words.look}
          </a>
        )}
        <Remixes game={game} />
        {takenDown !== null && <TakenDown state={takenDown} title={words.isDown(new Date(takenDown.at).toLocaleDateString(language()))} />}
      </div>
      <Decide game={game} onDone={onDone} />
    </li>
  );
}

/** Draws the remixes of a game in the gallery. They stay when it is taken down. An answer of the previous version does not name them. */
function Remixes({ game: { remixCount = 0, remixes = [] } }: { game: ReportedGame }): JSX.Element | null {
  const words = reportWords().queue;
  if (remixCount === 0) return null;
  return (
    <div data-testid="report-remixes">
      <p>{words.remixes(remixCount)}</p>
      <ul class="report-list">
        {remixes.map(({ title, maker, code }) => (
          <li key={code}>
            <a href={`/play/${code}`} target="_blank" rel="noopener">
              {title}
            </a>{' '}
            <span class="soft">{words.by(maker)}</span>
          </li>
        ))}
        {remixCount > remixes.length && <li class="soft">{words.others(remixCount - remixes.length)}</li>}
      </ul>
    </div>
  );
}

/** Draws what staff can decide about a game. */
function Decide({ game, onDone }: { game: ReportedGame; onDone(): void }): JSX.Element {
  const words = reportWords().queue;
  const { reasons } = reportWords();
  const reason = useSignal(game.reports[0]?.reason ?? 'other');
  const note = useSignal('');
  const problem = useSignal('');
  const act = (action: Promise<unknown>, said: string): void => {
    problem.value = '';
    action.then(
      () => {
        toast(said, { kind: 'good', key: 'report' });
        onDone();
      },
      (error: unknown) => {
        problem.value = messageOf(error);
      },
    );
  };
  const { id, title } = game;
  return (
    <div class="report-form report-decide" role="group" aria-label={words.decide(title)}>
      {game.takenDown === null && (
        <label class="report-text">
          <span>{words.reason}</span>
          <select
            value={reason.value}
            data-testid="report-reason"
            onChange={({ currentTarget }) => {
              reason.value = currentTarget.value;
            }}
          >
            {Object.entries(reasons).map(([name, said]) => (
              <option key={name} value={name}>
                {said}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="report-text">
        <span>{words.note}</span>
        <textarea
          rows={2}
          maxLength={500}
          value={note.value}
          data-testid="report-note"
          onInput={({ currentTarget }) => {
            note.value = currentTarget.value;
          }}
        />
      </label>
      <p class="account-refusal" role="alert">
        {problem}
      </p>
      <div class="row">
        {game.open > 0 && (
          <button
            type="button"
            class="soft-button"
            aria-label={`${words.keep}: ${title}`}
            data-testid="report-keep"
            onClick={() => act(reportsServer.keep(id, note.value), words.kept(title))}
          >
            {words.keep}
          </button>
        )}
        {game.takenDown === null ? (
          <button
            type="button"
            class="danger-button"
            aria-label={`${words.takeDown}: ${title}`}
            data-testid="report-take-down"
            onClick={() => act(reportsServer.takeDown(id, reason.value, note.value), words.taken(title))}
          >
            {words.takeDown}
          </button>
        ) : (
          <button
            type="button"
            class="soft-button"
            aria-label={`${words.giveBack}: ${title}`}
            data-testid="report-give-back"
            onClick={() => act(reportsServer.giveBack(id, note.value), words.given(title))}
          >
            {words.giveBack}
          </button>
        )}
      </div>
    </div>
  );
}
