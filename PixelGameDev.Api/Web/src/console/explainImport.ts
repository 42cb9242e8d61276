import { errorWords } from '../language/errorWords';
import { libraries, libraries3d, pureLibraries } from './libraries';
import type { Explanation, Mistake } from './mistake';
import { nearest } from './nearest';

/** Modules that games use. A project file with such a name replaces the module. */
export const modules = [
  ...['pygame', 'random', 'math', 'time', 'sys', 'os', 'json', 'numpy', 'string', 'copy', 'enum', 'turtle', 'queue', 'code'],
  ...['statistics', 'colorsys', 'itertools'],
];
/** Modules whose names are often misspelled. */
const common = ['pygame', 'random', 'math', 'time', 'numpy'];
/** Modules that need their own window. */
const windows = ['turtle', 'tkinter', 'pyglet', 'arcade', 'PyQt5'];

export function explainImport({ type, message, source, files }: Mistake): Explanation {
  const words = errorWords();
  // cannot import name 'x' from partially initialized module 'a' (most likely due to a circular import) (/game/a.py)
  const circle = /partially initialized module '(.+?)'.*circular import/.exec(message)?.[1];
  if (circle !== undefined) return hides(circle, message, files) ?? words.mistakes.importCircle(circle);
  // No module named 'enemi' | No module named 'tkinter', please install the python3-tk package
  const missing = /No module named '(.+?)'/.exec(message)?.[1];
  // `import turtle` fails because of tkinter: the explanation names the module of the line.
  const asked = /^(?:import|from)\s+(\w+)/.exec(source)?.[1] ?? missing ?? '';
  const window = windows.find((name) => name === asked || name === missing?.split('.')[0]);
  if (window !== undefined) return words.explain.notHere(windows.includes(asked) ? asked : window);
  if (missing !== undefined) {
    if (libraries3d.includes(missing)) return words.mistakes.no3d(missing);
    if (pureLibraries.includes(missing)) return words.mistakes.pureModule(missing);
    const near = nearest(missing, [...common, ...files.filter((file) => /^\w+\.py$/.test(file)).map((file) => file.slice(0, -3))]);
    const explanation = words.explain.noModule(missing, libraries.join(', '));
    return near === undefined ? explanation : { ...explanation, hint: words.explain.didYouMean(near) };
  }
  // cannot import name 'randnt' from 'random' (/usr/lib/python3.13/random.py)
  const from = /cannot import name '.+?' from '(\w+)'/.exec(message)?.[1];
  return (
    (from === undefined ? undefined : hides(from, message, files)) ??
    (type === 'ImportError' ? words.explain.importName : words.explain.other(type))
  );
}

/** Explains that a project file with the name of a Python module replaces that module. */
export function hides(module: string, message: string, files: readonly string[]): Explanation | undefined {
  const known = modules.includes(module) || /consider renaming/.test(message);
  return known && files.includes(`${module}.py`) ? errorWords().explain.hidesModule(module) : undefined;
}
