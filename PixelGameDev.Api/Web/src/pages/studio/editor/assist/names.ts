import data from './names.json';

/** A member of a module or class. */
export interface Member {
  name: string;
  kind: 'function' | 'class' | 'module' | 'value';
  /** Parameters of a function or class, as a person writes them; undefined if they are not known. */
  parameters?: string;
  /** Type of the value, or of the result of the function; undefined if it is not known. */
  type?: string;
}

/** Names of a module or a class, and what they are. */
export type Members = ReadonlyMap<string, Member>;

const modules: Readonly<Record<string, Readonly<Record<string, string>>>> = data.modules;
const classes: Readonly<Record<string, Readonly<Record<string, string>>>> = data.classes;
const cache = new Map<string, Members>();

/** Names that Python knows in each file. */
export const builtins: ReadonlySet<string> = new Set(data.builtins);
/** Modules of Python's own library. */
export const libraries: readonly string[] = data.libraries;
/** Modules whose names are known. */
export const knownModules: readonly string[] = Object.keys(modules);

export const pythonsWords: readonly string[] =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  );

/** Returns the names of a module; undefined if it is not a known one. */
export function moduleMembers(module: string): Members | undefined {
  return membersOf(`module ${module}`, Object.hasOwn(modules, module) ? modules[module] : undefined);
}

/** Returns the names of an object of a class of pygame or Python; undefined if it is not a known one. */
export function classMembers(name: string): Members | undefined {
  return membersOf(`class ${name}`, Object.hasOwn(classes, name) ? classes[name] : undefined);
}

function membersOf(key: string, kinds: Readonly<Record<string, string>> | undefined): Members | undefined {
  if (kinds === undefined) return undefined;
  let members = cache.get(key);
  if (members === undefined) {
    members = new Map(Object.entries(kinds).map(([name, kind]) => [name, read(name, kind)]));
    cache.set(key, members);
  }
  return members;
}

/** Reads a kind of names.json. */
function read(name: string, kind: string): Member {
  // Samples: (size, flags=0)->Surface | class(left, top) | class | module | :Rect
  const called = /^\((.*)\)->(.*)$/.exec(kind);
  if (called !== null) return withType({ name, kind: 'function', ...parameters(called[1]!) }, called[2]!);
  const made = /^class(?:\((.*)\))?$/.exec(kind);
  if (made !== null) return { name, kind: 'class', ...(made[1] !== undefined && parameters(made[1])) };
  if (kind === 'module') return { name, kind: 'module' };
  return withType({ name, kind: 'value' }, kind.replace(/^:/, ''));
}

function parameters(text: string): { parameters?: string } {
  return text === '…' ? {} : { parameters: text };
}

function withType(member: Member, type: string): Member {
  return type === '' ? member : { ...member, type };
}
