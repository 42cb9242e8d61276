import { errorWords } from '../language/errorWords';
import { hides } from './explainImport';
import { capital, type Explanation, isKnownKind, kind, type Mistake } from './mistake';

/** An attribute of events → the kind of event that has it, if there is only one. */
const eventsWith: Readonly<Record<string, string>> = {
  key: 'KEYDOWN',
  unicode: 'KEYDOWN',
  mod: 'KEYDOWN',
  pos: 'MOUSEBUTTONDOWN',
  button: 'MOUSEBUTTONDOWN',
  rel: 'MOUSEMOTION',
  buttons: 'MOUSEMOTION',
  text: 'TEXTINPUT',
  y: 'MOUSEWHEEL',
  x: 'MOUSEWHEEL',
};
/** What a rectangle has and a picture does not. */
const ofRectangles = /^(x|y|left|right|top|bottom|center|centerx|centery|topleft|topright|bottomleft|bottomright|midbottom|rect|pos)$/;

/** Explains a name behind a dot that is not there. */
export function explainAttribute({ type, message, files }: Mistake): Explanation {
  const words = errorWords();
  let m: RegExpMatchArray | null;
  // 'NoneType' object has no attribute 'move' | module 'pygame' has no attribute 'drw'
  if ((m = message.match(/'NoneType' object has no attribute '(.+?)'/))) return words.explain.noneAttribute(m[1]!);
  if ((m = message.match(/(?:partially initialized )?module '(.+?)' has no attribute '(.+?)'/))) {
    const hidden = hides(m[1]!, message, files);
    if (hidden !== undefined) return hidden;
    return /circular import/.test(message)
      ? words.mistakes.importCircle(m[1]!)
      : words.explain.noAttribute(words.explain.quoted(m[1]!), m[2]!);
  }
  // 'pygame.event.Event' object has no attribute 'key' | 'Event' object …
  if ((m = message.match(/'(?:pygame\.event\.)?Event' object has no attribute '(.+?)'/)))
    return words.explain.eventOfOtherKind(m[1]!, eventsWith[m[1]!]);
  // 'Hero' object has no attribute '_Sprite__g'
  if ((m = message.match(/'(\w+)' object has no attribute '_Sprite__g'/))) return words.mistakes.noSprite(m[1]!);
  // 'pygame.surface.Surface' object has no attribute 'x' and no __dict__ for setting new attributes
  if ((m = message.match(/'pygame\.(?:surface\.)?Surface' object has no attribute '(.+?)'/)) && ofRectangles.test(m[1]!))
    return words.mistakes.pictureHasNoPlace(m[1]!);
  if ((m = message.match(/'(.+?)' object has no attribute '(.+?)'/))) {
    const owner = m[1]!.split('.').at(-1)!;
    return isKnownKind(owner)
      ? words.explain.noAttribute(capital(kind(owner)), m[2]!)
      : /^\w+$/.test(m[1]!)
        ? words.mistakes.noOwnAttribute(owner, m[2]!)
        : words.explain.noAttribute(words.explain.quoted(m[1]!), m[2]!);
  }
  return words.explain.other(type);
}
