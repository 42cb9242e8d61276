import { describe, expect, it } from 'vitest';
import { type Draft, DraftKeeper, type DraftStore, type UnsavedText } from './drafts';
import { FakeEditor, FakeServer, MemoryDrafts } from './fakeServer';
import { OpenProject } from './openProject';

function keeper(store: DraftStore, window: string) {
  const unsaved = new Map<string, UnsavedText>();
  const timers: (() => void)[] = [];
  let time = 1000;
  let noRoom = 0;
  const drafts = new DraftKeeper({
    project: 'p',
    window,
    store,
    unsaved: () => [...unsaved.values()],
    onNoRoom: () => noRoom++,
    now: () => time++,
    setTimer: (action) => timers.push(action),
  });
  return {
    drafts,
    timers,
    get noRoom() {
      return noRoom;
    },
    type: (path: string, text: string, revision = 1) => {
      unsaved.set(path, { path, text, revision });
      drafts.touch();
    },
    saved: (path: string) => unsaved.delete(path),
    tick: async () => {
      for (const action of timers.splice(0)) action();
      await drafts.sync();
    },
  };
}

describe('drafts', () => {
  it('are kept soon after the first key, without waiting for the last one', async () => {
    const store = new MemoryDrafts();
    const window = keeper(store, 'one');
    window.type('main.py', 'a');
    window.type('main.py', 'ab');
    expect(window.timers).toHaveLength(1);
    await window.tick();
    expect((await store.of('p')).map(({ text }) => text)).toEqual(['ab']);
  });

  it('go when the server has the text, wherever they were kept', async () => {
    const store = new MemoryDrafts();
    const window = keeper(store, 'one');
    window.type('main.py', 'a');
    window.drafts.keepNow();
    await window.tick();
    expect(await store.of('p')).toHaveLength(2);
    window.saved('main.py');
    await window.drafts.sync();
    expect(await store.of('p')).toEqual([]);
  });

  it('of two windows do not touch each other', async () => {
    const store = new MemoryDrafts();
    const one = keeper(store, 'one');
    const other = keeper(store, 'other');
    one.type('main.py', 'mine');
    other.type('main.py', 'theirs');
    await one.tick();
    await other.tick();
    one.saved('main.py');
    await one.drafts.sync();
    expect((await store.of('p')).map(({ text }) => text)).toEqual(['theirs']);
  });

  it('stay when the project is closed before they are saved', async () => {
    const store = new MemoryDrafts();
    const window = keeper(store, 'one');
    window.type('main.py', 'refused');
    await window.tick();
    expect(window.drafts.complete).toBe(true);
    window.drafts.close();
    window.saved('main.py');
    await window.drafts.sync();
    expect(await store.of('p')).toHaveLength(1);
  });

  it('that find no room are said, and are kept when there is room again', async () => {
    const store = new MemoryDrafts();
    store.full = true;
    const window = keeper(store, 'one');
    window.type('main.py', 'a');
    await window.tick();
    expect(window.noRoom).toBe(1);
    expect(window.drafts.complete).toBe(false);
    store.full = false;
    await window.drafts.sync();
    expect(window.drafts.complete).toBe(true);
  });
});

describe('a visit after one that ended badly', () => {
  const draft = (path: string, text: string, revision: number, at = 1): Draft => ({
    project: 'p',
    window: 'dead',
    path,
    text,
    revision,
    at,
  });

  async function visit(server: FakeServer) {
    const editor = new FakeEditor();
    const conflicts: string[] = [];
    const project = new OpenProject(await server.project('p'), server, editor, {
      onSaveState: () => undefined,
      onConflict: (conflict) => conflicts.push(conflict.path),
      onStored: () => undefined,
      onFilesChanged: () => undefined,
      onMerged: () => undefined,
      onGone: () => undefined,
    });
    return { project, editor, conflicts };
  }

  it('goes on with the draft, saves it, and has the stored text one undo away', async () => {
    const server = new FakeServer();
    server.add('p', { 'main.py': 'stored' });
    const { project, editor } = await visit(server);
    expect(await project.takeUp([draft('main.py', 'typed', 1)])).toMatchObject({ taken: [{ path: 'main.py' }], homeless: [] });
    expect(editor.texts.get('main.py')).toBe('typed');
    expect(editor.undo.get('main.py')).toEqual(['stored']);
    await project.saver.flush();
    expect(server.text('p', 'main.py')).toBe('typed');
  });

  it('asks when the file was saved elsewhere since', async () => {
    const server = new FakeServer();
    server.add('p', { 'main.py': 'stored' });
    server.putElsewhere('p', 'main.py', 'theirs');
    const { project, conflicts } = await visit(server);
    await project.takeUp([draft('main.py', 'typed', 1)]);
    await expect(project.saver.flush()).rejects.toThrow('another window');
    expect(conflicts).toEqual(['main.py']);
    expect(server.text('p', 'main.py')).toBe('theirs');
  });

  it('drops only what the server has', async () => {
    const server = new FakeServer();
    server.add('p', { 'main.py': 'typed' });
    const { project } = await visit(server);
    expect((await project.takeUp([draft('main.py', 'typed', 0)])).needless).toHaveLength(1);
    expect(project.saver.pending).toBe(false);
  });

  it('offers what has no file any more, and older drafts of a file that a newer one has taken', async () => {
    const server = new FakeServer();
    server.add('p', { 'main.py': 'stored' });
    const { project, editor } = await visit(server);
    const found = await project.takeUp([
      draft('main.py', 'newest', 1, 3),
      draft('main.py', 'older', 1, 2),
      draft('gone.py', 'homeless', 1, 1),
    ]);
    expect(editor.texts.get('main.py')).toBe('newest');
    expect(found.homeless.map(({ text }) => text)).toEqual(['older', 'homeless']);
  });
});
