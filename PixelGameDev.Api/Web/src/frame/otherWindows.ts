/**
 * Windows of one browser share who is signed in. One that changes that tells the others, which then can neither save nor play what
 * they show.
 */
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('pixel.account');

/** This browser now speaks for somebody else. */
export function tellOtherWindows(): void {
  channel?.postMessage('changed');
}

export function onChangeElsewhere(listener: () => void): void {
  channel?.addEventListener('message', listener);
}
