import type { StreamCommand, StreamEvent } from './events';

/** A stream event, and the run whose stream it came from; 0 before the first. */
export type RunEvent = StreamEvent & { run: number };

/**
 * Marks every event with the run that was opened last. The mark is set where the events are made, next to the socket. An event that still
 * waits between two threads when the next run begins keeps the number of its own run, so the page can drop it.
 */
export class RunTag {
  private run = 0;

  /** Sets the run of an open command. It must see each command before the core does. */
  note(command: StreamCommand): void {
    if (command.type === 'open') this.run = command.run;
  }

  mark(event: StreamEvent): RunEvent {
    return { ...event, run: this.run };
  }
}
