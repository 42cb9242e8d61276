import { signal } from '@preact/signals';
import { remembered } from './remembered';

export type Theme = 'auto' | 'light' | 'dark';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The chosen theme of this browser; `auto` follows the device. */
export const theme = signal<Theme>('auto');

function apply(): void {
  document.documentElement.dataset['theme'] = theme.value === 'auto' ? (dark.matches ? 'dark' : 'light') : theme.value;
}

export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  remembered.set('theme', chosen);
  apply();
}

export function startTheme(): void {
  const stored = remembered.get('theme');
  theme.value = stored === 'light' || stored === 'dark' ? stored : 'auto';
  apply();
  dark.addEventListener('change', apply);
}
