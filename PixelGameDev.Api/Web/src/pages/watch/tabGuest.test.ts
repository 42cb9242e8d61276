import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MessageType } from '../../stream/protocol';
import { bytesOf, TabGuest } from './tabGuest';
import { WatchSeat } from './watchSeat';

class FakeStorage {
  constructor(readonly items = new Map<string, string>()) {}
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}

let storage: FakeStorage;

beforeEach(() => {
  storage = new FakeStorage();
  vi.stubGlobal('sessionStorage', storage);
  vi.stubGlobal('localStorage', new FakeStorage());
});
afterEach(() => vi.unstubAllGlobals());

/** A page that is loaded; `said` has what it tells the server about its person. */
function load(code = 'abc'): { tab: TabGuest; seat: WatchSeat; said: Uint8Array[] } {
  const said: Uint8Array[] = [];
  const tab = new TabGuest(code);
  return { tab, seat: new WatchSeat({ input: (encode) => void said.push(encode(0)) }, tab), said };
}

const tell = (seat: WatchSeat, wantsToPlay: boolean): void =>
  seat.take(new TextEncoder().encode(JSON.stringify({ seats: [], you: { number: 1, name: 'Mia', seat: 0, wantsToPlay } })));

test('a page that is loaded again is the same person and asks again by itself', () => {
  const first = load();
  first.seat.connected();
  expect(first.said).toEqual([]);
  first.seat.ask(' Mia ');
  expect([...first.said[0]!.subarray(0, 2)]).toEqual([MessageType.Join, 1]);
  expect([...first.said[0]!.subarray(2, 18)]).toEqual([...bytesOf(first.tab.now!.key)]);
  expect(new Set(first.said[0]!.subarray(2, 18)).size).toBeGreaterThan(4);
  first.tab.leavePage();

  const second = load();
  expect(second.seat.asks.value).toBe(true);
  expect(second.seat.lastName).toBe('Mia');
  second.seat.connected();
  expect(second.said).toEqual(first.said);
});

test('the copy of a tab is another person', () => {
  const first = load();
  first.seat.ask('Mia');
  first.tab.leavePage();
  const again = load();
  // The browser copies the storage of a tab whose page is shown.
  vi.stubGlobal('sessionStorage', new FakeStorage(new Map(storage.items)));
  const copy = load();
  copy.seat.connected();
  expect(copy.said).toEqual([]);
  copy.seat.ask('Mia');
  expect(copy.tab.now!.key).not.toBe(again.tab.now!.key);
});

test('who did not want to play any more does not ask again', () => {
  const first = load();
  first.seat.ask('Mia');
  // The owner has taken the place back.
  tell(first.seat, false);
  first.tab.leavePage();
  const second = load();
  second.seat.connected();
  expect(second.said[0]![1]).toBe(0);
  second.seat.ask('Mia');
  second.seat.leave();
  expect(second.said.map((join) => join[1])).toEqual([0, 1, 0]);
  expect(second.tab.now!.asks).toBe(false);
});

test('nothing is left for another invitation, nor by a page that the browser keeps, nor by somebody without a name', () => {
  const first = load();
  first.tab.leavePage();
  expect(storage.items.size).toBe(0);
  first.seat.ask('Mia');
  first.tab.leavePage();
  expect(load('other').tab.now).toBeUndefined();
  first.tab.returned();
  expect(storage.items.size).toBe(0);
  expect(first.tab.now!.name).toBe('Mia');
});

test.each(['', '{', 'null', '{"key":"1","name":"Mia"}', '{"key":"0a1b2c3d-0000-4000-8000-000000000001"}'])(
  'what nobody has stored so is ignored: %s',
  (stored) => {
    storage.setItem('pixel.guest.abc', stored);
    expect(load().tab.now).toBeUndefined();
  },
);
