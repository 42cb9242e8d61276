import { pythonLanguage } from '@codemirror/lang-python';
import type { SyntaxNode, Tree } from '@lezer/common';
import { readImport } from './imports';

/** A function or class of the person's own. */
export interface OwnDefinition {
  name: string;
  kind: 'function' | 'class';
  /** Parameters as they are written, without self. */
  parameters: string;
  /** First line of the documentation that the person wrote. */
  docs: string;
}

/** A class of the person's own. */
export interface OwnClass extends OwnDefinition {
  bases: SyntaxNode[];
  /** Methods and attributes by name; the values of attributes as nodes. */
  methods: Map<string, OwnDefinition>;
  attributes: Map<string, SyntaxNode[]>;
}

/** A name's value: an expression, or an element of one. */
export interface Value {
  node: SyntaxNode;
  /** `element`: one of the values of the expression, as in a loop. `unknown`: parameters, parts of tuples, and so on. */
  how: 'value' | 'element' | 'unknown';
}

/** What a file defines, by a reading of its syntax only. */
export interface Code {
  text: string;
  tree: Tree;
  /** Names that get a value somewhere in the file, with all these values. */
  bound: Map<string, Value[]>;
  functions: Map<string, OwnDefinition>;
  classes: Map<string, OwnClass>;
  /** Names of imported modules: `pg` → `pygame`. */
  modules: Map<string, string>;
  /** Imported names: `Rock` → module `things`, name `Rock`. */
  imported: Map<string, { module: string; name: string }>;
  /** All dotted names of imported modules: `os.path`. */
  dotted: Set<string>;
  /** Modules of which everything is imported. */
  stars: string[];
  /** Attributes that get a value from outside of their class: `hero.speed = 3`. */
  setOutside: Set<string>;
  /** Whether names can appear that no reading of the file can find. */
  dynamic: boolean;
}

export function readCode(text: string, tree: Tree = pythonLanguage.parser.parse(text)): Code {
  const code: Code = {
    text,
    tree,
    bound: new Map(),
    functions: new Map(),
    classes: new Map(),
    modules: new Map(),
    imported: new Map(),
    dotted: new Set(),
    stars: [],
    setOutside: new Set(),
    dynamic: /\b(exec|eval|hasattr|getattr|delattr|globals|locals|vars|setattr|__import__)\s*\(|\b__(getattr|dict)__\b/.test(text),
  };
  tree.iterate({ enter: ({ node }) => readNode(code, node) });
  return code;
}

export function textOf(code: Code, node: SyntaxNode): string {
  return code.text.slice(node.from, node.to);
}

/** Returns the children of a node. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) all.push(child);
  return all;
}

/** Returns the class definition around a node, if it is in one. */
export function classAround(node: SyntaxNode | null): SyntaxNode | null {
  for (let at = node?.parent ?? null; at !== null; at = at.parent) if (at.name === 'ClassDefinition') return at;
  return null;
}

const readers: Readonly<Record<string, (code: Code, node: SyntaxNode) => void>> = {
  ImportStatement: readImport,
  FunctionDefinition: readFunction,
  ClassDefinition: readClass,
  ParamList: readParameters,
  AssignStatement: readAssignment,
  NamedExpression: (code, node) => bindAll(code, children(node).slice(0, 1), node.lastChild, 'value'),
  // A name stays what it is.
  UpdateStatement: declareAll,
  ScopeStatement: declareAll,
  ForStatement: readLoops,
  ArrayComprehensionExpression: readLoops,
  ComprehensionExpression: readLoops,
  SetComprehensionExpression: readLoops,
  DictionaryComprehensionExpression: readLoops,
  ArgList: readLoops,
  WithStatement: readAs,
  TryStatement: readAs,
  AsPattern: readAs,
  CapturePattern: (code, node) => bindAll(code, children(node), null, 'unknown'),
  TypeDefinition: (code, node) => bindAll(code, node.getChildren('VariableName').slice(0, 1), null, 'unknown'),
};

function readNode(code: Code, node: SyntaxNode): void {
  // What the parser could not read may define names.
  if (node.type.isError) bindAround(code, node);
  else readers[node.name]?.(code, node);
}

function declareAll(code: Code, node: SyntaxNode): void {
  for (const { from, to } of node.getChildren('VariableName')) declare(code, code.text.slice(from, to));
}

function declare(code: Code, name: string): void {
  if (!code.bound.has(name)) code.bound.set(name, []);
}

/** Notes a value of a name. */
export function bind(code: Code, name: string, value: Value): void {
  const values = code.bound.get(name);
  if (values === undefined) code.bound.set(name, [value]);
  else values.push(value);
}

function bindAll(code: Code, targets: SyntaxNode[], value: SyntaxNode | null, how: Value['how']): void {
  for (const target of targets) {
    if (target.name === 'VariableName') bind(code, textOf(code, target), { node: value ?? target, how: value === null ? 'unknown' : how });
    else if (target.name === 'MemberExpression') readAttribute(code, target, how === 'value' ? value : null);
    else if (/^(Tuple|Array|Parenthesized)Expression$/.test(target.name)) bindAll(code, children(target), null, 'unknown');
  }
}

function bindAround(code: Code, node: SyntaxNode): void {
  const around = /Statement|Definition|Script|Body/;
  let statement = node;
  while (statement.parent !== null && !around.test(statement.name)) statement = statement.parent;
  const from = code.text.lastIndexOf('\n', node.from - 1) + 1;
  const to = Math.max(node.to, code.text.indexOf('\n', node.to));
  for (const [name] of code.text.slice(from, to).matchAll(/[^\W\d]\w*(?=\s*(?:[,)\]=:]|as\b))/gu))
    bind(code, name, { node: statement, how: 'unknown' });
}

/** Reads name, parameters and documentation of a function or class. */
function definitionOf(code: Code, node: SyntaxNode, kind: OwnDefinition['kind']): OwnDefinition | undefined {
  const name = node.getChild('VariableName');
  if (name === null) return undefined;
  const parameters = node.getChild('ParamList');
  const first = node.getChild('Body')?.getChild('ExpressionStatement')?.firstChild;
  const body = node.getChild('Body')?.firstChild?.nextSibling;
  const isDocs = first?.name === 'String' && body?.name === 'ExpressionStatement' && body.firstChild?.from === first.from;
  const written =
    parameters === null
      ? ''
      : textOf(code, parameters)
          .replace(/^\(|\)$/g, '')
          .replace(/\s+/g, ' ');
  return {
    name: textOf(code, name),
    kind,
    parameters: written.replace(/^(self|cls)\s*(,\s*|$)/, ''),
    docs: isDocs
      ? textOf(code, first)
          .replace(/^\w*("""|'''|"|')|("""|'''|"|')$/g, '')
          .trim()
          .split('\n')[0]!
      : '',
  };
}

function readFunction(code: Code, node: SyntaxNode): void {
  const own = definitionOf(code, node, 'function');
  if (own === undefined) return;
  bind(code, own.name, { node, how: 'unknown' });
  if (methodOf(node) === null) code.functions.set(own.name, own);
}

/** Returns the class that a function is a method of. */
function methodOf(node: SyntaxNode): SyntaxNode | null {
  const outer = node.parent?.name === 'DecoratedStatement' ? node.parent : node;
  return outer.parent?.name === 'Body' && outer.parent.parent?.name === 'ClassDefinition' ? outer.parent.parent : null;
}

function readClass(code: Code, node: SyntaxNode): void {
  const own = definitionOf(code, node, 'class');
  if (own === undefined) return;
  bind(code, own.name, { node, how: 'unknown' });
  const bases = children(node.getChild('ArgList') ?? node).filter(({ name }) => /^(VariableName|MemberExpression)$/.test(name));
  const made: OwnClass = { ...own, bases: node.getChild('ArgList') === null ? [] : bases, methods: new Map(), attributes: new Map() };
  for (const statement of children(node.getChild('Body') ?? node)) {
    const inner = statement.name === 'DecoratedStatement' ? statement.getChild('FunctionDefinition') : statement;
    if (inner?.name === 'FunctionDefinition') {
      const method = definitionOf(code, inner, 'function');
      if (method !== undefined) made.methods.set(method.name, method);
    } else if (inner?.name === 'AssignStatement' && inner.firstChild?.name === 'VariableName') {
      made.attributes.set(textOf(code, inner.firstChild), inner.lastChild === null ? [] : [inner.lastChild]);
    }
  }
  made.parameters = made.methods.get('__init__')?.parameters ?? '';
  code.classes.set(own.name, made);
}

function readParameters(code: Code, node: SyntaxNode): void {
  let afterEquals = false;
  for (const child of children(node)) {
    if (child.name === 'AssignOp') afterEquals = true;
    else if (child.name === ',') afterEquals = false;
    else if (child.name === 'VariableName' && !afterEquals) bind(code, textOf(code, child), { node: child, how: 'unknown' });
  }
}

function readAssignment(code: Code, node: SyntaxNode): void {
  const parts = children(node);
  const last = parts.map(({ name }) => name).lastIndexOf('AssignOp');
  const values = parts.slice(last + 1);
  if (last < 0) {
    bindAll(code, parts.slice(0, 1), null, 'unknown');
    return;
  }
  // a, b = 1, 2 gives each its own value.
  const groups: SyntaxNode[][] = [[]];
  for (const part of parts.slice(0, last)) {
    if (part.name === 'AssignOp') groups.push([]);
    else if (part.name !== ',' && part.name !== 'TypeDef') groups.at(-1)!.push(part);
  }
  const given = values.filter(({ name }) => name !== ',');
  for (const targets of groups) {
    targets.forEach((target, i) =>
      bindAll(code, [target], targets.length === given.length ? given[i]! : null, targets.length === given.length ? 'value' : 'unknown'),
    );
  }
}

/** Reads the targets between each `for` and `in`. */
function readLoops(code: Code, node: SyntaxNode): void {
  const parts = children(node);
  parts.forEach((part, start) => {
    if (part.name !== 'for') return;
    const end = parts.findIndex((other, i) => i > start && other.name === 'in');
    if (end < 0) return;
    const targets = parts.slice(start + 1, end).filter(({ name }) => name !== ',');
    const value = parts[end + 1] ?? null;
    bindAll(code, targets, targets.length === 1 ? value : null, 'element');
  });
}

function readAs(code: Code, node: SyntaxNode): void {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === 'as' && child.nextSibling !== null)
      bindAll(code, [child.nextSibling], node.name === 'WithStatement' ? child.prevSibling : null, 'value');
  }
}

/** Reads `self.image = …` as an attribute of the class around it. */
function readAttribute(code: Code, target: SyntaxNode, value: SyntaxNode | null): void {
  const [object, , property] = children(target);
  const around = classAround(target);
  const name = around?.getChild('VariableName') ?? null;
  if (property?.name !== 'PropertyName' || object === undefined) return;
  const own = name !== null && textOf(code, object) === 'self' ? code.classes.get(textOf(code, name)) : undefined;
  if (own === undefined) {
    code.setOutside.add(textOf(code, property));
    return;
  }
  const attribute = textOf(code, property);
  const values = own.attributes.get(attribute) ?? [];
  // A value of an unknown kind: the target itself has no type.
  values.push(value ?? property);
  own.attributes.set(attribute, values);
}
