import { errorWords } from '../language/errorWords';
import { capital, type Explanation, kind, type Mistake } from './mistake';

/** Explains a value of the wrong type. */
export function explainType({ message, source }: Mistake): Explanation {
  let m: RegExpMatchArray | null;
  // can only concatenate str (not "int") to str | unsupported operand type(s) for +: 'int' and 'str'
  if (/concatenate str|for \+=?: '(int|float)' and 'str'|for \+=?: 'str' and '(int|float)'/.test(message))
    return errorWords().explain.textPlusNumber;
  // unsupported operand type(s) for -: 'str' and 'int' | '>' not supported between instances of 'str' and 'int'
  if ((m = message.match(/for (\S+): '(\w+)' and '(\w+)'|'(\S+)' not supported between instances of '(\w+)' and '(\w+)'/))) {
    const [sign, left, right] = [m[1] ?? m[4]!, m[2] ?? m[5]!, m[3] ?? m[6]!];
    if (isNumber(left) !== isNumber(right) && (left === 'str' || right === 'str'))
      return errorWords().explain.textAsNumber(nameBeside(source, sign, left === 'str'));
  }
  // 'str' object cannot be interpreted as an integer: range("5") | range(n)
  if (/'str' object cannot be interpreted as an integer/.test(message)) {
    const literal = /\(\s*(?:.*,\s*)?(["'])([\d.]+)\1/.exec(source)?.[2];
    return literal === undefined
      ? errorWords().explain.textAsNumber(/\brange\(\s*([A-Za-z_]\w*)\s*\)/.exec(source)?.[1])
      : errorWords().explain.literalAsNumber(literal);
  }
  // argument 1 must be pygame.surface.Surface, not str
  if (/must be pygame\.(surface\.)?Surface, not str/.test(message))
    return errorWords().explain.blitText(/\(\s*(["'])(.+?)\1/.exec(source)?.[2]);
  // function missing required argument 'dest' (pos 2)
  if (/missing required argument 'dest'/.test(message)) return errorWords().explain.blitPlace;
  if (/size must be two numbers/.test(message)) return errorWords().explain.sizeBrackets;
  if (/(list|tuple|string) indices must be integers/.test(message)) return errorWords().explain.listPlace;
  // 'int' object is not callable
  if ((m = message.match(/'(\w+)' object is not callable/))) return errorWords().explain.notCallable(capital(kind(m[1]!)));
  // Hero.jump() takes 0 positional arguments but 1 was given
  if ((m = message.match(/\w\.(\w+)\(\) takes 0 positional arguments but 1 was given/))) return errorWords().explain.selfMissing(m[1]!);
  // move() missing 1 required positional argument: 'dx' | takes 1 positional argument but 2 were given
  if ((m = message.match(/([\w.]+)\(\) (missing|takes|got)/))) return errorWords().explain.wrongArguments(m[1]!.split('.').at(-1)!);
  if (/cannot unpack/.test(message)) return errorWords().explain.unpack;
  if (/NoneType/.test(message)) return errorWords().explain.noneUsed;
  if (/invalid color/i.test(message)) return errorWords().explain.colour;
  return errorWords().explain.type;
}

const isNumber = (type: string): boolean => type === 'int' || type === 'float';

/** Returns the variable on one side of an operator, if the line has exactly one such place: `if lives > 0:` → lives. */
function nameBeside(source: string, sign: string, left: boolean): string | undefined {
  const escaped = sign.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = [
    ...source.matchAll(new RegExp(left ? `([A-Za-z_]\\w*)\\s*${escaped}(?![=<>*/])` : `${escaped}\\s*([A-Za-z_]\\w*)(?![\\w(.[])`, 'g')),
  ];
  return found.length === 1 ? found[0]![1] : undefined;
}
