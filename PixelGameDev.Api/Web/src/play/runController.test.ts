import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/apiError';
import type { Session, StartedSession } from '../api/types';
import { MessageType } from '../stream/protocol';
import type { RunEvent } from '../stream/runTag';
import type { RunEnd, RunView } from './run';
import { RunController } from './runController';

const text = new TextEncoder();

/** Acts as the server of one account: a limited number of games, each of which takes a while to start and to end. */
class FakeServer {
  readonly games = new Map<string, 'starting' | 'running' | 'stopping' | 'ended'>();
  readonly begun: string[] = [];
  readonly stops: string[] = [];
  most = 2;
  startTime = 80;
  endTime = 300;
  away = false;
  /** True for a server that forgets a Stop before the end of the start, like the previous version. */
  forgetful = true;

  get alive(): string[] {
    return [...this.games].filter(([, state]) => state !== 'ended').map(([id]) => id);
  }

  start = async (_project: string, id: string): Promise<StartedSession> => {
    if (this.away) throw new ApiError(0, 'away');
    if (this.alive.length >= this.most) throw new ApiError(429, 'Too many.', 'too_many_own_sessions');
    this.games.set(id, 'starting');
    this.begun.push(id);
    await resolveAfter(this.startTime);
    if (this.games.get(id) === 'starting') this.games.set(id, 'running');
    return { id, state: 'running', sandbox: 'docker' };
  };

  stop = async (id: string): Promise<void> => {
    if (this.away) throw new ApiError(0, 'away');
    this.stops.push(id);
    const state = this.games.get(id);
    if (state === undefined) throw new ApiError(404, 'No such session.');
    if (state === 'starting' && this.forgetful) return;
    if (state === 'ended' || state === 'stopping') return;
    this.games.set(id, 'stopping');
    void resolveAfter(this.endTime).then(() => this.games.set(id, 'ended'));
  };

  read = async (id: string): Promise<Session> => {
    if (this.away) throw new ApiError(0, 'away');
    if (!this.games.has(id)) throw new ApiError(404, 'No such session.');
    return this.session(id);
  };

  running = async (): Promise<Session[]> => this.alive.map((id) => this.session(id));

  session = (id: string): Session => ({ id, projectName: `Game ${id}`, state: this.games.get(id)!, sandbox: 'docker' });
}

const resolveAfter = (time: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, time);
  });

describe('RunController', () => {
  let server: FakeServer;
  let runs: RunController;
  let unsaved: boolean;
  let saving: Promise<void>;
  let ids: number;
  let opened: { run: number; session: string }[];
  let streamOpen: boolean;
  let log: string[];
  let ends: RunEnd[];
  let beacons: string[];
  let samePerson: boolean;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    vi.advanceTimersByTime(10_000);
    server = new FakeServer();
    unsaved = false;
    saving = Promise.resolve();
    ids = 0;
    opened = [];
    streamOpen = false;
    log = [];
    ends = [];
    beacons = [];
    samePerson = true;
    const say = (what: string) => (): void => void log.push(what);
    const view: RunView = {
      begin: say('begin'),
      waitingFor: (what, hint) => log.push(`waiting for ${what}${hint ? '!' : ''}`),
      started: say('started'),
      connected: (open, refusal) => log.push(open ? 'connected' : (refusal ?? 'lost')),
      playing: say('playing'),
      firstPicture: say('picture'),
      size: (width, height) => log.push(`${width}x${height}`),
      figures: say('figures'),
      error: (report) => log.push(`error ${report.text}`),
      message: (type, payload) =>
        log.push(type === MessageType.Console ? new TextDecoder().decode(payload.subarray(1)) : `message ${type}`),
      ended: (end) => {
        ends.push(end);
        log.push(`ended ${end.reason}`);
      },
      stopFailed: say('stop failed'),
      signedOut: say('signed out'),
    };
    runs = new RunController({
      server,
      stream: {
        open: (run, session) => {
          opened.push({ run, session });
          streamOpen = true;
        },
        close: () => {
          streamOpen = false;
        },
        reconnect: () => undefined,
      },
      view,
      unsaved: () => unsaved,
      save: async () => {
        await saving;
        unsaved = false;
      },
      newId: () => `s${++ids}`,
      isSamePerson: async () => samePerson,
      beacon: (session) => void beacons.push(session),
      messageOf: (error) => (error as Error).message,
    });
  });
  afterEach(() => vi.useRealTimers());

  const pass = (time: number): Promise<unknown> => vi.advanceTimersByTimeAsync(time);
  const event = (run: number, what: Record<string, unknown>): void => runs.handle({ run, ...what } as RunEvent);
  const print = (run: number, line: string): void =>
    event(run, { type: 'message', message: MessageType.Console, payload: text.encode(`\u0001${line}`) });
  const says = (run: number, type: number, json: unknown): void =>
    event(run, { type: 'message', message: type, payload: text.encode(JSON.stringify(json)) });

  it('starts at once, plays with the first picture, and ends with what the game says', async () => {
    runs.run('p');
    expect(server.begun).toEqual(['s1']);
    expect(opened).toEqual([{ run: 1, session: 's1' }]);
    await pass(100);
    event(1, { type: 'status', status: 'open', attempt: 0 });
    event(1, { type: 'first', at: 1 });
    expect(runs.state).toBe('playing');
    says(1, MessageType.Ended, { reason: 'finished', message: 'Done.' });
    expect(runs.state).toBe('ended');
    expect(ends).toEqual([{ reason: 'finished', message: 'Done.' }]);
    expect(streamOpen).toBe(false);
  });

  it('drops everything that a run before says: output, pictures, errors, questions, its end', async () => {
    runs.run('p');
    await pass(100);
    event(1, { type: 'first', at: 1 });
    await pass(1000);
    unsaved = true;
    saving = resolveAfter(400);
    runs.run('p');
    log.length = 0;
    const old = (): void => {
      print(1, 'old\n');
      event(1, { type: 'first', at: 2 });
      event(1, { type: 'size', width: 5, height: 5 });
      event(1, { type: 'hud', frames: 9 });
      event(1, { type: 'status', status: 'lost', attempt: 1 });
      says(1, MessageType.Error, { text: 'old error' });
      says(1, MessageType.InputRequest, 'old?');
      says(1, MessageType.Ended, { reason: 'crashed', message: '' });
    };
    old();
    await pass(200);
    expect(runs.state).toBe('saving');
    expect(streamOpen).toBe(false);
    old();
    await pass(600);
    old();
    expect(log.filter((line) => line !== 'started' && !line.startsWith('waiting'))).toEqual([]);
    print(2, 'new\n');
    expect(log.at(-1)).toBe('new\n');
    expect(server.games.get('s1')).toBe('ended');
  });

  it.each([60, 90, 120, 150])('of 20 presses %i ms apart the last one runs, and only that one', async (gap) => {
    server.endTime = 1500;
    for (let i = 0; i < 20; i++) {
      runs.run('p');
      await pass(gap);
      // Each requested game answers with a picture as soon as it runs.
      const newest = opened.at(-1)!;
      if (server.games.get(newest.session) === 'running') event(newest.run, { type: 'first', at: 1 });
    }
    await pass(8000);
    expect(ends).toEqual([]);
    expect(server.alive).toEqual([opened.at(-1)!.session]);
    expect(server.begun.length).toBeLessThan(10);
  });

  it('starts again at once though the game before takes its time to end', async () => {
    server.endTime = 2000;
    server.most = 1;
    runs.run('p');
    await pass(1000);
    event(1, { type: 'first', at: 1 });
    runs.run('p');
    await pass(3000);
    expect(ends).toEqual([]);
    expect(server.alive).toEqual([opened.at(-1)!.session]);
  });

  it.each([0, 1, 10, 40, 79, 80, 81, 100, 500, 2000])('Stop %i ms after Run leaves nothing that runs', async (time) => {
    for (const [forgetful, startTime] of [
      [true, 80],
      [false, 80],
      [true, 1500],
      [false, 1500],
    ] as const) {
      Object.assign(server, { forgetful, startTime });
      await pass(5000);
      runs.run('p');
      await pass(time);
      void runs.stop();
      expect(['stopping', 'ended']).toContain(runs.state);
      await pass(6000);
      expect(server.alive).toEqual([]);
      expect(runs.state).toBe('ended');
      expect(streamOpen).toBe(false);
      expect(ends.at(-1)).toEqual({ reason: 'stopped', message: '' });
    }
  });

  it('Stop while the text is being saved never asks the server', async () => {
    unsaved = true;
    saving = resolveAfter(500);
    runs.run('p');
    await pass(100);
    void runs.stop();
    await pass(2000);
    expect(server.begun).toEqual([]);
    expect(runs.state).toBe('ended');
  });

  it('repeats a Stop that did not arrive, and says so when it never does', async () => {
    runs.run('p');
    await pass(100);
    server.away = true;
    void runs.stop();
    await pass(500);
    server.away = false;
    await pass(3000);
    expect(server.alive).toEqual([]);
    expect(log).not.toContain('stop failed');

    runs.run('p');
    await pass(1000);
    server.away = true;
    void runs.stop();
    await pass(8000);
    expect(log).toContain('stop failed');
  });

  it('hears the last words of a stopped game, but not the end of it as news', async () => {
    runs.run('p');
    await pass(100);
    event(1, { type: 'first', at: 1 });
    void runs.stop();
    print(1, 'bye\n');
    expect(log.at(-1)).toBe('bye\n');
    says(1, MessageType.Ended, { reason: 'stopped', message: '' });
    expect(ends.length).toBe(1);
    expect(runs.state).toBe('ended');
  });

  it('waits for games that an earlier page has stopped', async () => {
    server.games.set('before1', 'running');
    server.games.set('before2', 'running');
    server.endTime = 2000;
    void server.stop('before1');
    runs.run('p');
    await pass(1500);
    expect(runs.state).toBe('starting');
    expect(ends).toEqual([]);
    await pass(1500);
    expect(server.alive).toEqual(['before2', opened.at(-1)!.session]);
  });

  it('asks again if a game has ended just after the refusal', async () => {
    server.games.set('before1', 'running');
    server.games.set('before2', 'running');
    const { running } = server;
    server.running = () => {
      server.games.set('before1', 'ended');
      return running();
    };
    runs.run('p');
    await pass(500);
    expect(server.alive).toEqual(['before2', opened.at(-1)!.session]);
  });

  it('names games that run elsewhere, and ends them when asked', async () => {
    server.games.set('elsewhere1', 'running');
    server.games.set('elsewhere2', 'running');
    runs.run('p');
    await pass(10);
    expect(ends[0]!.reason).toBe('too_many_games');
    expect(ends[0]!.running!.map(({ id }) => id)).toEqual(['elsewhere1', 'elsewhere2']);
    void runs.stopOthers('p');
    await pass(3000);
    expect(server.alive).toEqual([opened.at(-1)!.session]);
    expect(runs.state).toBe('starting');
  });

  it('tells the server when the page goes away, also in the middle of a start, but not when the browser keeps it', async () => {
    server.startTime = 1000;
    runs.run('p');
    await pass(100);
    runs.leavePage(true);
    expect(beacons).toEqual([]);
    runs.leavePage(false);
    expect(beacons).toEqual(['s1']);
    void runs.stop();
    await pass(100);
    beacons.length = 0;
    runs.leavePage(false);
    expect(beacons).toEqual(['s1']);
  });

  it("a page that comes back from the browser's cache says what became of its game", async () => {
    runs.run('p');
    await pass(100);
    event(1, { type: 'first', at: 1 });
    runs.leavePage(true);
    server.games.set('s1', 'ended');
    runs.returned();
    await pass(10);
    expect(ends.map(({ reason }) => reason)).toEqual(['sandbox_lost']);
  });

  it('tells a lost connection from a sign-out', async () => {
    const lose = async (): Promise<void> => {
      event(opened.at(-1)!.run, { type: 'status', status: 'lost', attempt: 1 });
      await pass(10);
    };
    runs.run('p');
    await pass(100);
    await lose();
    expect(log.at(-1)).toBe('lost');
    expect(runs.active).toBe(true);
    const { read } = server;
    server.read = () => Promise.reject(new ApiError(401, ''));
    await lose();
    expect(ends.at(-1)!.reason).toBe('signed_out');
    expect(log.at(-1)).toBe('signed out');

    server.read = read;
    runs.run('p');
    await pass(1000);
    samePerson = false;
    server.games.clear();
    await lose();
    expect(ends.at(-1)!.reason).toBe('signed_out');
    runs.run('p');
    await pass(1000);
    samePerson = true;
    server.games.clear();
    await lose();
    expect(ends.at(-1)!.reason).toBe('sandbox_lost');
  });

  it('does not ask whether the game draws while its start waits for its turn, and forgets the turn when it is stopped', async () => {
    runs.run('p');
    await pass(100);
    event(1, { type: 'status', status: 'open', attempt: 0 });
    for (let before = 8; before >= 0; before--) {
      says(1, MessageType.State, { state: 'starting', waiting: before });
      await pass(2000);
    }
    expect(log).toContain('waiting for frame');
    expect(log).not.toContain('waiting for frame!');
    void runs.stop();
    log.length = 0;
    says(1, MessageType.State, { state: 'starting', waiting: 3 });
    expect(log).toEqual([]);
  });

  it('shows figures only while the connection stands', async () => {
    runs.run('p');
    await pass(100);
    event(1, { type: 'status', status: 'open', attempt: 0 });
    event(1, { type: 'first', at: 1 });
    event(1, { type: 'hud', frames: 1 });
    expect(log.at(-1)).toBe('figures');
    event(1, { type: 'status', status: 'lost', attempt: 1 });
    event(1, { type: 'hud', frames: 1 });
    expect(log.at(-1)).toBe('lost');
  });

  it('says that the game is open in too many windows, and leaves the game alone', async () => {
    runs.run('p');
    await pass(100);
    event(1, { type: 'status', status: 'open', attempt: 0 });
    event(1, { type: 'first', at: 1 });
    event(1, { type: 'status', status: 'lost', attempt: 1, refusal: 'too_many_viewers' });
    expect(log.at(-1)).toBe('too_many_viewers');
    await pass(10_000);
    expect(runs.state).toBe('playing');
    expect(server.stops).toEqual([]);
    event(1, { type: 'status', status: 'open', attempt: 0 });
    expect(log.at(-1)).toBe('connected');
  });

  it('shows an error once, though a connection that came back tells it again', async () => {
    runs.run('p');
    await pass(100);
    says(1, MessageType.Error, { text: 'one' });
    says(1, MessageType.Error, { text: 'one' });
    says(1, MessageType.Error, { text: 'two' });
    expect(log.filter((line) => line.startsWith('error'))).toEqual(['error one', 'error two']);
  });

  it('says after a while what it waits for, and gives up a start that is never answered', async () => {
    server.startTime = 1e9;
    runs.run('p');
    await pass(1000);
    expect(log).toContain('waiting for session');
    await pass(90_000);
    expect(ends.at(-1)!.reason).toBe('not_started');
    expect(server.stops).toContain('s1');
  });

  it('a double click is one press', async () => {
    runs.run('p');
    await pass(30);
    runs.run('p');
    await pass(2000);
    expect(server.begun).toEqual(['s1']);
    expect(runs.state).toBe('starting');
  });

  it('forgets its run when another game is shown', async () => {
    runs.run('p');
    await pass(100);
    runs.forget();
    await pass(3000);
    print(1, 'old\n');
    expect(log).not.toContain('old\n');
    expect(server.alive).toEqual([]);
    expect(runs.state).toBe('idle');
  });
});
