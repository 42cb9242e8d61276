import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OpenTabs } from './openTabs';

/** A studio with these files; the last one that was opened is visible. */
function studio(paths: string[], id = 'game') {
  const files = signal(paths.map((path) => ({ path })));
  const openPath = signal<string | undefined>(undefined);
  const open = (path: string): Promise<void> => {
    openPath.value = path;
    return Promise.resolve();
  };
  const projectId = signal<string | undefined>(id);
  const tabs = new OpenTabs({ projectId, files, openPath, isShownAsCode: (path) => path.endsWith('.py'), open });
  const remove = (path: string): void => {
    files.value = files.value.filter((file) => file.path !== path);
  };
  const add = (path: string): void => {
    files.value = [...files.value, { path }];
  };
  return { tabs, open, openPath, projectId, remove, add };
}

const all = ['a.py', 'b.py', 'c.py', 'x.png', 'y.png'];

beforeEach(() => {
  const store = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('the tabs of a game', () => {
  it('are the opened files, each new one beside the visible one', async () => {
    const { tabs, open } = studio(all);
    for (const path of ['a.py', 'b.py', 'a.py', 'c.py']) await open(path);
    expect(tabs.paths.value).toEqual(['a.py', 'c.py', 'b.py']);
  });

  it('have one tab for pictures that are looked through', async () => {
    const { tabs, open } = studio(all);
    for (const path of ['a.py', 'x.png', 'y.png']) await open(path);
    expect(tabs.paths.value).toEqual(['a.py', 'y.png']);
    for (const path of ['b.py', 'x.png']) await open(path);
    expect(tabs.paths.value).toEqual(['a.py', 'y.png', 'b.py', 'x.png']);
  });

  it('show the next file when the visible one is closed, and the one before at the end', async () => {
    const { tabs, open, openPath } = studio(all);
    for (const path of ['a.py', 'b.py', 'c.py']) await open(path);
    await open('b.py');
    await tabs.close('b.py');
    expect([tabs.paths.value, openPath.value]).toEqual([['a.py', 'c.py'], 'c.py']);
    await tabs.close('a.py');
    expect([tabs.paths.value, openPath.value]).toEqual([['c.py'], 'c.py']);
    await tabs.close('c.py');
    expect([tabs.paths.value, openPath.value]).toEqual([['c.py'], 'c.py']);
  });

  it('stay if the next file cannot be shown', async () => {
    const openPath = signal<string | undefined>('a.py');
    const tabs = new OpenTabs({
      projectId: signal('game'),
      files: signal([{ path: 'a.py' }, { path: 'b.py' }]),
      openPath,
      isShownAsCode: () => true,
      open: () => Promise.reject(new Error('no connection')),
    });
    openPath.value = 'b.py';
    await expect(tabs.close('b.py')).rejects.toThrow('no connection');
    expect(tabs.paths.value).toEqual(['a.py', 'b.py']);
  });

  it('follow files that are named again, deleted and brought back', async () => {
    const { tabs, open, remove, add } = studio(all);
    for (const path of ['a.py', 'b.py', 'c.py']) await open(path);
    remove('b.py');
    expect(tabs.paths.value).toEqual(['a.py', 'c.py']);
    add('b.py');
    expect(tabs.paths.value).toEqual(['a.py', 'b.py', 'c.py']);
    remove('b.py');
    add('boss.py');
    tabs.rename('b.py', 'boss.py');
    expect(tabs.paths.value).toEqual(['a.py', 'boss.py', 'c.py']);
  });

  it('are remembered for each game', async () => {
    const first = studio(all, 'first');
    for (const path of ['a.py', 'b.py']) await first.open(path);
    const other = studio(all, 'other');
    await other.open('c.py');
    expect(studio(all, 'first').tabs.paths.value).toEqual(['a.py', 'b.py']);
    expect(studio(['b.py'], 'first').tabs.paths.value).toEqual(['b.py']);
    other.projectId.value = 'first';
    expect(other.tabs.paths.value).toEqual(['a.py', 'b.py']);
  });

  it.each(['{', '{}', '[["game"]]', '[["game", [1]]]', 'null'])('begin anew with %s in the browser', (value) => {
    localStorage.setItem('pixel.tabs', value);
    expect(studio(all).tabs.paths.value).toEqual([]);
  });
});
