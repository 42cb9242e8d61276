import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../api/apiError';
import { DraftKeeper } from './drafts';
import { FakeEditor, FakeServer, MemoryDrafts } from './fakeServer';
import { freeName } from './fileKinds';
import type { SaveConflict } from './guardedSave';
import { OpenProject } from './openProject';
import { storeUploads } from './uploads';

/** Returns the same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How often the texts of two windows were put together. */
let merged = 0;

class Window {
  readonly editor = new FakeEditor();
  readonly conflicts = new Map<string, SaveConflict>();
  readonly timers = new Map<number, () => void>();
  project!: OpenProject;
  keeper!: DraftKeeper;
  /** Marks that were typed after the last copy of the drafts. */
  readonly fresh = new Set<string>();
  private next = 1;

  constructor(
    readonly name: string,
    private readonly drafts: MemoryDrafts,
    private readonly live: Set<string>,
    private readonly clock: () => number,
  ) {
    live.add(name);
  }

  /** Ends the tab and loses everything that was not stored anywhere. */
  kill(): void {
    this.live.delete(this.name);
    this.keeper.close();
    this.project.close();
  }

  async keep(): Promise<void> {
    await this.keeper.sync();
    this.fresh.clear();
  }

  async open(server: FakeServer, id: string): Promise<void> {
    const project = await server.project(id);
    this.project?.close();
    this.keeper?.close();
    for (const path of [...this.editor.texts.keys()]) this.editor.close(path);
    this.conflicts.clear();
    this.project = new OpenProject(
      project,
      server,
      this.editor,
      {
        onSaveState: () => undefined,
        onConflict: (conflict) => this.conflicts.set(conflict.path, conflict),
        onStored: (path) => this.conflicts.delete(path),
        onMerged: () => void merged++,
        onFilesChanged: () => undefined,
        onGone: () => undefined,
      },
      {
        setTimer: (action) => {
          this.timers.set(this.next, action);
          return this.next++;
        },
        clearTimer: (timer) => void this.timers.delete(timer),
      },
    );
    const opened = this.project;
    this.keeper = new DraftKeeper({
      project: id,
      window: this.name,
      store: this.drafts,
      unsaved: () => opened.unsaved(),
      onNoRoom: () => undefined,
      now: this.clock,
      setTimer: () => 0,
    });
    const found = (await this.drafts.of(id)).filter(({ window }) => window === this.name || !this.live.has(window));
    const { taken, needless, homeless } = await opened.takeUp(found);
    await this.keeper.sync();
    for (const draft of [...taken, ...needless]) await this.drafts.remove(draft, false);
    // The person keeps the offered drafts as soon as that works.
    for (const draft of homeless) {
      await opened.create(opened.has(draft.path) ? freeName(opened, draft.path) : draft.path, draft.text).then(
        () => this.drafts.remove(draft, false),
        () => undefined,
      );
    }
  }

  tick(): void {
    const due = [...this.timers.values()];
    this.timers.clear();
    for (const action of due) action();
  }
}

/**
 * Two windows with two games act like people, in any order, with requests that are late, fail, or arrive without an answer, and with tabs
 * that are killed. Every typed text carries a mark. At the end each mark is in its own game, on the server, in its trash or in a window,
 * unless its window chose the other one's text.
 */
async function journey(seed: number, steps: number): Promise<void> {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const server = new FakeServer();
  const games = ['game-a', 'game-b'];
  for (const game of games) server.add(game, { 'main.py': `${game}\n1\n2\n3\n`, 'enemy.py': `${game}\n1\n2\n3\n` });
  let online = true;
  const drafts = new MemoryDrafts();
  const live = new Set<string>();
  let time = 0;
  let visits = 0;
  const visit = (): Window => new Window(`visit ${++visits}`, drafts, live, () => ++time);
  const windows = [visit(), visit()];
  for (const window of windows) await window.open(server, games[0]!);
  server.before = async () => {
    for (let turns = Math.floor(random() * 6); turns > 0; turns--) await Promise.resolve();
    if (!online || random() < 0.05) throw new ApiError(0, 'offline');
    if (random() < 0.03) server.loseAnswers += 1;
  };
  const typed = new Map<string, string>();
  const freed = new Set<string>();
  const log: string[] = [];
  const marksIn = (text: string): string[] => text.match(/<\d+>/g) ?? [];

  const quietly = async (action: Promise<unknown>): Promise<void> => {
    await action.catch((error: unknown) => log.push(`  ${String(error)}`));
  };
  const pending: Promise<void>[] = [];
  /** Begins an action without waiting for its end. */
  const begin = async (action: Promise<unknown>): Promise<void> => {
    const done = quietly(action);
    if (random() < 0.5) pending.push(done);
    else await done;
  };

  for (let step = 0; step < steps; step++) {
    const window = pick(windows);
    const { project, editor } = window;
    if (project === undefined) continue;
    const files = project.project.files.map(({ path }) => path);
    const path = pick(files);
    const what = pick([
      'type',
      'type',
      'type',
      'type',
      'tick',
      'tick',
      'rename',
      'delete',
      'add',
      'upload',
      'refresh',
      'choose',
      'switch',
      'offline',
      'flush',
      'restore',
      'keep',
      'keep',
      'kill',
    ]);
    log.push(`${step} window ${windows.indexOf(window)} ${project.id} ${what} ${path}`);
    switch (what) {
      case 'type': {
        if (!editor.has(path)) {
          const text = await project.load(path).catch(() => undefined);
          if (text === undefined || window.project !== project || !project.has(path)) break;
          editor.prepare(path, text);
        }
        // As in the page: a locked editor takes no text.
        if (editor.locks > 0) break;
        const mark = `<${step}>`;
        typed.set(mark, project.id);
        window.fresh.add(mark);
        // Two windows often type in different lines, and sometimes in the same place.
        const lines = editor.texts.get(path)!.split('\n');
        lines.splice(pick([0, 2, lines.length - 1]), 0, mark);
        const text = lines.join('\n');
        editor.texts.set(path, text);
        project.edit(path, text);
        break;
      }
      case 'tick':
        window.tick();
        // The code that puts texts together is loaded when it is needed.
        if (random() < 0.3) await new Promise((done) => setImmediate(done));
        break;
      case 'rename':
        await begin(project.rename(path, pick(['main.py', 'enemy.py', 'boss.py', 'level.py'])));
        break;
      case 'delete':
        await begin(project.remove(path));
        break;
      case 'add':
        await begin(project.create(pick(['boss.py', 'level.py', 'enemy.py']), ''));
        break;
      case 'upload': {
        const mark = `<${step}>`;
        const content = new TextEncoder().encode(`${mark}\n`);
        const choice = pick(['replace', 'both', 'cancel'] as const);
        await begin(
          storeUploads(
            project,
            [{ name: pick(['boss.py', path]), size: content.length, arrayBuffer: () => Promise.resolve(content.buffer) }],
            {
              ask: () => Promise.resolve({ choice, forAll: false }),
              askEncoding: () => Promise.resolve(undefined),
              askOthers: () => Promise.resolve(false),
              onStart: () => undefined,
              onFailed: (message) => log.push(`  ${message}`),
            },
          ),
        );
        break;
      }
      case 'refresh':
        await begin(project.refresh());
        break;
      case 'choose': {
        const [conflict] = window.conflicts.values();
        if (conflict === undefined) break;
        window.conflicts.delete(conflict.path);
        const keepMine = random() < 0.5;
        log.push(`  ${conflict.path} ${keepMine ? 'mine' : 'theirs'}`);
        // The text that was not chosen is one undo away, and may be lost with that window.
        if (!keepMine) marksIn(project.saver.unsaved(conflict.path) ?? '').forEach((mark) => freed.add(mark));
        project.resolve(conflict, keepMine);
        break;
      }
      case 'switch': {
        const game = pick(games);
        if (game === project.id) break;
        await Promise.all(pending);
        const left = await project.saver.flush().then(
          () => true,
          () => false,
        );
        if (left && window.project === project) await quietly(window.open(server, game));
        break;
      }
      case 'keep':
        await window.keep();
        break;
      case 'kill': {
        if (window.project !== project) break;
        window.kill();
        // Only what was typed in the last second may be lost.
        for (const mark of window.fresh) freed.add(mark);
        const next = visit();
        const faults = server.before;
        server.before = () => Promise.resolve();
        await next.open(server, project.id);
        server.before = faults;
        windows[windows.indexOf(window)] = next;
        break;
      }
      case 'offline':
        online = !online;
        break;
      case 'flush':
        await begin(project.saver.flush());
        break;
      case 'restore': {
        const [trashed] = server.projects.get(project.id)!.trash.entries();
        if (trashed !== undefined) await begin(project.restore(trashed[0], trashed[1].path));
        break;
      }
    }
  }

  server.before = () => Promise.resolve();
  server.loseAnswers = 0;
  await Promise.all(pending);
  for (let round = 0; round < 20 && windows.some(({ project }) => project.saver.pending); round++) {
    for (const window of windows) {
      for (const conflict of [...window.conflicts.values()]) {
        window.conflicts.delete(conflict.path);
        window.project.resolve(conflict, true);
      }
      await window.project.saver.flush().catch(() => undefined);
    }
  }
  const report = (): string => `seed ${seed}\n${log.join('\n')}`;
  expect(
    windows.some(({ project }) => project.saver.pending),
    report(),
  ).toBe(false);
  const where = new Map<string, string>();
  for (const game of server.projects.values()) {
    for (const { text } of [...game.files.values(), ...game.trash.values()])
      for (const mark of marksIn(text)) where.set(`${mark} ${game.id}`, mark);
  }
  // Offered again at the next visit.
  for (const draft of [...drafts.kept.values(), ...drafts.local.values()])
    for (const mark of marksIn(draft.text)) where.set(`${mark} ${draft.project}`, mark);
  for (const [mark, game] of typed) {
    for (const other of games)
      if (other !== game) expect(where.has(`${mark} ${other}`), `${mark} of ${game} is in ${other}\n${report()}`).toBe(false);
    if (!freed.has(mark)) expect(where.has(`${mark} ${game}`), `${mark} of ${game} is lost\n${report()}`).toBe(true);
  }
}

describe('random journeys of two windows', () => {
  it('lose and misplace nothing', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= 400; seed++) await journey(seed, 80);
    expect(merged).toBeGreaterThan(20);
  });
});
