import { errorWords } from '../language/errorWords';
import { libraries } from './libraries';
import type { Explanation, Mistake } from './mistake';
import { nearest } from './nearest';

const pythonsWords =
  'False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield';

/** The words that lines begin with. */
const firstWords = 'import from def class if elif else while for return print global break continue pass try except with lambda'.split(' ');

/** Explains a line that Python cannot read. Python's message is often only “invalid syntax”; then the line itself says more. */
export function explainSyntax({ message, source }: Mistake): Explanation {
  let m: RegExpMatchArray | null;
  // else if x: | elseif x: | elsif x:
  if (/^else\s+if\b|^els(e)?if\b/.test(source)) return errorWords().explain.elseIf;
  if (/^(pip3?|python3?|py) .*\b(install|-m)\b|^(pip3?|python3?) /.test(source))
    return errorWords().mistakes.installing(libraries.join(', '));
  // invalid non-printable character U+00A0
  if ((m = message.match(/invalid non-printable character (U\+\w+)/))) return errorWords().mistakes.invisibleSign(m[1]!);
  // invalid character '“' (U+201C)
  if ((m = message.match(/invalid character '?(.)'? \(U\+/u))) {
    return /[\u2018-\u201f\u00ab\u00bb\u2039\u203a\u2032\u2033]/.test(m[1]!)
      ? errorWords().explain.curlyQuotes(m[1]!)
      : errorWords().explain.strangeSign(m[1]!);
  }
  // Missing parentheses in call to 'print'. Did you mean print(...)?
  if (/Missing parentheses in call to 'print'/.test(message)) return errorWords().explain.printBrackets;
  if (/forgot a comma/.test(message)) return errorWords().explain.forgottenComma;
  if (/'return' outside function/.test(message)) return errorWords().explain.returnOutside;
  // 'break' outside loop | 'continue' not properly in loop
  if ((m = message.match(/'(break|continue)' (?:outside|not properly in) loop/))) return errorWords().explain.loopOutside(m[1]!);
  if (/expected ':'/.test(message))
    return /^\w.*\w\W?$/.test(source) && !/[#:\\]/.test(source)
      ? errorWords().mistakes.colonMissingAfter(source)
      : errorWords().explain.missingColon;
  // closing parenthesis ')' does not match opening parenthesis '['
  if ((m = message.match(/closing parenthesis '(.)' does not match opening parenthesis '(.)'/)))
    return errorWords().mistakes.wrongBracket(m[2]!, m[1]!);
  if ((m = message.match(/'(.)' was never closed/))) return errorWords().explain.unclosed(m[1]!);
  if ((m = message.match(/unmatched '(.)'|closing parenthesis '(.)'/))) return errorWords().explain.unmatched(m[1] ?? m[2]!);
  // f-string: expecting '}'
  if (/f-string: (expecting|unmatched|single)/.test(message)) return errorWords().mistakes.fText;
  // (unicode error) 'unicodeescape' codec can't decode bytes in position 2-3: truncated \UXXXXXXXX escape
  if (/unicodeescape/.test(message)) return errorWords().mistakes.pathBackslash;
  if (/leading zeros/.test(message)) return errorWords().mistakes.leadingZero;
  if (/positional argument follows keyword/.test(message)) return errorWords().mistakes.namedBeforeValue;
  // name 'score' is used prior to global declaration | is assigned to before global declaration
  if ((m = message.match(/name '(\w+)' is .*global declaration/))) return errorWords().mistakes.globalLate(m[1]!);
  // cannot assign to literal here. Maybe you meant '==' instead of '='? for 5 = x; but if x == 5 = y
  if ((m = source.match(/^[^=<>!]*[^\w\s=<>!"'[(][^=<>!]*=\s*([A-Za-z_]\w*)$|^(?:\d[\d.]*|"[^"]*"|'[^']*')\s*=\s*([A-Za-z_]\w*)$/)))
    if (/cannot assign to (literal|expression)/.test(message)) return errorWords().mistakes.valueOnLeft(m[1] ?? m[2]!);
  if (/unterminated|EOL while scanning/.test(message)) return errorWords().explain.unclosedText;
  if (/Maybe you meant '=='|cannot assign to (comparison|expression|function call)/.test(message))
    return errorWords().explain.assignInCondition;
  if (/invalid decimal literal/.test(message)) return errorWords().explain.digitFirst;
  // class = 5 | cannot assign to True
  if ((m = source.match(new RegExp(`^(${pythonsWords})\\s*=(?!=)`)))) return errorWords().explain.pythonsWord(m[1]!);
  if ((m = source.match(/^(\w+)(\+\+|--)$/))) return errorWords().explain.plusPlus(m[1]!, m[2]![0]!);
  return explainWords(message, source) ?? errorWords().explain.syntax;
}

/** Explains a line by its words, where Python says only “invalid syntax”. */
function explainWords(message: string, source: string): Explanation | undefined {
  let m: RegExpMatchArray | null;
  const words = errorWords().mistakes;
  // x > 0 && x < 5 | a || b | !x
  if ((m = source.match(/(&&|\|\|)/))) return words.otherLanguage(m[1]!, m[1] === '&&' ? 'and' : 'or');
  if (/(^|[\s(])!\s*[\w(]/.test(source)) return words.otherLanguage('!', 'not');
  if (/^(else|elif)\b/.test(source)) return words.lonelyElse(/^\w+/.exec(source)![0]);
  if ((m = source.match(/\brange\s+(\w+)/))) return words.rangeBrackets(m[1]!);
  if ((m = source.match(/^def\s+(\w+)\s*:/))) return words.defBrackets(m[1]!);
  // if x not 5:
  if ((m = source.match(/[\w\])]\s+not\s+(?!in\b)(\w+)/)) && /^(if|elif|while)\b/.test(source)) return words.notAlone(m[1]!);
  const first = /^([A-Za-z]+)\s+[\w"']/.exec(source)?.[1];
  if (message === 'invalid syntax' && first !== undefined && !firstWords.includes(first)) {
    const near = nearest(first, firstWords);
    if (near !== undefined) return words.wordTypo(first, near);
  }
  return undefined;
}
