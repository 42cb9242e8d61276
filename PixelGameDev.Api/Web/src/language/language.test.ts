import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { language, setLanguage, strings } from '.';
import { german } from './de';
import { germanAdmin } from './de/admin';
import { germanAssist } from './de/assist';
import { germanErrors } from './de/errors';
import { germanGallery } from './de/gallery';
import { germanMore } from './de/more';
import { germanPeople } from './de/people';
import { germanReports } from './de/reports';
import { germanShared } from './de/shared';
import { english } from './en';
import { englishAdmin } from './en/admin';
import { englishAssist } from './en/assist';
import { englishErrors } from './en/errors';
import { englishGallery } from './en/gallery';
import { englishMore } from './en/more';
import { englishPeople } from './en/people';
import { englishReports } from './en/reports';
import { englishShared } from './en/shared';
import { errorWords, loadErrorWords } from './errorWords';
import { type Language, preferredLanguage } from './languages';
import { sentenceOf } from './problems';

type Leaf = string | ((...values: never[]) => unknown);

/** Every word by its path: `stage.pad.up`. */
function leaves(words: object, path = ''): [string, Leaf][] {
  return Object.entries(words).flatMap(([name, value]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return typeof value === 'object' ? leaves(value as object, at) : [[at, value as Leaf] as [string, Leaf]];
  });
}

/** Everything that a word says, with marks in the places of its parameters: once for one of something, once for many. */
function said(leaf: Leaf): string[] {
  if (typeof leaf === 'string') return [leaf];
  return [1, 7300].map((first) => {
    const marks = Array.from({ length: leaf.length }, (_, at) => first + at);
    const text = leaf(...(marks as never[]));
    return typeof text === 'string' ? text : JSON.stringify(text);
  });
}

const marksIn = (text: string): string[] => [...new Set(text.match(/\{\w+\}|730\d/g))].sort();

const originals = new Map(
  leaves({
    ...english,
    ...englishErrors,
    ...englishMore,
    ...englishGallery,
    reports: englishReports,
    ...englishPeople,
    ...englishShared,
    ...englishAdmin,
    assist: englishAssist,
  }),
);
const translations = new Map(
  leaves({
    ...german,
    ...germanErrors,
    ...germanMore,
    ...germanGallery,
    reports: germanReports,
    ...germanPeople,
    ...germanShared,
    ...germanAdmin,
    assist: germanAssist,
  }),
);

/** Words that are the same in both languages, and are meant to be. */
const same =
  /^(title|(account|people|setUp)\.name|people\.roles\.admin|server\.(version|parts\.docker)|files\.newNamePlaceholder|keys\.list\.\d+\.0|tabs\.code|preview\.picture|stage\.pad\.enter|hud\.(milliseconds|bytes)|runningElsewhere\.quoted)$/;

describe('the languages', () => {
  it('have the same words', () => {
    expect([...translations.keys()].sort()).toEqual([...originals.keys()].sort());
  });

  it.each([...originals])('%s is translated, with the same parameters', (path, original) => {
    const translation = translations.get(path)!;
    const [here, there] = [said(original), said(translation)];
    for (const text of [...here, ...there]) expect(text.trim()).not.toBe('');
    if (!same.test(path)) expect(there, 'not translated').not.toEqual(here);
    expect(there.map(marksIn)).toEqual(here.map(marksIn));
  });

  it('have no word that the page does not say', () => {
    const source = sources(new URL('..', import.meta.url).pathname);
    const unused = [...originals.keys()].filter((path) => {
      const [name, parent] = path.split('.').reverse();
      const read = new RegExp(`\\.${name}\\b|['"\`]${name}['"\`]|\\{[^{}]*\\b${name}\\b[^{}]*\\} = [^;]*strings`);
      // Tables are read by a name that comes from elsewhere.
      return !read.test(source) && !new RegExp(`\\.${parent}(\\[|\\)?;)`).test(source);
    });
    expect(unused.filter((path) => !/^(problems|ends|keys\.list|editor\.phrases|assist\.docs)\b/.test(path))).toEqual([]);
  });
});

/** The code of the page, without the words themselves and the tests. */
function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'language' && !name.includes('.test.'))
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path);
      return /\.tsx?$/.test(entry.name) ? readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '') : '';
    })
    .join('\n');
}

describe('preferredLanguage', () => {
  it.each<[string | null, string[], Language]>([
    [null, ['de-CH', 'en'], 'de'],
    [null, ['en-GB', 'de'], 'en'],
    [null, ['fr', 'de'], 'de'],
    [null, ['fr', 'pl'], 'en'],
    [null, [], 'en'],
    ['en', ['de'], 'en'],
    ['de', ['en'], 'de'],
    ['toString', ['de'], 'de'],
  ])('%j among %j', (stored, spoken, wanted) => expect(preferredLanguage(stored, spoken)).toBe(wanted));
});

await loadErrorWords('en');

describe('another language', () => {
  afterEach(() => setLanguage('en'));

  it('changes every word', async () => {
    expect(strings.topBar.stop).toBe('Stop');
    await setLanguage('de');
    expect(language()).toBe('de');
    expect(strings.topBar.stop).toBe('Stopp');
    expect(errorWords().explain.tabs.title).toBe(germanErrors.explain.tabs.title);
  });
});

describe('problems of the server', () => {
  const server = ['PixelGameDev.Api', 'PixelGameDev.Executor', 'PixelGameDev.Streaming']
    .map((project) => serverSources(new URL(`../../../../${project}`, import.meta.url).pathname))
    .join('\n');

  it.each(Object.entries(englishErrors.problems))('%s is one, with the values of its sentence', (key, sentence) => {
    const [code, kind] = key.split('.');
    // Everything that follows the code up to the end of the statement, wherever the code stands.
    const places = server
      .split(`"${code}"`)
      .slice(1)
      .map((text) => text.slice(0, 1200));
    if (kind !== undefined) expect(server).toContain(`"${kind}"`);
    const values = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => `("${name}", `);
    // The sentences of `bad_path` and `too_fast` stand before their code.
    const near = kind === undefined ? places : [server];
    expect(near.filter((text) => values.every((value) => text.includes(value)))).not.toHaveLength(0);
  });
});

/** The C# of a project, without what the build makes. */
function serverSources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !['bin', 'obj', 'Web', 'wwwroot'].includes(name))
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return serverSources(path);
      return entry.name.endsWith('.cs') ? readFileSync(path, 'utf8') : '';
    })
    .join('\n');
}

describe('sentenceOf', () => {
  it('fills in the values', () => {
    expect(sentenceOf('entry_must_be_python', { path: 'main.txt' })).toBe('“main.txt” starts the game, so its name must end in .py.');
  });

  it('knows the kinds of a problem', () => {
    expect(sentenceOf('too_fast', { kind: 'run', seconds: 3 })).toContain('Wait 3 s');
    expect(sentenceOf('too_fast', { kind: 'walk', seconds: 3 })).toBeUndefined();
  });

  it('says nothing rather than half a sentence', () => {
    expect(sentenceOf('file_exists', {})).toBeUndefined();
    expect(sentenceOf('file_exists')).toBeUndefined();
    expect(sentenceOf('of_tomorrow')).toBeUndefined();
    expect(sentenceOf('toString')).toBeUndefined();
    expect(sentenceOf(undefined)).toBeUndefined();
  });
});
