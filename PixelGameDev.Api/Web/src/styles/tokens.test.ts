import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function tokens(theme: string): Record<string, string> {
  const block = css.slice(css.indexOf(`:root[data-theme="${theme}"]`));
  return Object.fromEntries([...block.slice(0, block.indexOf('}')).matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\s*;/g)].map((m) => [m[1], m[2]]));
}

/** Returns the WCAG 2 contrast of two colours. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [r, g, blue] = [1, 3, 5].map((at) => {
      const c = parseInt(colour.slice(at, at + 2), 16) / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const pairs: [string, string[]][] = [
  ['ink', ['paper', 'panel', 'panel-2', 'hover', 'coral-paper', 'teal-paper']],
  ['ink-soft', ['paper', 'panel', 'panel-2', 'hover', 'coral-paper']],
  ['on-run', ['run', 'run-hover']],
  ['on-coral', ['coral', 'coral-hover']],
  ['on-sun', ['sun']],
  ['coral-ink', ['coral-paper', 'panel']],
  ['sun-ink', ['sun-paper']],
  ['teal', ['panel', 'hover']],
  ['on-stage', ['stage']],
  ['on-stage-soft', ['stage']],
  ['sun', ['stage']],
  ['run', ['panel']],
  ...['keyword', 'string', 'number', 'comment', 'function', 'name', 'type'].map((kind): [string, string[]] => [
    `code-${kind}`,
    ['panel', 'code-line', 'coral-paper'],
  ]),
];

describe.each(['light', 'dark'])('%s theme', (theme) => {
  const light = tokens('light');
  const values: Record<string, string> = { ...light, ...tokens(theme) };
  it.each(pairs.flatMap(([front, backs]) => backs.map((back) => [front, back] as const)))('%s on %s can be read', (front, back) => {
    expect(contrast(values[front]!, values[back]!)).toBeGreaterThanOrEqual(4.5);
  });
});
