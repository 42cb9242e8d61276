import type { JSX } from 'preact';
import { strings } from '../../language';
import { openDialog } from '../dialogs';
import {
  codeSizes,
  foldedFiles,
  foldFiles,
  projector,
  setCodeSize,
  setProjector,
  setWrapLines,
  codeSize as size,
  wrapLines,
} from '../view';

/** Lets the person choose how the code looks: size, wrapped lines, and the view for a projector. */
export function openViewDialog(): void {
  openDialog({ title: () => strings.view.title, testId: 'view-dialog', content: () => <ViewChoices /> });
}

function ViewChoices(): JSX.Element {
  const words = strings.view;
  // What the style sheet says as long as nothing is chosen.
  const shown = size.value ?? Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--text-code'));
  const nearest = codeSizes.reduce((best, other, at) => (Math.abs(other - shown) < Math.abs(codeSizes[best]! - shown) ? at : best), 0);
  return (
    <div class="view-choices">
      <fieldset class="row">
        <legend>{words.size}</legend>
        <button
          type="button"
          class="soft-button"
          aria-label={`A− ${words.smaller}`}
          disabled={nearest === 0}
          data-testid="code-smaller"
          onClick={() => setCodeSize(codeSizes[nearest - 1]!)}
        >
          A−
        </button>
        <output data-testid="code-size">{Math.round(shown * 16)}</output>
        <button
          type="button"
          class="soft-button"
          aria-label={`A+ ${words.larger}`}
          disabled={nearest === codeSizes.length - 1}
          data-testid="code-larger"
          onClick={() => setCodeSize(codeSizes[nearest + 1]!)}
        >
          A+
        </button>
        <button type="button" class="text-button" disabled={size.value === undefined} onClick={() => setCodeSize(undefined)}>
          {words.usual}
        </button>
      </fieldset>
      <pre class="view-sample">{'screen.blit(hero, (x, y))'}</pre>
      <Check testId="wrap-lines" checked={wrapLines.value} change={setWrapLines} label={words.wrap} />
      <Check testId="fold-files" checked={foldedFiles.value} change={foldFiles} label={words.files} />
      <Check testId="projector" checked={projector.value} change={setProjector} label={words.projector} />
      <p class="soft">{words.hint}</p>
    </div>
  );
}

interface CheckProps {
  testId: string;
  checked: boolean;
  label: string;
  change(checked: boolean): void;
}

function Check({ testId, checked, label, change }: CheckProps): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} data-testid={testId} onChange={({ currentTarget }) => change(currentTarget.checked)} />
      {label}
    </label>
  );
}
