import { errorWords } from '../language/errorWords';
import type { Explanation, Mistake } from './mistake';

const pythonsWords =
  'False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield';

/** Explains a line that Python cannot read. Python's message is often only “invalid syntax”; then the line itself says more. */
export function explainSyntax({ message, source }: Mistake): Explanation {
  let m: RegExpMatchArray | null;
  // else if x: | elseif x: | elsif x:
  if (/^else\s+if\b|^els(e)?if\b/.test(source)) return errorWords().explain.elseIf;
  // invalid character '“' (U+201C)
  if ((m = message.match(/invalid (?:character|non-printable character) '?(.)'? \(U\+/u))) {
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
  if (/expected ':'/.test(message)) return errorWords().explain.missingColon;
  if ((m = message.match(/'(.)' was never closed/))) return errorWords().explain.unclosed(m[1]!);
  if ((m = message.match(/unmatched '(.)'|closing parenthesis '(.)'/))) return errorWords().explain.unmatched(m[1] ?? m[2]!);
  if (/unterminated|EOL while scanning/.test(message)) return errorWords().explain.unclosedText;
  if (/Maybe you meant '=='|cannot assign to (comparison|expression|function call)/.test(message))
    return errorWords().explain.assignInCondition;
  if (/invalid decimal literal/.test(message)) return errorWords().explain.digitFirst;
  // class = 5 | cannot assign to True
  if ((m = source.match(new RegExp(`^(${pythonsWords})\\s*=(?!=)`)))) return errorWords().explain.pythonsWord(m[1]!);
  if ((m = source.match(/^(\w+)(\+\+|--)$/))) return errorWords().explain.plusPlus(m[1]!, m[2]![0]!);
  return errorWords().explain.syntax;
}
