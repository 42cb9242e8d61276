import { remembered } from './dom';

export type Theme = 'auto' | 'light' | 'dark';

const dark = matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const stored = remembered.get('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

function apply(): void {
  const theme = currentTheme();
  document.documentElement.dataset['theme'] = theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme;
}

export function setTheme(theme: Theme): void {
  remembered.set('theme', theme);
  apply();
}

export function startTheme(): void {
  apply();
  dark.addEventListener('change', apply);
}
