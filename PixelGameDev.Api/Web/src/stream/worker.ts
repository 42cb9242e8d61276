import { StreamCore } from './core';
import type { StreamCommand } from './events';

/** What a worker's global scope has of DedicatedWorkerGlobalScope; its types exclude those of the page. */
const scope = self as unknown as {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<StreamCommand>) => void) | null;
};
const core = new StreamCore((event, transfer) => scope.postMessage(event, transfer ?? []));
scope.onmessage = (event) => core.handle(event.data);
