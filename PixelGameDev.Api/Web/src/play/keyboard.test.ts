import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageType } from '../stream/protocol';
import { Keyboard } from './keyboard';

/** A field that takes events as a textarea does, without a page. */
class Field extends EventTarget {
  value = '';
  inputMode = 'none';
  selectionStart = 0;
  selectionEnd = 0;

  fire(type: string, data: Record<string, unknown> = {}): Event {
    const event = new Event(type, { cancelable: true });
    const none = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, getModifierState: () => false };
    for (const [name, value] of Object.entries({ ...none, ...data })) Object.defineProperty(event, name, { value });
    this.dispatchEvent(event);
    return event;
  }

  down(code: string, key: string, more: Record<string, unknown> = {}): Event {
    return this.fire('keydown', { code, key, ...more });
  }

  up(code: string, key: string, more: Record<string, unknown> = {}): Event {
    return this.fire('keyup', { code, key, ...more });
  }

  insert(text: string, more: Record<string, unknown> = {}): void {
    if (this.fire('beforeinput', { inputType: 'insertText', ...more }).defaultPrevented) return;
    this.value += text;
    this.selectionStart = this.selectionEnd = this.value.length;
    this.fire('input', more);
  }

  compose(text: string): void {
    this.fire('compositionupdate', { data: text });
    this.value = '';
    this.insert(text, { isComposing: true, inputType: 'insertCompositionText' });
  }
}

/** Describes a message shortly. */
function describeInput(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer);
  const text = (from: number): string => new TextDecoder().decode(bytes.subarray(from));
  switch (bytes[0]) {
    case MessageType.Focus:
      return bytes[5] === 1 ? 'focus' : 'blur';
    case MessageType.Key: {
      const kind = bytes[5] === 0 ? 'up' : bytes[6] === 1 ? 'repeat' : 'down';
      return `${kind} ${view.getUint16(7, true)} mods ${view.getUint16(9, true)} ${text(15)}`.trim();
    }
    default:
      return `${bytes[5] === 1 ? 'text' : 'editing'} ${text(10)} ${view.getUint16(6, true)} ${view.getUint16(8, true)}`;
  }
}

describe('Keyboard', () => {
  let field: Field;
  let sent: string[];
  let state: { playing: boolean; focused: boolean; left: number };
  let keyboard: Keyboard;

  beforeEach(() => {
    vi.useFakeTimers();
    field = new Field();
    sent = [];
    state = { playing: true, focused: true, left: 0 };
    keyboard = new Keyboard({
      field: field as unknown as HTMLTextAreaElement,
      send: (encode) => sent.push(describeInput(encode(1))),
      playing: () => state.playing,
      hasFocus: () => state.focused,
      readLayout: async () => undefined,
      onLeave: () => state.left++,
      onFocus: () => undefined,
    });
    return () => vi.useRealTimers();
  });

  const focus = (focused: boolean): void => {
    state.focused = focused;
    field.fire(focused ? 'focus' : 'blur');
  };

  it('lets go of everything when the browser puts the page away, and takes the keyboard again when it is shown', () => {
    keyboard.begin();
    keyboard.reconcile();
    field.down('ArrowLeft', 'ArrowLeft');
    keyboard.letGo();
    keyboard.letGo();
    keyboard.reconcile();
    field.up('ArrowLeft', 'ArrowLeft');
    // The game releases its keys when it loses the keyboard.
    expect(sent).toEqual(['focus', 'down 80 mods 0', 'blur', 'focus']);
  });

  it('tells every change of the focus from the moment of Run, also before the first picture', () => {
    state.playing = false;
    state.focused = false;
    keyboard.begin();
    focus(true);
    focus(false);
    focus(true);
    state.playing = true;
    keyboard.reconcile();
    expect(sent).toEqual(['focus', 'blur', 'focus']);
    // Without an event of its own: the next key shows it.
    field.down('KeyA', 'a');
    expect(sent.slice(3)).toEqual(['down 4 mods 0 a']);
  });

  it('tells a new game the focus again', async () => {
    keyboard.begin();
    await Promise.resolve();
    keyboard.begin();
    await Promise.resolve();
    expect(sent).toEqual(['focus', 'focus']);
  });

  it('takes a repeat of a key that was held before the game had the keyboard for its press', () => {
    field.down('ArrowRight', 'ArrowRight', { repeat: true });
    field.down('ArrowRight', 'ArrowRight', { repeat: true });
    field.up('ArrowRight', 'ArrowRight');
    expect(sent).toEqual(['focus', 'down 79 mods 0', 'repeat 79 mods 0', 'up 79 mods 0']);
  });

  it('sends a letter after a dead key with what both make, and what the browser makes of a dead key alone', () => {
    expect(field.down('Quote', 'Dead').defaultPrevented).toBe(false);
    field.up('Quote', 'Dead');
    expect(field.down('KeyE', 'e').defaultPrevented).toBe(false);
    expect(sent).toEqual(['focus', 'down 52 mods 0', 'up 52 mods 0']);
    field.insert('é');
    field.up('KeyE', 'e');
    expect(sent.slice(3)).toEqual(['down 8 mods 0 é', 'up 8 mods 0']);
    expect(field.value).toBe('');
    expect(field.down('KeyE', 'e').defaultPrevented).toBe(true);
  });

  it('sends a letter after a dead key without text if the browser makes none in time', () => {
    field.down('Quote', 'Dead');
    field.down('KeyE', 'e');
    vi.advanceTimersByTime(1000);
    expect(sent.slice(1)).toEqual(['down 52 mods 0', 'down 8 mods 0']);
    field.insert('é');
    expect(sent.slice(3)).toEqual(['text é 0 0']);
  });

  it('takes the composition of an accent for a dead key', () => {
    field.down('Quote', 'Process', { keyCode: 229 });
    field.compose('´');
    field.up('Quote', "'");
    field.down('KeyE', 'Process', { keyCode: 229, isComposing: true });
    field.compose('é');
    field.fire('compositionend', { data: 'é' });
    field.up('KeyE', 'e');
    expect(sent).toEqual(['focus', 'down 52 mods 0', 'up 52 mods 0', 'down 8 mods 0 é', 'up 8 mods 0']);
  });

  it('sends the text of an input method, not its keys', () => {
    field.down('KeyN', 'Process', { keyCode: 229 });
    field.compose('に');
    field.down('KeyI', 'Process', { isComposing: true });
    field.compose('日本');
    field.up('KeyN', 'n');
    field.fire('compositionend', { data: '日本' });
    expect(sent).toEqual(['focus', 'editing に 1 0', 'editing 日本 2 0', 'editing  0 0', 'text 日本 0 0']);
    expect(field.value).toBe('');
  });

  it('cuts long text into messages that hold it', () => {
    field.insert('ж'.repeat(300));
    const lengths = sent.slice(0).map((line) => [...line.split(' ')[1]!].length);
    expect(lengths.reduce((sum, length) => sum + length)).toBe(300);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(64);
  });

  it('takes the edits of an on-screen keyboard for keys', () => {
    field.down('', 'Unidentified', { keyCode: 229 });
    field.insert('', { inputType: 'deleteContentBackward' });
    expect(sent.slice(1)).toEqual(['down 42 mods 0', 'up 42 mods 0']);
  });

  it('presses Ctrl+V only when the game has the text', () => {
    const ctrl = { ctrlKey: true, keyCode: 86 };
    field.down('ControlLeft', 'Control', { ctrlKey: true });
    sent.length = 0;
    expect(field.down('KeyV', 'v', ctrl).defaultPrevented).toBe(false);
    expect(sent).toEqual([]);
    keyboard.pasted();
    expect(sent).toEqual(['down 25 mods 64']);
    field.up('KeyV', 'v', ctrl);
    // Without anything to paste there is no such event.
    field.down('KeyV', 'v', ctrl);
    field.up('KeyV', 'v', ctrl);
    expect(sent).toEqual(['down 25 mods 64', 'up 25 mods 64', 'down 25 mods 64', 'up 25 mods 64']);
    field.down('KeyV', 'v', ctrl);
    vi.advanceTimersByTime(1);
    expect(sent.at(-1)).toBe('down 25 mods 64');
  });

  it('presses the keys of text from the keyboard of a phone, also while that composes a word', () => {
    const open = vi.fn();
    Object.assign(field, { focus: () => open(field.inputMode), blur: () => field.fire('blur') });
    keyboard.reconcile();
    sent.length = 0;
    keyboard.toggleOnScreen();
    expect(open).toHaveBeenCalledWith('text');
    // The game does not see that the field gave the keyboard away for a moment.
    expect(sent).toEqual([]);
    const phone = { keyCode: 229 };
    field.down('', 'Unidentified', phone);
    field.insert('A');
    expect(sent).toEqual(['down 4 mods 1 A', 'up 4 mods 0']);
    sent.length = 0;
    field.down('', 'Unidentified', { ...phone, isComposing: true });
    field.compose('th');
    field.compose('the');
    expect(sent.map((line) => line.replace(/ mods 0/, ''))).toEqual(['down 23 t', 'up 23', 'down 11 h', 'up 11', 'down 8 e', 'up 8']);
    sent.length = 0;
    // The keyboard corrects the word; nothing of it comes twice.
    field.compose('thé');
    field.fire('compositionend', { data: 'thé' });
    expect(sent).toEqual(['down 42 mods 0', 'up 42 mods 0', 'text é 0 0']);
    sent.length = 0;
    field.insert(' ');
    expect(sent).toEqual(['down 44 mods 0', 'up 44 mods 0']);
    keyboard.toggleOnScreen();
    expect(open).toHaveBeenLastCalledWith('none');
  });

  it('lets nothing be pasted, and nothing be typed before the game plays', () => {
    field.insert('clipboard', { inputType: 'insertFromPaste' });
    state.playing = false;
    field.insert('a');
    expect(sent).toEqual([]);
    expect(field.value).toBe('');
  });

  it('gives the keyboard back after two quick presses of Escape', () => {
    field.down('Escape', 'Escape');
    field.up('Escape', 'Escape');
    field.down('Escape', 'Escape');
    expect(state.left).toBe(1);
    expect(sent).toEqual(['focus', 'down 41 mods 0', 'up 41 mods 0']);
  });

  it('ends a Shift whose keyup never came with the next key', () => {
    field.down('ShiftLeft', 'Shift', { shiftKey: true });
    field.down('KeyN', 'n');
    expect(sent.slice(1)).toEqual(['down 225 mods 1', 'up 225 mods 0', 'down 17 mods 0 n']);
  });
});
