/**
 * All windows of a browser share one account. A window that changes it tells the others, which then can neither save nor play what they
 * show.
 */
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('pixel.account');

/** Tells the other windows that this browser has another account now. */
export function tellOtherWindows(): void {
  channel?.postMessage('changed');
}

export function onChangeElsewhere(listener: () => void): void {
  channel?.addEventListener('message', listener);
}
