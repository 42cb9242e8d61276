import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { strings } from '../language';
import { Mascot } from './mascot';

const failures = new WeakSet<Error>();
/** The failures of the parts that have not come since. */
const missing = signal<readonly unknown[]>([]);

/**
 * Notes from here on when code of the page cannot be fetched: without a connection, or because the server has a newer version of the page.
 * Browsers differ in whether they fetch it again, so only a new page helps for sure.
 */
export function watchForMissingParts(): void {
  addEventListener('vite:preloadError', ({ payload }) => {
    failures.add(payload);
    missing.value = [...missing.value, payload];
  });
  // Where nobody handles it, the bar is the answer.
  addEventListener('unhandledrejection', (event) => {
    if (event.reason instanceof Error && isMissingPart(event.reason)) event.preventDefault();
  });
}

/** Returns whether an error means that code of the page could not be fetched. */
export function isMissingPart(error: Error): boolean {
  return failures.has(error);
}

/** Takes back what was said of a part that came with a later try. `failed` are the errors of the tries before. */
export function cameAfterAll(failed: readonly unknown[]): void {
  missing.value = missing.value.filter((error) => !failed.includes(error));
}

/** Says that a part of the page is missing, and offers to load the page again. */
export function MissingPartBar(): JSX.Element | null {
  if (missing.value.length === 0) return null;
  return (
    <div class="page-bar" role="alert" data-testid="missing-part">
      <Mascot mood="oops" />
      <span>{strings.missingPart}</span>
      <button type="button" class="soft-button" onClick={() => location.reload()}>
        {strings.account.loadAgain}
      </button>
    </div>
  );
}
