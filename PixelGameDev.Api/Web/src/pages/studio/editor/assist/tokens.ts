import { pythonsWords } from './names';

/** A word, sign, number or text of Python. */
export interface Token {
  kind: 'name' | 'word' | 'number' | 'text' | 'sign' | 'open' | 'close';
  from: number;
  to: number;
  text: string;
  /** How many brackets are open around it. */
  depth: number;
  /** Whether it is the first one of a line of the file. */
  first: boolean;
}

/** A line as Python reads it: brackets and backslashes join several lines of the file. */
export interface Line {
  tokens: Token[];
  /** Spaces and tabs before it. */
  indent: string;
}

/** Why the rest of a file cannot be read. */
export type Break =
  | { kind: 'unclosedText'; from: number; to: number; quote: string }
  | { kind: 'strangeSign'; from: number; to: number; sign: string }
  | { kind: 'unclosed'; from: number; to: number; bracket: string }
  | { kind: 'unmatched'; from: number; to: number; bracket: string }
  | { kind: 'wrongBracket'; from: number; to: number; bracket: string; open: string };

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const words = new Set(pythonsWords);
const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const number = /0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][+-]?\d+)?[jJ]?/y;
const sign = /\*\*=?|\/\/=?|>>=?|<<=?|->|:=|\.\.\.|[-+*/%@&|^=<>!]=|[-+*/%@&|^~<>=.,:;]/y;
const textStart = /(?:[rRbBuUfF]{1,2})?("""|'''|"|')/y;
/** Signs after which a name on the next line belongs to the same line. */
const startsStatement = /^(def|class|import|return|while|try|except|finally|with|elif|global|nonlocal|pass|break|continue|raise|del)$/;

/** Cuts a file into lines of tokens, up to the first place that cannot be read. */
export function readLines(text: string): { lines: Line[]; broken?: Break } {
  const lines: Line[] = [];
  const open: Token[] = [];
  let tokens: Token[] = [];
  let at = 0;
  let lineStart = 0;
  let first = true;
  const finish = (): void => {
    if (tokens.length > 0) lines.push({ tokens, indent: indentAt(text, tokens[0]!.from) });
    tokens = [];
  };
  const unclosed = (): Break => {
    const bracket = open.at(-1)!;
    return { kind: 'unclosed', from: bracket.from, to: bracket.to, bracket: bracket.text };
  };
  while (at < text.length) {
    const letter = text[at]!;
    if (letter === '\n') {
      if (open.length === 0) finish();
      at += 1;
      lineStart = at;
      first = true;
      continue;
    }
    if (letter === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    if (letter === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at = text.indexOf('\n', at) + 1;
      continue;
    }
    if (/[ \t\r\f\ufeff]/.test(letter)) {
      at += 1;
      continue;
    }
    const token = readToken(text, at, open.length, first);
    if (token === undefined) {
      const sign = String.fromCodePoint(text.codePointAt(at)!);
      return { lines, broken: { kind: 'strangeSign', from: at, to: at + sign.length, sign } };
    }
    if (token === 'unclosed') {
      const end = text.indexOf('\n', at);
      const quote = /["']/.exec(text.slice(at))![0];
      return { lines, broken: { kind: 'unclosedText', from: at, to: end < 0 ? text.length : end, quote } };
    }
    if (first && open.length > 0 && beginsStatement(token, tokens.at(-1)!, text, lineStart, open[0]!)) return { lines, broken: unclosed() };
    first = false;
    if (token.kind === 'close') {
      const partner = open.pop();
      const place = { from: token.from, to: token.to, bracket: token.text };
      if (partner === undefined) return { lines, broken: { kind: 'unmatched', ...place } };
      if (partner.text !== pairs[token.text]) return { lines, broken: { kind: 'wrongBracket', ...place, open: partner.text } };
      token.depth -= 1;
    }
    tokens.push(token);
    if (token.kind === 'open') open.push(token);
    at = token.to;
  }
  if (open.length > 0) return { lines, broken: unclosed() };
  finish();
  return { lines };
}

/** Whether a new statement begins at a line of the file, although a bracket is open: then the bracket was forgotten. */
function beginsStatement(token: Token, before: Token, text: string, lineStart: number, bracket: Token): boolean {
  if (token.kind === 'word' && startsStatement.test(token.text)) return true;
  const opened = indentAt(text, text.lastIndexOf('\n', bracket.from - 1) + 1);
  return isValue(before) && token.kind === 'name' && token.from - lineStart <= opened.length;
}

/** Whether a token can be a value or the end of one. */
export function isValue({ kind, text }: Token): boolean {
  return kind === 'name' || kind === 'number' || kind === 'text' || kind === 'close' || /^(True|False|None)$/.test(text);
}

function readToken(text: string, at: number, depth: number, first: boolean): Token | 'unclosed' | undefined {
  const make = (kind: Token['kind'], to: number): Token => ({ kind, from: at, to, text: text.slice(at, to), depth, first });
  textStart.lastIndex = at;
  const start = textStart.exec(text);
  if (start !== null) {
    const end = endOfText(text, at + start[0].length, start[1]!, /[fF]/.test(start[0]), /[rR]/.test(start[0]));
    return end === undefined ? 'unclosed' : make('text', end);
  }
  if ('([{'.includes(text[at]!)) return make('open', at + 1);
  if (')]}'.includes(text[at]!)) return make('close', at + 1);
  for (const [pattern, kind] of [
    [name, 'name'],
    [number, 'number'],
    [sign, 'sign'],
  ] as const) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined && found !== '') return make(kind === 'name' && words.has(found) ? 'word' : kind, at + found.length);
  }
  return undefined;
}

/** Returns the place behind a text; undefined if it does not end. The parts in braces of an f-text can have texts of their own. */
function endOfText(text: string, from: number, quote: string, formatted: boolean, raw: boolean): number | undefined {
  let at = from;
  while (at < text.length) {
    if (text.startsWith(quote, at)) return at + quote.length;
    if (text[at] === '\\' && !(formatted && raw && text[at + 1] === '{')) at += text.startsWith('\\\r\n', at) ? 3 : 2;
    else if (text[at] === '\n' && quote.length === 1) return undefined;
    else if (formatted && text[at] === '{' && text[at + 1] !== '{') {
      const end = endOfBraces(text, at + 1, quote);
      if (end === undefined) return undefined;
      at = end;
    } else at += formatted && text.startsWith('{{', at) ? 2 : 1;
  }
  return undefined;
}

function endOfBraces(text: string, from: number, quote: string): number | undefined {
  let depth = 1;
  for (let at = from; at < text.length; ) {
    textStart.lastIndex = at;
    const start = text.startsWith(quote, at) && depth === 1 && /[^,(=\s[{+:]$/.test(text.slice(from, at)) ? null : textStart.exec(text);
    if (start !== null) {
      const end = endOfText(text, at + start[0].length, start[1]!, /[fF]/.test(start[0]), /[rR]/.test(start[0]));
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (text[at] === '\n' && quote.length === 1) return undefined;
    if ('{[('.includes(text[at]!)) depth += 1;
    if ('}])'.includes(text[at]!)) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return undefined;
}

function indentAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t\f\ufeff]*/.exec(text.slice(start))![0].replace('\ufeff', '');
}
