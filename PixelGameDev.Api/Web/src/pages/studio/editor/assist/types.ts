import type { SyntaxNode } from '@lezer/common';
import { type Code, children, classAround, type OwnClass, type OwnDefinition, textOf } from './code';
import { classMembers, type Member, type Members, moduleMembers } from './names';

/** What an expression is. */
export type Type =
  | { kind: 'module'; name: string }
  /** A class itself, or a function that makes an object: what a call of it gives. */
  | { kind: 'callable'; result: Type | undefined; member?: Member; own?: OwnDefinition }
  /** An object of a class of pygame or Python. `element`: what a list has in it. */
  | { kind: 'object'; name: string; element?: Type | undefined }
  | { kind: 'own'; class: OwnClass; code: Code }
  /** A module of the person's own. */
  | { kind: 'file'; code: Code };

/** The files of the game, as far as their texts are known. */
export interface Game {
  /** Paths of all files. */
  paths: readonly string[];
  codeOf(path: string): Code | undefined;
}

/** Reads what expressions of a file are. */
export class Types {
  private depth = 0;
  private readonly names = new Map<string, Type | undefined>();

  constructor(
    readonly code: Code,
    private readonly game: Game,
    /** `guess`: also takes the first of several values, and usual names like `screen`, for what they most likely are. */
    private readonly guess = false,
  ) {}

  /** Returns what an expression is; undefined if that cannot be read from the code. */
  of(node: SyntaxNode | null | undefined): Type | undefined {
    // Names can be defined by each other.
    if (node === null || node === undefined || this.depth > 12) return undefined;
    this.depth += 1;
    try {
      return this.read(node);
    } finally {
      this.depth -= 1;
    }
  }

  private read(node: SyntaxNode): Type | undefined {
    switch (node.name) {
      case 'VariableName':
        return this.ofName(textOf(this.code, node), node);
      case 'MemberExpression':
        return this.ofMember(node);
      case 'CallExpression': {
        const called = this.of(node.firstChild);
        return called?.kind === 'callable' ? called.result : undefined;
      }
      case 'String':
      case 'FormatString':
      case 'ContinuedString':
        return { kind: 'object', name: 'str' };
      case 'ArrayExpression': {
        const first = children(node)[1];
        return { kind: 'object', name: 'list', element: this.of(first) };
      }
      case 'ArrayComprehensionExpression':
        return { kind: 'object', name: 'list', element: this.of(children(node)[1]) };
      case 'DictionaryExpression':
      case 'DictionaryComprehensionExpression':
        return { kind: 'object', name: 'dict' };
      case 'SetExpression':
        return { kind: 'object', name: 'set' };
      case 'ParenthesizedExpression':
        return this.of(children(node)[1]);
      default:
        return undefined;
    }
  }

  /** Returns the types of another file. */
  private in(code: Code): Types {
    if (code === this.code) return this;
    const other = new Types(code, this.game, this.guess);
    // Files can import each other.
    other.depth = this.depth;
    return other;
  }

  /** Returns what a name is, seen from a place in the file. */
  ofName(name: string, at: SyntaxNode | null): Type | undefined {
    const { code } = this;
    if (name === 'self') {
      const around = classAround(at)?.getChild('VariableName');
      const own = around == null ? undefined : code.classes.get(textOf(code, around));
      return own === undefined ? undefined : { kind: 'own', class: own, code };
    }
    if (this.names.has(name)) return this.names.get(name);
    const type = this.readName(name);
    this.names.set(name, type);
    return type;
  }

  private readName(name: string): Type | undefined {
    const { code } = this;
    const module = code.modules.get(name);
    if (module !== undefined) return this.ofModule(module);
    const imported = code.imported.get(name);
    if (imported !== undefined) return this.ofImported(imported.module, imported.name);
    const own = code.classes.get(name);
    if (own !== undefined) return { kind: 'callable', own, result: { kind: 'own', class: own, code } };
    const values = code.bound.get(name);
    if (values === undefined) return this.fromStars(name) ?? this.ofBuiltin(name) ?? (this.guess ? usual(name) : undefined);
    const made = code.functions.get(name);
    if (made !== undefined) return { kind: 'callable', own: made, result: undefined };
    const types = values
      .filter(({ node }) => node.name !== 'None')
      .map(({ node, how }) => {
        if (how === 'unknown') return undefined;
        const type = this.of(node);
        return how === 'value' ? type : elementOf(type);
      });
    return same(types) ?? (this.guess ? (types.find((type) => type !== undefined) ?? usual(name)) : undefined);
  }

  private ofBuiltin(name: string): Type | undefined {
    return ['str', 'list', 'dict', 'set', 'tuple', 'int', 'float'].includes(name)
      ? { kind: 'callable', result: { kind: 'object', name } }
      : undefined;
  }

  private ofModule(module: string): Type | undefined {
    const file = this.game.codeOf(`${module.replaceAll('.', '/')}.py`);
    if (file !== undefined) return { kind: 'file', code: file };
    return moduleMembers(module) === undefined ? undefined : { kind: 'module', name: module };
  }

  private ofImported(module: string, name: string): Type | undefined {
    const from = this.ofModule(module);
    if (from?.kind === 'file') return this.in(from.code).ofName(name, null);
    if (from?.kind !== 'module') return undefined;
    return this.ofModule(`${module}.${name}`) ?? typeOfMember(moduleMembers(module)?.get(name));
  }

  private fromStars(name: string): Type | undefined {
    for (const module of this.code.stars) {
      const type = this.ofImported(module, name);
      if (type !== undefined) return type;
    }
    return undefined;
  }

  private ofMember(node: SyntaxNode): Type | undefined {
    const [object, sign, property] = children(node);
    const owner = this.of(object);
    if (sign?.name === '[') return children(node).some(({ name }) => name === ':') ? owner : elementOf(owner);
    return property?.name === 'PropertyName' && owner !== undefined ? this.memberOf(owner, textOf(this.code, property)) : undefined;
  }

  /** Returns what a member of something is. */
  memberOf(owner: Type, name: string): Type | undefined {
    if (owner.kind === 'module') return this.ofModule(`${owner.name}.${name}`) ?? typeOfMember(moduleMembers(owner.name)?.get(name));
    if (owner.kind === 'file') return this.in(owner.code).ofName(name, null);
    if (owner.kind === 'object') return typeOfMember(classMembers(owner.name)?.get(name));
    if (owner.kind !== 'own') return undefined;
    const types = this.in(owner.code);
    const method = owner.class.methods.get(name);
    if (method !== undefined) return { kind: 'callable', own: method, result: undefined };
    const values = owner.class.attributes.get(name);
    if (values !== undefined && (this.guess || !owner.code.setOutside.has(name))) {
      const found = values.filter((value) => value.name !== 'None').map((value) => types.of(value));
      return same(found) ?? (this.guess ? (found.find((type) => type !== undefined) ?? usual(name)) : undefined);
    }
    for (const base of types.basesOf(owner.class)) {
      const type = types.memberOf(base, name);
      if (type !== undefined) return type;
    }
    return undefined;
  }

  /** Returns objects of the classes that an own class comes from; undefined in the place of an unknown one. */
  private allBasesOf(own: OwnClass): (Type | undefined)[] {
    if (this.depth > 12) return [undefined];
    this.depth += 1;
    try {
      return own.bases.map((base) => {
        const type = this.of(base);
        return type?.kind === 'callable' ? type.result : undefined;
      });
    } finally {
      this.depth -= 1;
    }
  }

  basesOf(own: OwnClass): Type[] {
    return this.allBasesOf(own).filter((base) => base !== undefined);
  }

  /** Returns the members of something by name, each with what is known of it; undefined if they are not known. */
  membersOf(owner: Type): ReadonlyMap<string, Member | OwnDefinition | undefined> | undefined {
    if (owner.kind === 'module') return moduleMembers(owner.name);
    if (owner.kind === 'object') return classMembers(owner.name);
    if (owner.kind === 'file') return namesOf(owner.code);
    if (owner.kind === 'callable') return undefined;
    const types = this.in(owner.code);
    const all = new Map<string, Member | OwnDefinition | undefined>();
    for (const name of owner.class.attributes.keys()) all.set(name, undefined);
    for (const [name, method] of owner.class.methods) if (!name.startsWith('__')) all.set(name, method);
    for (const base of types.basesOf(owner.class)) {
      for (const [name, member] of types.membersOf(base) ?? []) if (!all.has(name)) all.set(name, member);
    }
    return all;
  }
}

/** Returns the names that a file offers to others. */
export function namesOf(code: Code): Map<string, OwnDefinition | undefined> {
  return new Map([...code.bound.keys()].map((name) => [name, code.classes.get(name) ?? code.functions.get(name)]));
}

/** Returns what a class of pygame or Python is called in the documentation: `pygame.Surface`, `str`. */
export function homeOf(name: string): string {
  return /^[a-z]/.test(name) ? name : (homes[name] ?? `pygame.${name}`);
}

const homes: Readonly<Record<string, string>> = {
  Event: 'pygame.event.Event',
  Clock: 'pygame.time.Clock',
  Font: 'pygame.font.Font',
  Sound: 'pygame.mixer.Sound',
  Channel: 'pygame.mixer.Channel',
  Joystick: 'pygame.joystick.Joystick',
  ...Object.fromEntries(
    ['Sprite', 'DirtySprite', 'Group', 'GroupSingle', 'LayeredUpdates', 'LayeredDirty'].map((name) => [name, `pygame.sprite.${name}`]),
  ),
};

/** Returns what things with a usual name most likely are. */
function usual(name: string): Type | undefined {
  const found = usualNames.find(([pattern]) => pattern.test(name));
  return found === undefined ? undefined : { kind: 'object', name: found[1] };
}

const usualNames: readonly (readonly [RegExp, string])[] = [
  [/^(screen|window|surface|surf|background|canvas|display)$|_(image|picture|surface|surf)$|^(image|picture)$/, 'Surface'],
  [/^(event|ev)$/, 'Event'],
  [/^clock$/, 'Clock'],
  [/^rect$|_rect$/, 'Rect'],
  [/^font$|_font$/, 'Font'],
  [/^sound$|_sound$/, 'Sound'],
  [/^sprite$/, 'Sprite'],
  [/^(group|sprites|all_sprites)$|_(group|sprites)$/, 'Group'],
];

function typeOfMember(member: Member | undefined): Type | undefined {
  if (member === undefined || member.kind === 'module') return undefined;
  if (member.kind === 'class') {
    const known: Members | undefined = classMembers(member.name);
    return { kind: 'callable', member, result: known === undefined ? undefined : { kind: 'object', name: member.name } };
  }
  const type = typeNamed(member.type);
  return member.kind === 'function' ? { kind: 'callable', member, result: type } : type;
}

/** Returns the type of a name of names.json: `Surface`, or `[Event]` for a list of them. */
function typeNamed(name: string | undefined): Type | undefined {
  if (name === undefined) return undefined;
  if (name.startsWith('[')) return { kind: 'object', name: 'list', element: typeNamed(name.slice(1, -1)) };
  return classMembers(name) === undefined ? undefined : { kind: 'object', name };
}

function elementOf(type: Type | undefined): Type | undefined {
  if (type?.kind !== 'object') return undefined;
  if (['Group', 'LayeredUpdates', 'LayeredDirty'].includes(type.name)) return { kind: 'object', name: 'Sprite' };
  return type.name === 'list' ? type.element : undefined;
}

/** Returns the type that all values have. `None` at the beginning counts for nothing. */
function same(types: (Type | undefined)[]): Type | undefined {
  const [first, ...others] = types;
  const key = (type: Type | undefined): string =>
    type === undefined ? '?' : type.kind === 'own' ? `own ${type.class.name}` : type.kind === 'object' ? type.name : type.kind;
  return others.every((other) => key(other) === key(first)) ? first : undefined;
}
