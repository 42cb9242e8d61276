import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonLanguage } from '@codemirror/lang-python';
import type { SyntaxNode } from '@lezer/common';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../../../../../content/templates/', import.meta.url).pathname;
const folders = readdirSync(root);
const templates = folders.filter((folder) => !folder.includes('.'));

/** Short texts that people type or read, and their German. */
const shortTexts: readonly string[] = [
  "'s' 'n'",
  '"red" "rot"',
  '"yellow" "gelb"',
  '"green" "grün"',
  '"blue" "blau"',
  '"purple" "lila"',
  '"pink" "rosa"',
];

/** A part of a program that is neither a comment nor a description; of a text, its braces are empty, and the code in them is a part. */
interface Part {
  isText: boolean;
  content: string;
}

function partsOf(program: string): Part[] {
  const parts: Part[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.name === 'Comment' || isDescription(node)) return;
    const inner = childrenOf(node);
    if (node.name === 'String' || node.name === 'FormatString') {
      let content = program.slice(node.from, node.to);
      for (const { from, to } of inner.toReversed()) content = `${content.slice(0, from - node.from)}{}${content.slice(to - node.from)}`;
      parts.push({ isText: true, content });
    } else if (inner.length === 0 && node.from < node.to) {
      parts.push({ isText: false, content: program.slice(node.from, node.to) });
    }
    inner.forEach(visit);
  };
  visit(pythonLanguage.parser.parse(program).topNode);
  return parts;
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

const isDescription = (node: SyntaxNode): boolean => node.name === 'String' && node.parent?.name === 'ExpressionStatement';

/** True for a sentence or a name. Names of files, keys of a dictionary and pictures of letters are none. */
const isForPeople = (text: string): boolean => /[a-z]/.test(text) && (/^f?["'][A-Z]/.test(text) || text.includes(' '));

/** Returns where a translated program is another program. */
function differences(english: string, other: string): string[] {
  const [before, after] = [partsOf(english), partsOf(other)];
  const isSame = (a: Part, b: Part | undefined): boolean =>
    a.content === b?.content ||
    (a.isText && b?.isText === true && (isForPeople(a.content) || shortTexts.includes(`${a.content} ${b.content}`)));
  return [
    ...before.flatMap((part, i) => (isSame(part, after[i]) ? [] : [`${part.content} → ${after[i]?.content ?? ''}`])),
    ...after.slice(before.length).map(({ content }) => `→ ${content}`),
  ];
}

describe('the German templates', () => {
  const read = (folder: string, file: string): string => readFileSync(join(root, folder, file), 'utf8');

  it.each(templates)('%s: is the same program with other words', (template) => {
    const programs = readdirSync(join(root, template)).filter((file) => file.endsWith('.py'));
    expect(programs).toContain('main.py');
    expect(readdirSync(join(root, `${template}.de`)).sort()).toEqual([...programs, 'template.json'].sort());
    for (const file of programs) {
      const german = read(`${template}.de`, file);
      expect(german).not.toBe(read(template, file));
      expect(differences(read(template, file), german)).toEqual([]);
    }
  });

  it.each([
    ['speed = 6  # try 12!', 'speed = 7  # probier 12!', ['6 → 7']],
    ['load("ship")', 'load("schiff")', ['"ship" → "schiff"']],
    ['HERO = ["OO..", "O..O"]', 'HERO = ["OO..", "...O"]', ['"O..O" → "...O"']],
    ['print(f"Stars: {score}")', 'print(f"Sterne: {stars}")', ['score → stars']],
    ['x = 1', 'x = 1\ny = 2', ['→ y', '→ =', '→ 2']],
    ['print("Hello")  # says it', 'print("Hallo")  # sagt es', []],
  ])('would not be: %s', (english, german, found) => {
    expect(differences(english, german)).toEqual(found);
  });
});
