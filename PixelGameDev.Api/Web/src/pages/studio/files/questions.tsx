import type { ComponentChildren, JSX } from 'preact';
import { Icon } from '../../../frame/icons';
import { strings } from '../../../language';
import type { DraftOffer } from '../project/draftDesk';
import { differingLines } from '../project/textDifference';
import type { Workspace } from '../workspace';

/** Most shown lines of each text; more would push the code off the screen. */
const maxLines = 6;
/** Most shown characters of a draft, enough to recognise it. */
const maxShown = 2000;

/** Shows questions about texts below the editor, so that the person can go on typing. */
export function Questions({ workspace }: { workspace: Workspace }): JSX.Element {
  return (
    <div class="questions">
      <ConflictQuestion workspace={workspace} />
      <DraftQuestion workspace={workspace} />
    </div>
  );
}

/** Asks which of two windows' texts to keep, one file after the other. */
function ConflictQuestion({ workspace }: { workspace: Workspace }): JSX.Element | null {
  const [conflict] = workspace.conflicts.all.value;
  const words = strings.conflict;
  if (conflict === undefined) return null;
  const differing = differingLines(conflict.mine, conflict.theirs.text);
  return (
    <div class="conflict" role="alert" data-testid="conflict">
      <Ask question={words.ask(conflict.path)}>
        <Answer label={words.keepMine} testId="keep-mine" onClick={() => workspace.resolveConflict(conflict, true)} />
        <Answer label={words.takeTheirs} testId="take-theirs" onClick={() => workspace.resolveConflict(conflict, false)} />
      </Ask>
      <div class="conflict-texts">
        <Text title={words.mine} line={differing.line} lines={differing.mine} />
        <Text title={words.theirs} line={differing.line} lines={differing.theirs} />
      </div>
    </div>
  );
}

function Text({ title, line, lines }: { title: string; line: number; lines: string[] }): JSX.Element {
  const words = strings.conflict;
  const shown = lines.slice(0, maxLines);
  const more = lines.length - shown.length;
  return (
    <div class="conflict-text">
      <h3>{title}</h3>
      {lines.length === 0 ? (
        <p class="soft">{words.noLines(line)}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard, too.
        <pre role="group" aria-label={title} tabIndex={0}>
          {shown.map((text, at) => `${line + at}  ${text}`).join('\n')}
        </pre>
      )}
      {more > 0 && <p class="soft">{words.moreLines(more)}</p>}
    </div>
  );
}

/** Offers texts of an earlier visit that were never saved and have no file, one after the other. */
function DraftQuestion({ workspace }: { workspace: Workspace }): JSX.Element | null {
  const [offer] = workspace.drafts.offers.value;
  const words = strings.drafts;
  if (offer === undefined) return null;
  const { draft, gone, name }: DraftOffer = offer;
  return (
    <div class="conflict" role="alert" data-testid="draft-offer">
      <Ask question={gone ? words.gone(draft.path) : words.older(draft.path)}>
        <Answer label={words.keep(name)} testId="draft-keep" onClick={() => workspace.drafts.answer(offer, true)} />
        <Answer label={words.drop} testId="draft-drop" onClick={() => workspace.drafts.answer(offer, false)} />
      </Ask>
      <div class="conflict-texts">
        <div class="conflict-text">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard, too. */}
          <pre role="group" tabIndex={0} aria-label={draft.path}>
            {draft.text.slice(0, maxShown)}
          </pre>
        </div>
      </div>
    </div>
  );
}

function Ask({ question, children }: { question: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="conflict-ask">
      <Icon name="flag" />
      <span>{question}</span>
      <div class="row">{children}</div>
    </div>
  );
}

function Answer({ label, testId, onClick }: { label: string; testId: string; onClick(): void }): JSX.Element {
  return (
    <button type="button" class="soft-button" data-testid={testId} onClick={onClick}>
      {label}
    </button>
  );
}
