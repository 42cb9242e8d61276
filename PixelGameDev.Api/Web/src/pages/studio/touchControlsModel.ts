import { computed, signal } from '@preact/signals';
import { api } from '../../api/api';
import type { Project, TouchControls } from '../../api/types';
import { attempt } from '../../frame/attempt';
import { guessControls } from '../../play/touchControls';

/** Holds the touch controls of the open project: those that somebody has chosen, or those that its code asks for. */
export class TouchControlsModel {
  private readonly chosen = signal<TouchControls | undefined>(undefined);
  private readonly guessed = signal<TouchControls>(guessControls(''));
  readonly controls = computed(() => this.chosen.value ?? this.guessed.value);

  /** Shows the controls of a project. */
  show(project: Project): void {
    this.chosen.value = project.controls ?? undefined;
  }

  /** Looks at the code that runs now. */
  read(code: string): void {
    this.guessed.value = guessControls(code);
  }

  get guess(): TouchControls {
    return this.guessed.value;
  }

  /** Stores what somebody has chosen with the project. What the server refuses is not shown as chosen. */
  async choose(project: Project, controls: TouchControls): Promise<void> {
    const before = this.chosen.value;
    this.chosen.value = controls;
    const stored = api.patchProject(project.id, { controls });
    await attempt(
      stored.then(
        () => {
          project.controls = controls;
        },
        (error: unknown) => {
          if (this.chosen.value === controls) this.chosen.value = before;
          throw error;
        },
      ),
    );
  }
}
