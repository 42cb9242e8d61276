import type { SyntaxNode } from '@lezer/common';
import { nearest } from '../../../../console/nearest';
import { type Code, textOf } from './code';
import { assistWords } from './docs';
import { builtins, libraries, moduleMembers, pythonsWords } from './names';
import type { Mark } from './syntaxMarks';
import { type Game, homeOf, namesOf, type Type, Types } from './types';

/** Classes whose objects take no attributes but their own. */
const closed = 'Surface Rect Color Vector2 Vector3 Clock Font Sound Channel Mask str list dict set tuple'.split(' ');

/** Finds names that nothing defines, and members that pygame and Python do not have. Correct code has no marks. */
export function nameMarks(code: Code, game: Game): Mark[] {
  const types = new Types(code, game);
  const known = knownNames(code, game);
  const lineOf = lineCounter(code.text);
  const unreadable = unreadableLines(code, lineOf);
  const marks: Mark[] = [];
  code.tree.iterate({
    enter: ({ node }) => {
      if (node.name !== 'VariableName' && node.name !== 'PropertyName') return;
      if (unreadable.has(lineOf(node.from))) return;
      const mark = node.name === 'VariableName' ? nameMark(code, node, known) : memberMark(code, node, types);
      if (mark !== undefined) marks.push(mark);
    },
  });
  return marks;
}

/** Returns every name that the file can use; undefined if that cannot be known. */
function knownNames(code: Code, game: Game): ReadonlySet<string> | undefined {
  if (code.dynamic) return undefined;
  const known = new Set([...code.bound.keys(), ...builtins]);
  for (const star of code.stars) {
    const file = game.codeOf(`${star.replaceAll('.', '/')}.py`);
    const names =
      file === undefined ? moduleMembers(star)?.keys() : file.dynamic || file.stars.length > 0 ? undefined : namesOf(file).keys();
    if (names === undefined) return undefined;
    for (const name of names) known.add(name);
  }
  return known;
}

function nameMark(code: Code, node: SyntaxNode, known: ReadonlySet<string> | undefined): Mark | undefined {
  const name = textOf(code, node);
  const { parent } = node;
  const isKeyword = parent?.name === 'ArgList' && node.nextSibling?.name === 'AssignOp';
  const isDecorated = parent?.name === 'Decorator' && node.prevSibling?.name === '.';
  if (
    known === undefined ||
    known.has(name) ||
    name.startsWith('_') ||
    isKeyword ||
    isDecorated ||
    /^(ImportStatement|KeywordPattern|TypeParamList)$/.test(parent?.name ?? '')
  )
    return undefined;
  const words = assistWords().marks;
  const at = { from: node.from, to: node.to };
  // random.randint(1, 6) without an import
  if (parent?.name === 'MemberExpression' && parent.firstChild?.from === node.from && (libraries.includes(name) || name === 'pygame'))
    return {
      ...at,
      message: words.notImported(name),
      fix: { label: words.write(`import ${name}`), from: 0, to: 0, text: `import ${name}\n` },
    };
  const meant = nearest(name, [...known].filter((other) => !other.startsWith('_')).concat(pythonsWords));
  if (meant !== undefined) return { ...at, message: words.meant(name, meant), fix: { label: words.write(meant), ...at, text: meant } };
  return { ...at, message: words.unknownName(name) };
}

function memberMark(code: Code, node: SyntaxNode, types: Types): Mark | undefined {
  if (code.dynamic) return undefined;
  const owner = types.of(node.parent?.firstChild);
  const members = owner === undefined ? undefined : types.membersOf(owner);
  const name = textOf(code, node);
  if (
    owner === undefined ||
    members === undefined ||
    members.has(name) ||
    name.startsWith('_') ||
    (owner.kind !== 'object' && code.setOutside.has(name))
  )
    return undefined;
  const words = assistWords().marks;
  const at = { from: node.from, to: node.to };
  const meant = nearest(name, [...members.keys()]);
  const home = homeOfClosed(owner);
  if (home === undefined || code.dotted.has(`${home}.${name}`)) return undefined;
  // Python's own modules are not the same on each system.
  if (meant === undefined && owner.kind === 'module' && !home.startsWith('pygame')) return undefined;
  if (meant !== undefined)
    return { ...at, message: words.memberMeant(home, name, meant), fix: { label: words.write(meant), ...at, text: meant } };
  return { ...at, message: words.unknownMember(home, name) };
}

/** Returns what something is called whose members are all known. */
function homeOfClosed(owner: Type): string | undefined {
  if (owner.kind === 'module') return owner.name;
  return owner.kind === 'object' && closed.includes(owner.name) ? homeOf(owner.name) : undefined;
}

/** Returns the lines that the parser could not read: their names may be anything. */
function unreadableLines(code: Code, lineOf: (at: number) => number): Set<number> {
  const lines = new Set<number>();
  code.tree.iterate({
    enter: ({ type, from, to }) => {
      if (!type.isError) return;
      for (let line = lineOf(from); line <= lineOf(to); line++) lines.add(line);
    },
  });
  return lines;
}

/** Returns a function that tells in which line a place is. */
function lineCounter(text: string): (at: number) => number {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (at) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
