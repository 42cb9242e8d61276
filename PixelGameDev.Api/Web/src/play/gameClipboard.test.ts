import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ClipboardNews, GameClipboard } from './gameClipboard';

describe('GameClipboard', () => {
  let field: EventTarget & { value: string; select(): void };
  let canvas: EventTarget;
  let news: ClipboardNews[];
  let sent: string[];
  let clipboard: GameClipboard;
  let pasted: number;
  let allowed: boolean;
  let written: string[];

  beforeEach(() => {
    field = Object.assign(new EventTarget(), { value: 'x', select: () => undefined });
    canvas = new EventTarget();
    news = [];
    sent = [];
    written = [];
    pasted = 0;
    allowed = true;
    const writeText = async (text: string): Promise<void> => {
      if (!allowed) throw new Error('NotAllowedError');
      written.push(text);
    };
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    vi.stubGlobal('document', { hasFocus: () => true, activeElement: field });
    clipboard = new GameClipboard({
      field: field as unknown as HTMLTextAreaElement,
      canvas: canvas as unknown as HTMLCanvasElement,
      target: { input: (encode) => sent.push(new TextDecoder().decode(encode(1).subarray(5))) },
      playing: () => true,
      onPasted: () => pasted++,
      onNews: (what) => news.push(what),
    });
  });

  afterEach(() => vi.unstubAllGlobals());

  const paste = (text: string): boolean =>
    field.dispatchEvent(Object.assign(new Event('paste', { cancelable: true }), { clipboardData: { getData: () => text } }));

  it('puts the text of the game on the clipboard and says so', async () => {
    await clipboard.take('level 7');
    expect(written).toEqual(['level 7']);
    expect(news).toEqual(['copied']);
  });

  it('asks for a key or a click if the browser does not allow it, and then does it once', async () => {
    allowed = false;
    await clipboard.take('level 7');
    expect(news).toEqual(['waiting']);
    allowed = true;
    canvas.dispatchEvent(new Event('pointerup'));
    await vi.waitFor(() => expect(news).toEqual(['waiting', 'copied']));
    canvas.dispatchEvent(new Event('pointerup'));
    expect(written).toEqual(['level 7']);
  });

  it('copies from the field where a page has no clipboard of its own', async () => {
    const data: string[] = [];
    const copies = {
      execCommand: () =>
        field.dispatchEvent(Object.assign(new Event('copy'), { clipboardData: { setData: (_: string, text: string) => data.push(text) } })),
    };
    vi.stubGlobal('navigator', {});
    vi.stubGlobal('document', { hasFocus: () => true, activeElement: field, ...copies });
    await clipboard.take('level 8');
    expect(data).toEqual(['level 8']);
    expect(news).toEqual(['copied']);
    expect(field.value).toBe('x');
  });

  it('leaves the clipboard to the window that a person uses', async () => {
    vi.stubGlobal('document', { hasFocus: () => false });
    await clipboard.take('level 7');
    expect([written, news]).toEqual([[], []]);
  });

  it('sends pasted text before the key that pasted it, and refuses what is too long', () => {
    // Nothing gets into the field itself.
    expect(paste('code 123 ü')).toBe(false);
    expect([sent, pasted]).toEqual([['code 123 ü'], 1]);
    paste('ü'.repeat(9000));
    expect([sent.length, pasted, news]).toEqual([1, 2, ['tooLong']]);
  });
});
