import { rememberedInTab } from '../../frame/remembered';

/** A person who has said a name. */
export interface Guest {
  /** A random UUID, which only this page and the server know. A new connection with the same one gets the same place. */
  key: string;
  name: string;
  /** True if the person has asked to play, or plays. */
  asks: boolean;
}

/**
 * Hands the person of this tab on to the next page of this tab, so that a page that is loaded again keeps its place. Between two pages the
 * browser stores it; while a page is shown, nothing is stored. So the copy of a tab is another person.
 */
export class TabGuest {
  now: Guest | undefined;
  private readonly address: string;

  /** Takes over the person whom the last page of this tab has left for this invitation. */
  constructor(code: string) {
    this.address = `guest.${code}`;
    this.now = parse(rememberedInTab.get(this.address));
    this.returned();
  }

  /** The page is left. */
  leavePage(): void {
    if (this.now !== undefined) rememberedInTab.set(this.address, JSON.stringify(this.now));
  }

  /** The browser has kept the page that was left, and shows it again. */
  returned(): void {
    rememberedInTab.remove(this.address);
  }
}

/** The key as the server gets it: 16 bytes. */
export const bytesOf = (key: string): Uint8Array =>
  Uint8Array.from(key.replaceAll('-', '').match(/../g) ?? [], (digits) => parseInt(digits, 16));

/** Sample: {"key":"0a1b2c3d-0000-4000-8000-000000000001","name":"Mia","asks":true} */
function parse(stored: string | null): Guest | undefined {
  try {
    const { key, name, asks } = JSON.parse(stored ?? '') as Partial<Record<keyof Guest, unknown>>;
    return typeof key === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(key) && typeof name === 'string'
      ? { key, name, asks: asks === true }
      : undefined;
  } catch {
    return undefined;
  }
}
