import { assistWords } from './docs';
import { isValue, type Line, readLines, type Token } from './tokens';

/** A place in the code that Python cannot read, or that cannot be right. */
export interface Mark {
  from: number;
  to: number;
  message: string;
  /** Text that can take the place of the marked one, and what to call that. */
  fix?: { label: string; from: number; to: number; text: string };
}

const blocks = /^(if|elif|else|for|while|def|class|try|except|finally|with)$/;
const needs: ReadonlyMap<string, RegExp> = new Map([
  ['elif', /^(if|elif)$/],
  ['else', /^(if|elif|for|while|except|try)$/],
  ['except', /^(try|except)$/],
  ['finally', /^(try|except|else)$/],
]);
/** Words and signs that need something behind them. */
const unfinished = /^([-+/%=<>.@&|^~]|[-+*/%<>=!&|^]=|\*\*|\/\/|and|or|not|in|is|if|lambda|import|from)$/;

/** Finds what Python cannot read. Correct code has no marks; not everything wrong has one. */
export function syntaxMarks(text: string): Mark[] {
  const { lines, broken } = readLines(text);
  const words = assistWords().marks;
  const marks: Mark[] = [];
  if (broken !== undefined) {
    const { from, to } = broken;
    const message = {
      unclosedText: () => words.unclosedText,
      strangeSign: () => {
        const sign = 'sign' in broken ? broken.sign : '';
        return /[\u2018-\u201f\u00ab\u00bb\u2039\u203a\u2032\u2033]/.test(sign) ? words.curlyQuotes(sign) : words.strangeSign(sign);
      },
      unclosed: () => words.unclosed('bracket' in broken ? broken.bracket : ''),
      unmatched: () => words.unmatched('bracket' in broken ? broken.bracket : ''),
      wrongBracket: () => words.wrongBracket('bracket' in broken ? broken.bracket : '', 'open' in broken ? broken.open : ''),
    }[broken.kind]();
    marks.push({ from, to, message });
  }
  for (const line of lines) {
    const mark = lineMark(line);
    if (mark !== undefined) marks.push(mark);
  }
  marks.push(...indentMarks(lines, broken === undefined, new Set(marks.map(({ from }) => from))));
  return marks;
}

/** Returns the first mistake within a line. */
function lineMark({ tokens }: Line): Mark | undefined {
  const words = assistWords().marks;
  const [first, second] = tokens;
  const last = tokens.at(-1)!;
  const over = (from: Token, to: Token, message: string, fix?: Mark['fix']): Mark => ({
    from: from.from,
    to: to.to,
    message,
    ...(fix !== undefined && { fix }),
  });
  if (first === undefined) return undefined;
  const text = first.text;
  if (text === 'else' && second?.text === 'if')
    return over(first, second, words.elseIf, { label: words.write('elif'), from: first.from, to: second.to, text: 'elif' });
  if (text === 'print' && second !== undefined && isValue(second) && second.kind !== 'close') return over(first, last, words.printBrackets);
  if (/^(if|elif|while)$/.test(text)) {
    const sign = tokens.find((token) => (token.text === '=' || token.text === ':') && token.depth === 0);
    const equals = sign?.text === '=' ? sign : undefined;
    if (equals !== undefined)
      return over(equals, equals, words.assignInCondition, { label: words.write('=='), ...placeOf(equals), text: '==' });
  }
  const ends = tokens.at(-2);
  if (ends !== undefined && /^[-+]$/.test(last.text) && ends.text === last.text && ends.to === last.from)
    return over(ends, last, words.plusPlus(last.text));
  const soft = /^(match|case|type)$/.test(text) && second !== undefined && !/^[=.,(:[]|^.=$/.test(second.text);
  for (let i = soft ? 2 : 1; i < tokens.length; i++) {
    const [before, token] = [tokens[i - 1]!, tokens[i]!];
    if (isValue(before) && isValue(token) && token.kind !== 'close' && !(before.kind === 'text' && token.kind === 'text'))
      return over(before, token, token.depth > 0 ? words.comma(before.text, token.text) : words.missing(before.text, token.text));
  }
  if (blocks.test(text) || (text === 'async' && second !== undefined && blocks.test(second.text))) {
    const own = tokens.filter(({ depth }) => depth === 0);
    const colons = own.filter((token) => token.text === ':').length - own.filter((token) => token.text === 'lambda').length;
    if (colons < 1) {
      const colon = { label: words.write(':'), from: last.to, to: last.to, text: ':' };
      return over(tokens.length > 1 ? last : first, last, words.colon(text), colon);
    }
  }
  const isStar = last.text === '*';
  if (!isStar && unfinished.test(last.text) && !(last.text === '.' && tokens.length === 1))
    return over(last, last, words.unfinished(last.text));
  return undefined;
}

function placeOf({ from, to }: Token): { from: number; to: number } {
  return { from, to };
}

/** Finds lines that begin at a wrong place. `whole`: the last line is the end of the file. */
function indentMarks(lines: Line[], whole: boolean, marked: Set<number>): Mark[] {
  const words = assistWords().marks;
  const marks: Mark[] = [];
  // Tabs beside spaces: Python counts differently from people.
  const kinds = new Set(lines.flatMap(({ indent }) => [...indent.replace(/\f/g, '')]));
  if (kinds.size > 1) return marks;
  const levels: { width: number; block: string }[] = [{ width: 0, block: '' }];
  let opening: Line | undefined;
  for (const line of lines) {
    const first = line.tokens[0]!;
    const width = line.indent.length;
    const at = { from: first.from, to: line.tokens.at(-1)!.to };
    const level = levels.at(-1)!;
    if (opening !== undefined) {
      if (width > level.width) levels.push({ width, block: '' });
      else marks.push({ ...at, message: words.indentNeeded(opening.tokens[0]!.text) });
    } else if (width > level.width) {
      marks.push({ ...at, message: words.indentTooFar });
      levels.push({ width, block: '' });
    }
    while (levels.at(-1)!.width > width) levels.pop();
    const here = levels.at(-1)!;
    if (here.width !== width) {
      marks.push({ ...at, message: words.indentNothing });
      levels.push({ width, block: '' });
    }
    const start = first.text === 'async' ? line.tokens[1]!.text : first.text;
    const needed = needs.get(start);
    if (needed !== undefined && !needed.test(levels.at(-1)!.block) && marks.every(({ from }) => from !== first.from))
      marks.push({ from: first.from, to: first.to, message: words.alone(start) });
    levels.at(-1)!.block = first.text === '@' ? '' : start;
    opening = opens(line) ? line : undefined;
  }
  if (opening !== undefined && whole) {
    const { from } = opening.tokens[0]!;
    marks.push({ from, to: opening.tokens.at(-1)!.to, message: words.blockMissing(opening.tokens[0]!.text) });
  }
  return marks.filter(({ from }) => !marked.has(from));
}

/** Whether a block must follow. */
function opens({ tokens }: Line): boolean {
  const [first, second] = tokens;
  const isBlock = blocks.test(first!.text) || (first!.text === 'async' && second !== undefined && blocks.test(second.text));
  if (tokens.at(-1)!.text === ':') return isBlock || /^(match|case)$/.test(first!.text);
  // The colon is missing, or the block stands in the same line.
  return isBlock && !tokens.some(({ text, depth }) => text === ':' && depth === 0);
}
