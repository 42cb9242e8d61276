import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { SyntaxNode } from '@lezer/common';
import { libraries as ofTheImage } from '../../../../console/libraries';
import { kindOf } from '../../project/fileKinds';
import { type Code, readCode } from './code';
import { type Description, describeMember, describeName, drawDescription } from './describe';
import { hasDocs } from './docs';
import { builtins, knownModules, libraries, moduleMembers, pythonsWords } from './names';
import { type Game, namesOf, type Type, Types } from './types';

/** Modules that games use, shown first. */
const usualModules = ['pygame', 'random', 'math', 'sys', 'time'];
/** Python's names that a beginner hardly needs are only offered after these. */
const usualBuiltins =
  /^(print|input|range|len|int|str|float|list|dict|set|tuple|bool|min|max|sum|abs|round|sorted|enumerate|zip|open|any|all|map|filter|reversed|isinstance|super|True|False|None)$/;

/** Offers names while somebody types Python. `path`: the file. */
export function completePython(context: CompletionContext, game: Game, path: string): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  // The editor's own tree may not reach as far yet on a slow computer.
  const code = readCode(context.state.doc.toString());
  const node = code.tree.resolveInner(context.pos, -1);
  if (node.name === 'Comment') return null;
  const inText = completeFile(before, context.pos, game);
  if (inText !== null) return inText;
  if (/^(String|ContinuedString)$/.test(node.name) && context.pos > node.from && !/\w['"]$/.test(before)) return null;
  const types = new Types(code, game, true);
  return (
    completeImport(before, context.pos, game, path, types) ??
    completeMember(before, context, code, types) ??
    completeName(before, context, code, types)
  );
}

/** Offers files of the game in the text of `load("…")`. */
function completeFile(before: string, pos: number, game: Game): CompletionResult | null {
  // Sample: hero = pygame.image.load("ima
  const match = /(\w+)\(\s*(?:\w+\s*=\s*)?(["'])([^"'\\]*)$/.exec(before);
  if (match === null) return null;
  const [, called, , typed] = match;
  const wanted = (path: string): boolean => {
    const kind = kindOf(path);
    if (called === 'Font') return /\.(ttf|otf)$/i.test(path);
    if (called === 'Sound') return kind === 'sound';
    if (called === 'open' || called === 'Path' || called === 'load_file') return kind !== 'python';
    if (/music\.load\($|music\.load\(/.test(before)) return kind === 'sound' || /\.midi?$/i.test(path);
    return kind === 'image';
  };
  if (!/^(load\w*|\w*_load\w*|\w*(image|picture|sprite|sound)\w*|Sound|Font|open|Path)$/.test(called!)) return null;
  const options = game.paths.filter(wanted).map((label) => ({ label, type: 'text' }));
  return options.length === 0 ? null : { from: pos - typed!.length, options, validFor: /^[^"']*$/ };
}

function completeImport(before: string, pos: number, game: Game, path: string, types: Types): CompletionResult | null {
  // Samples: import ra | import pygame, ra | from pyg
  const module = /^\s*(?:import\s+(?:[\w.]+\s*,\s*)*|from\s+)([\w.]*)$/.exec(before);
  if (module !== null) {
    const own = game.paths.filter((other) => other.endsWith('.py') && other !== path && !/[^\w/.]/.test(other));
    const names = own.map((other) => other.slice(0, -3).replaceAll('/', '.'));
    const options: Completion[] = [
      ...names.map((label) => ({ label, boost: 60 })),
      ...[...new Set([...knownModules, ...libraries, ...ofTheImage])].map((label) => ({
        label,
        boost: usualModules.includes(label) ? 50 : ofTheImage.includes(label) ? 30 : 0,
      })),
    ];
    return { from: pos - module[1]!.length, options: unique(options), validFor: /^[\w.]*$/ };
  }
  // Sample: from things import Ship, Ro
  const names = /^\s*from\s+([\w.]+)\s+import\s+\(?(?:\w+\s*,\s*)*(\w*)$/.exec(before);
  if (names === null) return null;
  const file = game.codeOf(`${names[1]!.replaceAll('.', '/')}.py`);
  const from = pos - names[2]!.length;
  if (file !== undefined) return { from, options: [...namesOf(file).keys()].map((label) => ({ label })), validFor: /^\w*$/ };
  const members = moduleMembers(names[1]!);
  if (members === undefined) return null;
  const owner: Type = { kind: 'module', name: names[1]! };
  return { from, options: optionsOf(owner, types), validFor: /^\w*$/ };
}

/** Offers the members of what stands before a dot. */
function completeMember(before: string, context: CompletionContext, code: Code, types: Types): CompletionResult | null {
  const match = /\.([^\W\d]\w*)?$/u.exec(before);
  if (match === null || /(^|[^\w)\]"'])\d+\.$/.test(before)) return null;
  const typed = match[1] ?? '';
  const dot = context.pos - typed.length - 1;
  const owner = ownerAt(code, dot, types) ?? ownerByWords(before, types);
  const options = owner === undefined ? [] : optionsOf(owner, types);
  return options.length === 0 ? null : { from: dot + 1, options, validFor: /^\w*$/ };
}

function ownerAt(code: Code, dot: number, types: Types): Type | undefined {
  const sign: SyntaxNode = code.tree.resolveInner(dot + 1, -1);
  const member = sign.name === '.' ? sign.parent : sign.parent?.name === 'MemberExpression' ? sign.parent : null;
  return member?.name === 'MemberExpression' ? types.of(member.firstChild) : undefined;
}

/** Reads the names before a dot where the rest of the line cannot be read yet. */
function ownerByWords(before: string, types: Types): Type | undefined {
  const words = /((?:[^\W\d]\w*\.)+)\w*$/u.exec(before)?.[1]?.split('.').slice(0, -1);
  if (words === undefined) return undefined;
  const [first, ...others] = words;
  return others.reduce<Type | undefined>(
    (owner, name) => (owner === undefined ? undefined : types.memberOf(owner, name)),
    types.ofName(first!, null),
  );
}

function completeName(before: string, context: CompletionContext, code: Code, types: Types): CompletionResult | null {
  const typed = /[^\W\d]\w*$/u.exec(before)?.[0] ?? '';
  if ((typed === '' && !context.explicit) || /\.\w*$/.test(before)) return null;
  // Here a new name begins.
  if (/\b(def|class|as|for|global|lambda|import)\s+\w*$/.test(before)) return null;
  const from = context.pos - typed.length;
  const node = code.tree.resolveInner(context.pos, -1);
  const describe = (name: string): Description | undefined => describeName(code, types, name, node);
  const options: Completion[] = [];
  const add = (name: string, boost: number): void => {
    options.push({ label: name, boost, info: () => infoOf(describe(name)) });
  };
  for (const name of code.bound.keys()) if (name !== typed) add(name, 40);
  for (const star of code.stars) for (const name of moduleMembers(star)?.keys() ?? []) add(name, hasDocs(`pygame.${name}`) ? 20 : 0);
  for (const word of pythonsWords) options.push({ label: word, boost: 10 });
  for (const name of builtins) add(name, usualBuiltins.test(name) ? 10 : -40);
  for (const module of usualModules) if (!code.bound.has(module)) options.push({ label: module, boost: 0 });
  return { from, options: unique(options), validFor: /^\w*$/ };
}

function optionsOf(owner: Type, types: Types): Completion[] {
  return [...(types.membersOf(owner) ?? [])].map(([label, member]) => {
    const description = describeMember(owner, label, member);
    const isCalled = member?.kind === 'function' || member?.kind === 'class';
    return {
      label,
      // What has a description is used most.
      boost: description.text !== '' && !/^KM?O?D?_/.test(label) ? 20 : owner.kind === 'own' ? 30 : 0,
      ...(isCalled && { detail: description.signature.slice(label.length) }),
      info: () => infoOf(description),
    };
  });
}

function infoOf(description: Description | undefined): HTMLElement | null {
  return description === undefined || description.text === '' ? null : drawDescription(description);
}

function unique(options: Completion[]): Completion[] {
  const seen = new Set<string>();
  return options.filter(({ label }) => !seen.has(label) && seen.add(label));
}
