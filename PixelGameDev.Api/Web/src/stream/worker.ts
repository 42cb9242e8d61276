import { StreamCore } from './core';
import type { StreamCommand } from './events';
import { RunTag } from './runTag';

/** The parts of DedicatedWorkerGlobalScope that are used; its types exclude those of the page. */
const scope = self as unknown as {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<StreamCommand>) => void) | null;
};
const tag = new RunTag();
const core = new StreamCore((event, transfer) => scope.postMessage(tag.mark(event), transfer ?? []));
scope.onmessage = ({ data: command }) => {
  tag.note(command);
  core.handle(command);
};
