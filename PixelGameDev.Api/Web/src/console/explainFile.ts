import { errorWords } from '../language/errorWords';
import type { Explanation } from './mistake';
import { nearest } from './nearest';

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const withoutEnding = (path: string): string => path.replace(/\.\w+$/, '');

/** Explains a file that is not there. Often it is there, under nearly the same name: the list of files tells. */
export function explainMissingFile(name: string, files: readonly string[], source = ''): Explanation {
  const words = errorWords();
  // C:\Users\anna\hero.png | /home/anna/hero.png | ~/hero.png
  if (/^([A-Za-z]:[\\/]|~|\/(home|Users|mnt|media)\/|\\\\)/.test(name)) return words.mistakes.fileOfComputer(name);
  const path = name.replace(/\\+/g, '/').replace(/^(\.\/)+/, '');
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  if (name.includes('\\') && files.includes(path)) return words.mistakes.fileBackslash(name, path);
  // A file of just this name was added after the mistake, or lies where the game does not look.
  const capitals = files.find((file) => file !== path && same(file, path));
  if (capitals !== undefined) return words.mistakes.fileCapitals(name, capitals);
  // images/hero.png for hero.png; hero.png for images/hero.png.
  const elsewhere =
    files.find((file) => file !== path && lastPart(file) === lastPart(path)) ??
    files.find((file) => file !== path && same(lastPart(file), lastPart(path)));
  if (elsewhere !== undefined) return words.mistakes.fileElsewhere(name, elsewhere);
  const others = files.filter((file) => file !== path);
  const near = others.find((file) => same(withoutEnding(file), withoutEnding(path))) ?? nearest(path, others);
  if (near !== undefined) return words.mistakes.fileNear(name, near);
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const writes = /\bopen\(.*,\s*(mode\s*=\s*)?["'][wax]/.test(source);
  if (writes && folder !== '' && !files.some((file) => file.startsWith(`${folder}/`))) return words.mistakes.folderMissing(name, folder);
  // A score or a save that the game itself writes later.
  if (/\bopen\(/.test(source) && /\.(txt|json|csv|dat|sav|save|pkl|pickle|db|ini|cfg)$/i.test(path)) return words.mistakes.fileNotYet(name);
  return words.explain.noFile(name);
}
