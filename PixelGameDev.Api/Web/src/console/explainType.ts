import { errorWords } from '../language/errorWords';
import { capital, type Explanation, kind, type Mistake } from './mistake';

/** Explains a value of the wrong type. */
export function explainType({ message, source, near }: Mistake): Explanation {
  let m: RegExpMatchArray | null;
  // random.randint(1, "6"): Python says what its own code did with the text.
  if (/concatenate str/.test(message) && (m = source.match(/\brand(?:int|range)\(.*?(["'])([\d.]+)\1/)))
    return errorWords().explain.literalAsNumber(m[2]!);
  // can only concatenate str (not "int") to str | unsupported operand type(s) for +: 'int' and 'str'
  if (/concatenate str|for \+=?: '(int|float)' and 'str'|for \+=?: 'str' and '(int|float)'/.test(message))
    return errorWords().explain.textPlusNumber;
  // unsupported operand type(s) for -: 'str' and 'int' | '>' not supported between instances of 'str' and 'int'
  if ((m = message.match(/for (\S+): '(\w+)' and '(\w+)'|'(\S+)' not supported between instances of '(\w+)' and '(\w+)'/))) {
    const [sign, left, right] = [m[1] ?? m[4]!, m[2] ?? m[5]!, m[3] ?? m[6]!];
    if (isNumber(left) !== isNumber(right) && (left === 'str' || right === 'str'))
      return errorWords().explain.textAsNumber(nameBeside(source, sign, left === 'str'));
  }
  if (/NoneType/.test(message) && !/not callable/.test(message)) return errorWords().explain.noneUsed;
  // unsupported operand type(s) for +: 'int' and 'list'
  if ((m = message.match(/for (\S+): '(\w+)' and '(\w+)'/)))
    return errorWords().mistakes.notTogether(capital(kind(m[2]!)), kind(m[3]!), m[1]!);
  // 'str' object cannot be interpreted as an integer: range("5") | range(n)
  if (/'str' object cannot be interpreted as an integer/.test(message)) {
    const literal = /\(\s*(?:.*,\s*)?(["'])([\d.]+)\1/.exec(source)?.[2];
    return literal === undefined
      ? errorWords().explain.textAsNumber(/\brange\(\s*([A-Za-z_]\w*)\s*\)/.exec(source)?.[1])
      : errorWords().explain.literalAsNumber(literal);
  }
  if (/'float' object cannot be interpreted as an integer|integer argument expected, got float/.test(message))
    return errorWords().mistakes.notWholeHere;
  if (/can't multiply sequence by non-int/.test(message)) return errorWords().mistakes.textTimesHalf;
  const container = explainContainer(message, source);
  if (container !== undefined) return container;
  // argument 1 must be pygame.surface.Surface, not str
  if (/must be pygame\.(?:surface\.)?Surface, not str/.test(message))
    return errorWords().explain.blitText(/\(\s*(["'])(.+?)\1/.exec(source)?.[2]);
  // function missing required argument 'dest' (pos 2)
  if (/missing required argument 'dest'|invalid destination position/.test(message)) return errorWords().explain.blitPlace;
  // function missing required argument 'radius' (pos 4) | center argument must be a pair of numbers
  if ((m = message.match(/missing required argument '(\w+)'/))) return errorWords().mistakes.drawValueMissing(m[1]!);
  if ((m = message.match(/(\w+) argument must be a pair of numbers/))) return errorWords().mistakes.pairNeeded(m[1]!);
  if (/rect style object|Invalid rect|rect argument is invalid/.test(message)) return errorWords().mistakes.rectangle;
  if (/text must be a unicode or bytes/.test(message)) return errorWords().mistakes.renderText;
  if (/takes at least 3 arguments/.test(message) && /\.render\(/.test(source)) return errorWords().mistakes.renderValues;
  if (/size must be two numbers/.test(message)) return errorWords().explain.sizeBrackets;
  if (/(list|tuple|string) indices must be integers/.test(message)) return errorWords().explain.listPlace;
  // 'module' object is not callable. Did you mean: 'random.random(...)'?
  if (/'module' object is not callable/.test(message)) {
    const explanation = errorWords().mistakes.moduleCalled(/([A-Za-z_]\w*)\(/.exec(source.replace(/\bprint\(/, ''))?.[1] ?? '?');
    return near === undefined ? explanation : { ...explanation, hint: errorWords().mistakes.didYouMeanToo(near, explanation.hint) };
  }
  // 'int' object is not callable
  if ((m = message.match(/'(\w+)' object is not callable/))) return errorWords().explain.notCallable(capital(kind(m[1]!)));
  // Hero.jump() takes 0 positional arguments but 1 was given
  if ((m = message.match(/\w\.(\w+)\(\) takes 0 positional arguments but 1 was given/))) return errorWords().explain.selfMissing(m[1]!);
  const call = explainCall(message, near);
  if (call !== undefined) return call;
  // function() got multiple values for argument 'x'
  if ((m = message.match(/([\w.]+)\(\) (missing|takes|got)/))) return errorWords().explain.wrongArguments(m[1]!.split('.').at(-1)!);
  if (/cannot unpack/.test(message)) return errorWords().explain.unpack;
  if (/invalid color/i.test(message)) return errorWords().explain.colour;
  return errorWords().explain.type;
}

/** Explains values that are used like a list, and are none, or cannot be changed. */
function explainContainer(message: string, source: string): Explanation | undefined {
  const words = errorWords().mistakes;
  let m: RegExpMatchArray | null;
  // 'builtin_function_or_method' object is not subscriptable | is not iterable
  if ((m = message.match(/'(?:function|method|builtin_function_or_method)' object is not (subscriptable|iterable)/))) {
    const name = (m[1] === 'iterable' ? /\bin\s+([\w.]+)/ : /([\w.]+)\[/).exec(source)?.[1];
    return words.bracketsForgotten(name ?? '?');
  }
  // 'int' object is not iterable: for i in 10:
  if (/'(int|float)' object is not iterable/.test(message)) return words.loopOverNumber(/\bin\s+([\w.]+)\s*:/.exec(source)?.[1] ?? '10');
  if ((m = message.match(/'(\w+)' object is not subscriptable/))) return words.noPlaces(capital(kind(m[1]!)));
  if (/'str' object does not support item/.test(message)) return words.textStays;
  if (/'tuple' object does not support item/.test(message)) return words.tupleStays;
  if ((m = message.match(/object of type '(\w+)' has no len/))) return words.noLength(capital(kind(m[1]!)));
  return /unhashable type: '(list|dict|set)'/.test(message) ? words.listAsKey : undefined;
}

/** Explains a call with other values than the function has names for. */
function explainCall(message: string, near: string | undefined): Explanation | undefined {
  const words = errorWords().mistakes;
  let m: RegExpMatchArray | null;
  // Hero.jump() missing 1 required positional argument: 'self' | f() missing 2 required positional arguments: 'a' and 'b'
  if ((m = message.match(/([\w.]+)\(\) missing \d+ required .*?: '(\w+)'/))) {
    const parts = m[1]!.split('.');
    const [owner, name] = [parts.at(-2), parts.at(-1)!];
    return m[2] === 'self' && owner !== undefined
      ? words.classNotThing(owner, name, owner.toLowerCase())
      : words.valueMissing(name === '__init__' && owner !== undefined ? owner : name, m[2]!);
  }
  // f() got an unexpected keyword argument 'color'. Did you mean 'colour'?
  if ((m = message.match(/([\w.]+)\(\) got an unexpected keyword argument '(\w+)'/))) {
    const explanation = words.unknownKeyword(m[1]!.split('.').at(-1)!, m[2]!);
    const meant = /Did you mean '(\w+)'/.exec(message)?.[1] ?? near;
    return meant === undefined ? explanation : { ...explanation, hint: errorWords().explain.didYouMean(meant) };
  }
  // f() takes 1 positional argument but 2 were given | Hero.jump() takes from 1 to 2 positional arguments but 3 were given
  if ((m = message.match(/([\w.]+)\(\) takes (?:from )?(\d+)(?: to (\d+))? positional arguments? but (\d+) (?:was|were) given/))) {
    const parts = m[1]!.split('.');
    // A function of a class also gets self, which nobody writes.
    const own = parts.length > 1 ? 1 : 0;
    const name = parts.at(-1) === '__init__' ? parts.at(-2)! : parts.at(-1)!;
    const takes = [m[2]!, m[3]].filter((count) => count !== undefined).map((count) => `${Number(count) - own}`);
    return words.valuesCount(name, takes.join('–'), `${Number(m[4]) - own}`);
  }
  return undefined;
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
