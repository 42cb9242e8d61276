import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';

export interface NotFoundProps {
  what: 'game' | 'page';
  /** Additional links. */
  children?: ComponentChildren;
}

/** Replaces a page that does not exist: says why, and offers links. */
export function NotFoundPage({ what, children }: NotFoundProps): JSX.Element {
  const { title, text } = strings.notFound[what];
  useEffect(() => {
    document.title = `${title} · ${strings.title}`;
  }, [title]);
  return (
    <main class="not-found" data-testid="not-found">
      <Mascot mood="oops" />
      <h1>{title}</h1>
      <p>{text}</p>
      <div class="row">
        <a class="run-button" href="/" data-testid="to-my-games">
          {strings.notFound.home}
        </a>
        {children}
      </div>
    </main>
  );
}
