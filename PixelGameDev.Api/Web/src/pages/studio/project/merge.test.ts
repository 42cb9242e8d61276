import { describe, expect, it } from 'vitest';
import { editsBetween, mergeTexts } from './merge';
import type { TextEdit } from './projectPorts';

const base = 'import pygame\n\nspeed = 1\nlives = 3\n\nwhile True:\n    pass\n';

describe('mergeTexts', () => {
  it.each([
    ['other lines', base.replace('speed = 1', 'speed = 9'), base.replace('pass', 'draw()')],
    ['new lines at both ends', `# top\n${base}`, `${base}# end\n`],
    ['a line that is gone', base.replace('speed = 1\n', ''), `${base}# end\n`],
    ['the other line breaks', base.replace('speed = 1', 'speed = 9'), base.replace('pass', 'draw()').replaceAll('\n', '\r\n')],
    ['the same change', base.replace('speed = 1', 'speed = 9'), base.replace('speed = 1', 'speed = 9')],
    ['nothing here', base, base.replace('pass', 'draw()')],
    ['nothing there', base.replace('pass', 'draw()'), base],
  ])('takes both: %s', (_, mine, theirs) => {
    const merged = mergeTexts(base, mine, theirs)!;
    const other = theirs.replaceAll('\r\n', '\n');
    for (const line of base.split('\n')) {
      const stays = mine.split('\n').includes(line) && other.split('\n').includes(line);
      expect(merged.split('\n').includes(line)).toBe(stays);
    }
    for (const line of [...mine.split('\n'), ...other.split('\n')])
      if (!base.split('\n').includes(line)) expect(merged.split('\n').filter((found) => found === line)).toHaveLength(1);
    // The order does not matter.
    expect(mergeTexts(base, theirs, mine)).toBe(merged);
  });

  it.each([
    ['the same line', base.replace('speed = 1', 'speed = 2'), base.replace('speed = 1', 'speed = 3')],
    ['lines next to each other', base.replace('speed = 1', 'speed = 2'), base.replace('lives = 3', 'lives = 4')],
    ['new lines in the same place', `${base}# mine\n`, `${base}# theirs\n`],
    ['a changed line that is gone there', base.replace('speed = 1', 'speed = 2'), base.replace('speed = 1\n', '')],
    ['very long texts', `${'a\n'.repeat(5001)}`, base],
  ])('leaves a choice: %s', (_, mine, theirs) => expect(mergeTexts(base, mine, theirs)).toBeUndefined());
});

describe('editsBetween', () => {
  const apply = (text: string, edits: TextEdit[]): string =>
    edits.reduceRight((changed, { from, to, insert }) => changed.slice(0, from) + insert + changed.slice(to), text);

  it('leaves a text of thousands of equal lines to the person, because the comparison would take minutes', () => {
    const level = '0\n'.repeat(3000);
    expect(mergeTexts(level, `1\n${level}`, `${level}2\n`)).toBeUndefined();
    // Blank lines of an ordinary program are not that many.
    const program = Array.from({ length: 1000 }, (_, line) => (line % 5 === 0 ? '' : `step_${line}()`)).join('\n');
    expect(mergeTexts(program, `# mine\n${program}`, `${program}\n# theirs`)).toBe(`# mine\n${program}\n# theirs`);
  });

  it('makes one text out of another, whatever they are', () => {
    const texts = [
      '',
      '\n',
      'a',
      'a\n',
      'b\na',
      'a\nb',
      'a\nb\n',
      'x\na\nb\ny\n',
      'a\nb\nc',
      'c\nb\na\n',
      '\n\n',
      base,
      `# top\n${base}# end`,
    ];
    for (const before of texts)
      for (const after of texts) expect(apply(before, editsBetween(before, after)), JSON.stringify([before, after])).toBe(after);
  });

  it('leaves alone what is between two changes', () => {
    const edits = editsBetween(base, `# top\n${base.replace('pass', 'draw()')}`);
    expect(edits).toEqual([
      { from: 0, to: 0, insert: '# top\n' },
      { from: base.indexOf('    pass'), to: base.length, insert: '    draw()\n' },
    ]);
  });
});
