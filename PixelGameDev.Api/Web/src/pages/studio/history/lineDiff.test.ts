import { describe, expect, it } from 'vitest';
import { lineDiff } from './lineDiff';

const short = (past: string, now: string): string[] =>
  lineDiff(past, now).map((line) =>
    line.kind === 'skipped' ? `… ${line.lines}` : `${{ past: '-', now: '+', both: ' ' }[line.kind]}${line.text}`,
  );

describe('lineDiff', () => {
  it('shows a changed line with what surrounds it', () => {
    expect(short('a\nb\nc\nd\ne\nf\ng\n', 'a\nb\nc\nD\ne\nf\ng\n')).toEqual(['… 1', ' b', ' c', '-d', '+D', ' e', ' f', '… 1']);
  });

  it.each([
    ['', 'a\n', ['+a']],
    ['a\n', '', ['-a']],
    ['a\r\nb\r\n', 'a\nb\n', ['… 2']],
    ['a\n', 'a\n\nb\n', [' a', '+', '+b']],
  ])('%j to %j', (past, now, lines) => expect(short(past, now)).toEqual(lines));

  it('shows texts without a common line in bounded time', () => {
    const past = Array.from({ length: 5000 }, (_, at) => `past ${at}`).join('\n');
    const now = Array.from({ length: 5000 }, (_, at) => `now ${at}`).join('\n');
    expect(lineDiff(past, now)).toHaveLength(10_000);
  });
});
