import { kindOf } from './fileKinds';

/** The encodings that texts on people's disks have, by the names that browsers know, likely ones first. */
export const encodings = [
  'windows-1252',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'macintosh',
  'shift_jis',
  'gbk',
  'big5',
  'euc-kr',
] as const;
export type Encoding = (typeof encodings)[number];

/** Asks which encoding a text has; `guess` is likely. Returns undefined if the file is not wanted. */
export type AskEncoding = (path: string, content: ArrayBuffer, guess: Encoding) => Promise<Encoding | undefined>;

/**
 * Returns the content, in UTF-8 if it is a text in another encoding: games and the editor read UTF-8. Asks the person first. Returns
 * undefined if the person does not want the file.
 */
export async function textInUtf8(path: string, content: ArrayBuffer, ask: AskEncoding): Promise<ArrayBuffer | undefined> {
  const kind = kindOf(path);
  if ((kind !== 'python' && kind !== 'text') || isUtf8(content)) return content;
  const encoding = await ask(path, content, guessEncoding(content));
  if (encoding === undefined) return undefined;
  return new TextEncoder().encode(withoutCookie(decode(content, encoding))).buffer as ArrayBuffer;
}

export function decode(content: ArrayBuffer, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(content);
}

/** Guesses by the mark at the start, by zero bytes, or by the declaration of a Python file: `# -*- coding: cp1251 -*-`. */
export function guessEncoding(content: ArrayBuffer): Encoding {
  const bytes = new Uint8Array(content);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, 400);
  const zeros = [0, 1].map((odd) => head.filter((byte, at) => byte === 0 && at % 2 === odd).length);
  if (zeros[1]! > head.length / 4) return 'utf-16le';
  if (zeros[0]! > head.length / 4) return 'utf-16be';
  const declared = /^[ \t]*#.*?coding[:=][ \t]*([-\w.]+)/m.exec(new TextDecoder('windows-1252').decode(head))?.[1];
  try {
    const named =
      declared === undefined ? undefined : new TextDecoder(declared.toLowerCase().replace(/^cp(?=125\d$)/, 'windows-')).encoding;
    return encodings.find((encoding) => encoding === named) ?? 'windows-1252';
  } catch {
    return 'windows-1252';
  }
}

function isUtf8(content: ArrayBuffer): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(content).includes('\0');
  } catch {
    return false;
  }
}

/** Lets a Python file that declares another encoding declare this one: Python would read it wrong. */
function withoutCookie(text: string): string {
  return text.replace(/^((?:.*\r?\n)?[ \t]*#.*?coding[:=][ \t]*)[-\w.]+/, '$1utf-8');
}
