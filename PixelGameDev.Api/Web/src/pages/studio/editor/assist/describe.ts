import type { SyntaxNode } from '@lezer/common';
import type { OwnDefinition } from './code';
import { type Code, textOf } from './code';
import { docsOf } from './docs';
import { builtins, type Member, moduleMembers, pythonsWords } from './names';
import { homeOf, type Type, type Types } from './types';

/** What the editor says about a name. */
export interface Description {
  /** How it is written: `blit(source, dest)`. */
  signature: string;
  /** Where it belongs: `pygame.Surface`. */
  home: string;
  /** One or two sentences; empty if there are none. */
  text: string;
}

/** Describes a member of a module or an object. */
export function describeMember(owner: Type, name: string, member: Member | OwnDefinition | undefined): Description {
  const home = homeOfType(owner);
  const text = docsOf(`${home}.${name}`) ?? (member !== undefined && 'docs' in member ? member.docs : '');
  return { signature: `${name}${written(member)}`, home, text: text || constant(name) };
}

/** Describes the name at a place in the code; undefined if nothing is known of it. */
export function describeAt(code: Code, types: Types, node: SyntaxNode): Description | undefined {
  const name = textOf(code, node);
  if (node.name === 'PropertyName') {
    const owner = types.of(node.parent?.firstChild);
    const members = owner === undefined ? undefined : types.membersOf(owner);
    return owner !== undefined && members?.has(name) ? describeMember(owner, name, members.get(name)) : undefined;
  }
  if (pythonsWords.includes(name) && node.name !== 'VariableName') {
    const text = docsOf(name);
    return text === undefined ? undefined : { signature: name, home: 'Python', text };
  }
  return node.name === 'VariableName' ? describeName(code, types, name, node) : undefined;
}

/** Describes a name that stands alone: `screen`, `print`, `Hero`. */
export function describeName(code: Code, types: Types, name: string, node: SyntaxNode | null): Description | undefined {
  const type = types.ofName(name, node);
  if (type?.kind === 'module') return { signature: name, home: type.name === name ? '' : type.name, text: docsOf(type.name) ?? '' };
  if (type?.kind === 'file') return undefined;
  const own = code.classes.get(name) ?? code.functions.get(name) ?? (type?.kind === 'callable' ? type.own : undefined);
  if (own !== undefined) return { signature: `${name}${written(own)}`, home: '', text: own.docs };
  if (type?.kind === 'callable' && type.member !== undefined) {
    const from = code.imported.get(name)?.module ?? code.stars.find((star) => moduleMembers(star)?.has(name)) ?? '';
    const made = type.member.kind === 'class' ? homeOf(type.member.name) : `${from}.${type.member.name}`;
    return { signature: `${name}${written(type.member)}`, home: from, text: docsOf(made) ?? docsOf(`${from}.${name}`) ?? '' };
  }
  if (type?.kind === 'object') {
    const home = homeOf(type.name);
    return { signature: name, home, text: docsOf(home) ?? '' };
  }
  if (type?.kind === 'own') return { signature: name, home: type.class.name, text: type.class.docs };
  if (code.bound.has(name) || !builtins.has(name)) return undefined;
  const text = docsOf(name);
  return text === undefined ? undefined : { signature: `${name}()`, home: 'Python', text };
}

/** Draws a description. */
export function drawDescription({ signature, home, text }: Description): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-docs';
  const code = document.createElement('code');
  code.textContent = signature;
  element.append(code);
  if (home !== '') {
    const place = document.createElement('span');
    place.textContent = home;
    element.append(place);
  }
  if (text !== '') {
    const words = document.createElement('p');
    words.textContent = text;
    element.append(words);
  }
  return element;
}

function homeOfType(owner: Type): string {
  switch (owner.kind) {
    case 'module':
      return owner.name;
    case 'object':
      return homeOf(owner.name);
    case 'own':
      return owner.class.name;
    default:
      return '';
  }
}

function written(member: Member | OwnDefinition | undefined): string {
  if (member === undefined || (member.kind !== 'function' && member.kind !== 'class')) return '';
  return member.parameters === undefined ? (member.kind === 'function' ? '(…)' : '') : `(${member.parameters})`;
}

/** Describes the constants that are many of a kind: `K_SPACE`. */
function constant(name: string): string {
  if (/^K_/.test(name)) return docsOf('pygame.K_') ?? '';
  if (/^KMOD_/.test(name)) return docsOf('pygame.KMOD_') ?? '';
  return '';
}
