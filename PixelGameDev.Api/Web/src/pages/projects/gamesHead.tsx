import '../../styles/projects.css';
import type { ComponentChildren, JSX } from 'preact';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';

/** Draws the top of a page of games: the way home, the title and what can be done. */
export function GamesHead({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <header class="games-head">
      <a class="logo" href="/" title={strings.title} aria-label={strings.title}>
        <Mascot mood="happy" />
      </a>
      <h1>{title}</h1>
      {children}
    </header>
  );
}

interface GamesSearchProps {
  label: string;
  value: string;
  placeholder?: string;
  testId: string;
  onType(search: string): void;
}

/** Draws the field that finds games. */
export function GamesSearch({ label, value, placeholder, testId, onType }: GamesSearchProps): JSX.Element {
  return (
    <label class="games-search">
      <span>{label}</span>
      <input
        type="search"
        value={value}
        placeholder={placeholder}
        data-testid={testId}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
      />
    </label>
  );
}
