import { describe, expect, it, vi } from 'vitest';
import { FakeEditor, FakeServer } from './fakeServer';
import type { SaveConflict } from './guardedSave';
import { OpenProject } from './openProject';
import { storeUploads, type UploadEvents, undoReplacement } from './uploads';

/** Returns timers that the test controls. */
function clock() {
  const timers = new Map<number, () => void>();
  let next = 1;
  return {
    setTimer: (action: () => void) => {
      timers.set(next, action);
      return next++;
    },
    clearTimer: (timer: number) => void timers.delete(timer),
    tick: async () => {
      const due = [...timers.values()];
      timers.clear();
      for (const action of due) action();
      await settle();
    },
    get waiting() {
      return timers.size;
    },
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** Opens a window with one project. Typing goes through `type`, as in the real editor. */
async function openWindow(server: FakeServer, id: string) {
  const editor = new FakeEditor();
  const time = clock();
  const conflicts: SaveConflict[] = [];
  const gone: string[] = [];
  const merged: string[] = [];
  const states: string[] = [];
  const project = new OpenProject(
    await server.project(id),
    server,
    editor,
    {
      onSaveState: (state) => states.push(state),
      onConflict: (conflict) => conflicts.push(conflict),
      onStored: () => undefined,
      onMerged: (path) => merged.push(path),
      onFilesChanged: () => undefined,
      onGone: (path) => gone.push(path),
    },
    time,
  );
  return {
    project,
    editor,
    time,
    conflicts,
    gone,
    merged,
    states,
    open: async (path: string) => {
      if (!editor.has(path)) editor.prepare(path, await project.load(path));
    },
    type: (path: string, text: string) => {
      editor.texts.set(path, text);
      project.edit(path, text);
    },
  };
}

/** Delays each request whose name contains `part` until `release`. */
function delay(server: FakeServer, part: string) {
  let release!: () => void;
  const gate = new Promise<void>((resolve) => (release = resolve));
  server.before = (request) => (request.includes(part) ? gate : Promise.resolve());
  return release;
}

describe('an open project', () => {
  it('saves nothing after another project has been opened, and nothing into it', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a' });
    server.add('b', { 'main.py': 'b' });
    const window = await openWindow(server, 'a');
    window.type('main.py', 'a key too late');
    window.project.close();
    const next = await openWindow(server, 'b');
    await window.time.tick();
    expect(server.text('b', 'main.py')).toBe('b');
    expect(server.requests).toEqual([]);
    window.type('main.py', 'after the end');
    await window.time.tick();
    expect(server.requests).toEqual([]);
    expect(next.project.saver.pending).toBe(false);
  });

  it('drops the retries of a deleted project', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a' });
    const window = await openWindow(server, 'a');
    window.type('main.py', 'more');
    server.projects.delete('a');
    server.before = () => Promise.reject(new Error('offline'));
    await window.time.tick();
    expect(window.states.at(-1)).toBe('retrying');
    window.project.close();
    expect(window.time.waiting).toBe(0);
  });

  it('reports nothing of a save that was on its way when it was closed', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a' });
    const window = await openWindow(server, 'a');
    const release = delay(server, 'PUT');
    window.type('main.py', 'more');
    await window.time.tick();
    window.project.close();
    const before = [...window.states];
    release();
    await settle();
    expect(server.text('a', 'main.py')).toBe('more');
    expect(window.states).toEqual(before);
  });

  it('goes on saving after a file got another name', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a' });
    const window = await openWindow(server, 'a');
    await window.open('main.py');
    expect(await window.project.rename('main.py', 'game.py')).toBe('game.py');
    expect(window.project.project.entry).toBe('game.py');
    window.type('game.py', 'a, edited');
    await window.time.tick();
    expect(server.text('a', 'game.py')).toBe('a, edited');
    expect(window.conflicts).toEqual([]);
  });

  it('keeps what is typed while the new name is on its way, under the new name only', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a' });
    const window = await openWindow(server, 'a');
    await window.open('main.py');
    const release = delay(server, 'RENAME');
    const renamed = window.project.rename('main.py', 'game.py');
    await settle();
    window.type('main.py', 'typed meanwhile');
    await window.time.tick();
    release();
    await renamed;
    await window.time.tick();
    expect(server.text('a', 'game.py')).toBe('typed meanwhile');
    expect(server.text('a', 'main.py')).toBeUndefined();
  });

  it('does not rename what another window has changed without showing it', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a', 'b.py': 'b' });
    const window = await openWindow(server, 'a');
    await window.open('b.py');
    server.putElsewhere('a', 'b.py', 'theirs');
    await expect(window.project.rename('b.py', 'c.py')).rejects.toThrow('another window');
    expect(window.editor.texts.get('b.py')).toBe('theirs');
    await window.project.rename('b.py', 'c.py');
    expect(server.text('a', 'c.py')).toBe('theirs');
  });

  it('makes no file over one of another window', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a' });
    const window = await openWindow(server, 'a');
    server.putElsewhere('a', 'enemy.py', 'theirs');
    await expect(window.project.create('enemy.py', '')).rejects.toThrow('already');
    expect(server.text('a', 'enemy.py')).toBe('theirs');
    expect(window.project.has('enemy.py')).toBe(true);
  });

  it('guards a text by the revision it was read with, not by an older list', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a' });
    const window = await openWindow(server, 'a');
    server.putElsewhere('a', 'main.py', 'newer');
    await window.open('main.py');
    window.type('main.py', 'newer and mine');
    await window.time.tick();
    expect(server.text('a', 'main.py')).toBe('newer and mine');
    expect(window.conflicts).toEqual([]);
  });

  it('keeps the newer revision when a list arrives that is older than the text', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a' });
    const window = await openWindow(server, 'a');
    await window.open('main.py');
    server.putElsewhere('a', 'main.py', 'second');
    server.before = (request) => {
      if (request === 'GET a/main.py') server.putElsewhere('a', 'main.py', 'third');
      return Promise.resolve();
    };
    await window.project.refresh();
    expect(window.editor.texts.get('main.py')).toBe('third');
    server.before = () => Promise.resolve();
    window.type('main.py', 'third and mine');
    await window.time.tick();
    expect(server.text('a', 'main.py')).toBe('third and mine');
  });

  it('does not bring a deleted file back by a key that came too late', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a', 'b.py': 'b' });
    const window = await openWindow(server, 'a');
    await window.open('b.py');
    await window.project.remove('b.py');
    window.project.edit('b.py', 'late');
    await window.time.tick();
    expect(server.text('a', 'b.py')).toBeUndefined();
    expect(window.project.saver.pending).toBe(false);
  });

  it('brings a deleted file back, beside one that has taken its name', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a', 'b.py': 'b' });
    const window = await openWindow(server, 'a');
    await window.open('b.py');
    window.type('b.py', 'b, and typed just before');
    const trashed = await window.project.remove('b.py');
    await window.project.create('b.py', 'another');
    expect(await window.project.restore(trashed!, 'b.py')).toBe('b-2.py');
    expect(server.text('a', 'b-2.py')).toBe('b, and typed just before');
    expect(server.text('a', 'b.py')).toBe('another');
  });

  it('does not show again what was deleted while the list was on its way', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a', 'b.py': 'b' });
    const window = await openWindow(server, 'a');
    const list = await server.project('a');
    let release!: () => void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const read = server.project.bind(server);
    server.project = async () => {
      await gate;
      return list;
    };
    const refreshed = window.project.refresh();
    await window.project.remove('b.py');
    release();
    await refreshed;
    server.project = read;
    expect(window.project.has('b.py')).toBe(false);
  });

  it('leaves the other window’s text and its own, whichever is chosen', async () => {
    for (const keepMine of [true, false]) {
      const server = new FakeServer();
      server.add('a', { 'main.py': 'a' });
      const window = await openWindow(server, 'a');
      await window.open('main.py');
      server.putElsewhere('a', 'main.py', 'theirs');
      window.type('main.py', 'mine');
      await window.time.tick();
      await vi.waitFor(() => expect(window.conflicts).toHaveLength(1));
      expect(window.conflicts[0]).toMatchObject({ mine: 'mine', theirs: { text: 'theirs' } });
      window.project.resolve(window.conflicts[0]!, keepMine);
      await settle();
      expect(server.text('a', 'main.py')).toBe(keepMine ? 'mine' : 'theirs');
      expect(window.editor.texts.get('main.py')).toBe(keepMine ? 'mine' : 'theirs');
      expect(window.editor.undo.get('main.py')!.at(-1)).toBe(keepMine ? 'theirs' : 'mine');
      expect(window.project.saver.pending).toBe(false);
    }
  });

  it('puts together what two windows have changed in different lines, and asks for the same line', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'one\ntwo\nthree\nfour\n' });
    const window = await openWindow(server, 'a');
    await window.open('main.py');
    server.putElsewhere('a', 'main.py', 'one\ntwo\nthree\nFOUR\n');
    window.type('main.py', 'ONE\ntwo\nthree\nfour\n');
    await window.time.tick();
    await vi.waitFor(() => expect(server.text('a', 'main.py')).toBe('ONE\ntwo\nthree\nFOUR\n'));
    await vi.waitFor(() => expect(window.project.saver.pending).toBe(false));
    expect(window.editor.texts.get('main.py')).toBe('ONE\ntwo\nthree\nFOUR\n');
    expect(window.editor.undo.get('main.py')).toEqual(['ONE\ntwo\nthree\nfour\n']);
    expect(window.merged).toEqual(['main.py']);

    // The text on the server is what the next one is made from, also when another window brought it here.
    server.putElsewhere('a', 'main.py', 'ONE\ntwo\nTHREE\nFOUR\n');
    await window.project.refresh();
    server.putElsewhere('a', 'main.py', 'ONE\ntwo\nTHREE\nFOUR\nfive\n');
    window.type('main.py', 'one more\ntwo\nTHREE\nFOUR\n');
    await window.time.tick();
    await vi.waitFor(() => expect(server.text('a', 'main.py')).toBe('one more\ntwo\nTHREE\nFOUR\nfive\n'));
    await vi.waitFor(() => expect(window.project.saver.pending).toBe(false));

    server.putElsewhere('a', 'main.py', 'theirs\ntwo\nTHREE\nFOUR\nfive\n');
    window.type('main.py', 'mine\ntwo\nTHREE\nFOUR\nfive\n');
    await window.time.tick();
    await vi.waitFor(() => expect(window.conflicts).toHaveLength(1));
    expect(server.text('a', 'main.py')).toBe('theirs\ntwo\nTHREE\nFOUR\nfive\n');
  });

  it('tells that another window has deleted a file, but keeps one in which something waits to be saved', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'a', 'b.py': 'b', 'c.py': 'c' });
    const window = await openWindow(server, 'a');
    await window.open('b.py');
    await window.open('c.py');
    server.deleteElsewhere('a', 'b.py');
    server.deleteElsewhere('a', 'c.py');
    window.type('c.py', 'still needed');
    await window.project.refresh();
    expect(window.gone).toEqual(['b.py']);
    await window.time.tick();
    expect(server.text('a', 'c.py')).toBe('still needed');
  });
});

describe('an upload', () => {
  const file = (name: string, text: string, fails = false) => ({
    name,
    size: text.length,
    arrayBuffer: () => (fails ? Promise.reject(new Error('gone')) : Promise.resolve(new TextEncoder().encode(text).buffer as ArrayBuffer)),
  });
  const events = (...choices: ('replace' | 'both' | 'cancel' | 'replace all' | 'both all')[]) => {
    const asked: string[] = [];
    const failed: string[] = [];
    const refused: string[] = [];
    const it: UploadEvents = {
      askEncoding: (path, _, guess) => {
        asked.push(`${path} ${guess}`);
        return Promise.resolve(choices[0] === 'cancel' ? undefined : guess);
      },
      askOthers: (files, others) => {
        refused.push(...files.map(({ path, message }) => `${path}: ${message}`));
        return Promise.resolve(others > 0 && choices.shift() === 'both');
      },
      ask: (path, free, others) => {
        asked.push(`${path} ${free} ${others}`);
        const [choice, all] = choices.shift()!.split(' ');
        return Promise.resolve({ choice: choice as 'replace' | 'both' | 'cancel', forAll: all === 'all' });
      },
      onStart: () => undefined,
      onFailed: (message) => failed.push(message),
    };
    return { asked, failed, refused, it };
  };

  it('asks before it replaces, and the old text is one undo away', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old' });
    const window = await openWindow(server, 'a');
    const answers = events('replace');
    expect(await storeUploads(window.project, [file('main.py', 'new')], answers.it)).toMatchObject([
      { path: 'main.py', replaced: { text: 'old' } },
    ]);
    expect(answers.asked).toEqual(['main.py main-2.py 0']);
    expect(server.text('a', 'main.py')).toBe('new');
    expect(window.editor.undo.get('main.py')).toEqual(['old']);
    window.type('main.py', 'old');
    await window.time.tick();
    expect(server.text('a', 'main.py')).toBe('old');
  });

  it('brings a replaced text or picture back', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old', 'hero.png': 'old\0' });
    const window = await openWindow(server, 'a');
    const stored = await storeUploads(window.project, [file('main.py', 'new'), file('hero.png', 'new\0')], events('replace all').it);
    expect([server.text('a', 'main.py'), server.text('a', 'hero.png')]).toEqual(['new', 'new\0']);
    for (const upload of stored) await undoReplacement(window.project, upload);
    await window.time.tick();
    expect([server.text('a', 'main.py'), server.text('a', 'hero.png')]).toEqual(['old', 'old\0']);
    expect(window.editor.undo.get('main.py')!.at(-1)).toBe('new');
  });

  it('keeps both or neither', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old', 'main-2.py': 'older' });
    const window = await openWindow(server, 'a');
    const answers = events('both', 'cancel');
    const stored = await storeUploads(window.project, [file('main.py', 'new'), file('main-2.py', 'x')], answers.it);
    expect(stored).toEqual([{ path: 'main-3.py' }]);
    expect(server.text('a', 'main.py')).toBe('old');
    expect(server.text('a', 'main-2.py')).toBe('older');
    expect(server.text('a', 'main-3.py')).toBe('new');
  });

  it('asks once for several files', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': '1', 'a.py': '2', 'b.py': '3' });
    const window = await openWindow(server, 'a');
    const answers = events('replace all');
    await storeUploads(window.project, [file('main.py', 'x'), file('new.py', 'y'), file('a.py', 'z'), file('b.py', 'w')], answers.it);
    expect(answers.asked).toEqual(['main.py main-2.py 2']);
    expect([server.text('a', 'main.py'), server.text('a', 'new.py'), server.text('a', 'a.py'), server.text('a', 'b.py')]).toEqual([
      'x',
      'y',
      'z',
      'w',
    ]);
  });

  it('asks, too, when another window was faster', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old' });
    const window = await openWindow(server, 'a');
    server.putElsewhere('a', 'hero.py', 'theirs');
    const answers = events('both');
    expect(await storeUploads(window.project, [file('hero.py', 'mine')], answers.it)).toEqual([{ path: 'hero-2.py' }]);
    expect(server.text('a', 'hero.py')).toBe('theirs');
  });

  it('loses nothing when it fails', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old' });
    const window = await openWindow(server, 'a');
    await window.open('main.py');
    window.type('main.py', 'typed');
    server.before = (request) => (request.startsWith('PUT') ? Promise.reject(new Error('offline')) : Promise.resolve());
    const answers = events('replace');
    expect(await storeUploads(window.project, [file('main.py', 'new')], answers.it)).toEqual([]);
    expect(answers.failed).toHaveLength(1);
    expect(window.editor.texts.get('main.py')).toBe('typed');
    expect(window.project.saver.unsaved('main.py')).toBe('typed');
    server.before = () => Promise.resolve();
    await window.time.tick();
    expect(server.text('a', 'main.py')).toBe('typed');
  });

  it('stores several new files with one request', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old' });
    const window = await openWindow(server, 'a');
    const answers = events('both');
    const stored = await storeUploads(window.project, [file('a.py', '1'), file('main.py', '2'), file('main-2.py', '3')], answers.it);
    expect(stored).toEqual([{ path: 'a.py' }, { path: 'main-3.py' }, { path: 'main-2.py' }]);
    expect(server.requests).toEqual(['POST a']);
    expect(['a.py', 'main.py', 'main-2.py', 'main-3.py'].map((path) => server.text('a', path))).toEqual(['1', 'old', '3', '2']);
    expect(window.project.has('main-3.py')).toBe(true);
  });

  it.each([
    ['both', ['a.py', 'b.py']],
    ['cancel', []],
  ] as const)('reports all files that cannot be added at once, and then: %s', async (answer, paths) => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old' });
    const window = await openWindow(server, 'a');
    server.putElsewhere('a', 'c.py', 'of another window');
    const large = { ...file('large.png', ''), size: 5_000_001 };
    const answers = events(answer, answer);
    const files = [file('a.py', '1'), large, file('folder', '', true), file('b.py', '2'), file('c.py', '3')];
    const stored = await storeUploads(window.project, files, answers.it);
    expect(stored.map(({ path }) => path)).toEqual(paths);
    expect(answers.refused.slice(0, 2)).toEqual([expect.stringMatching(/^large\.png: .*5 MB/), expect.stringMatching(/^folder: .*folder/)]);
    expect(answers.refused.slice(2)).toEqual(answer === 'both' ? ['c.py: That name is taken'] : []);
    expect(answers.failed).toEqual([]);
    expect(server.text('a', 'c.py')).toBe('of another window');
    expect(server.text('a', 'a.py')).toBe(answer === 'both' ? '1' : undefined);
  });

  const bytes = (name: string, ...content: number[]) => ({
    name,
    size: content.length,
    arrayBuffer: () => Promise.resolve(new Uint8Array(content).buffer),
  });
  it.each([
    ['latin.txt', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72], 'windows-1252', 'Müller'],
    ['little.txt', [0xff, 0xfe, 0x4d, 0x00, 0xfc, 0x00], 'utf-16le', 'Mü'],
    ['big.csv', [0x00, 0x4d, 0x00, 0xfc], 'utf-16be', 'Mü'],
    ['a.py', [...new TextEncoder().encode('# -*- coding: cp1251 -*-\n# '), 0xcf], 'windows-1251', '# -*- coding: utf-8 -*-\n# П'],
  ])('converts %s after asking', async (name, content, guess, text) => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old' });
    const window = await openWindow(server, 'a');
    const answers = events();
    expect(await storeUploads(window.project, [bytes(name, ...content)], answers.it)).toEqual([{ path: name }]);
    expect(answers.asked).toEqual([`${name} ${guess}`]);
    expect(server.text('a', name)).toBe(text);
    expect(await storeUploads(window.project, [bytes('other.txt', 0xfc)], events('cancel').it)).toEqual([]);
    expect(server.text('a', 'other.txt')).toBeUndefined();
  });

  it('takes no keys while it replaces a text', async () => {
    const server = new FakeServer();
    server.add('a', { 'main.py': 'old' });
    const window = await openWindow(server, 'a');
    const release = delay(server, 'PUT');
    const stored = storeUploads(window.project, [file('main.py', 'new')], events('replace').it);
    await settle();
    expect(window.editor.locks).toBe(1);
    release();
    await stored;
    expect(window.editor.locks).toBe(0);
  });
});
