import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';
import './pages.css';

export interface SheetProps {
  title: string;
  /** The words of the link to the games. */
  back: string;
  testId: string;
  /** For tables. */
  wide?: boolean;
  children: ComponentChildren;
}

/** Draws a page of text and forms with its title and the way back to the games. */
export function Sheet({ title, back, testId, wide = false, children }: SheetProps): JSX.Element {
  useEffect(() => {
    document.title = `${title} · ${strings.title}`;
  }, [title]);
  return (
    <div class={wide ? 'sheet wide' : 'sheet'} data-testid={testId}>
      <header class="sheet-head">
        <Mascot mood="happy" />
        {/* Not through the router: the studio begins anew, perhaps with another account. */}
        <a href="/" target="_self" data-testid="back">
          {back}
        </a>
      </header>
      <main>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}

/** Draws a part of such a page. */
export function SheetPart({ title, testId, children }: { title: string; testId?: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="sheet-part" aria-label={title} data-testid={testId}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
