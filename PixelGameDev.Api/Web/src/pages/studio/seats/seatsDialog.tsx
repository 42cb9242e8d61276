import '../../../styles/seats.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { api } from '../../../api/api';
import type { Project, SeatControls } from '../../../api/types';
import { attempt } from '../../../frame/attempt';
import { openDialog } from '../../../frame/dialogs';
import { strings } from '../../../language';
import { moreWords } from '../../../language/moreWords';
import { codeOf } from '../../../play/keys';
import { defaultSeats, seatSigns } from '../../../play/seatDefaults';
import { type SeatButton, seatButtons, seatNumbers } from '../../../stream/seatProtocol';
import { keyName } from '../stage/touchPad';

/** Lets the owner choose what the players 2 to 4 press in this game. `onSaved`: a game that runs learns it at once. */
export function openSeatsDialog(project: Project, onSaved: (seats: readonly SeatControls[]) => void): void {
  openDialog({
    title: () => moreWords().seats.choose,
    testId: 'seats-dialog',
    content: (close) => (
      <Seats
        now={project.seats ?? defaultSeats}
        onSave={(seats) => {
          close();
          const stored = api.patchProject(project.id, { seats });
          void attempt(
            stored.then(() => {
              project.seats = seats;
              onSaved(seats);
            }),
          );
        }}
      />
    ),
  });
}

interface SeatsProps {
  now: readonly SeatControls[];
  onSave(seats: SeatControls[]): void;
}

function Seats({ now, onSave }: SeatsProps): JSX.Element {
  const words = moreWords().seats;
  const chosen = useSignal(now);
  const set = (seat: number, change: Partial<SeatControls>): void => {
    chosen.value = chosen.value.map((controls, i) => (i === seat ? { ...controls, ...change } : controls));
  };
  return (
    <form
      class="controls-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSave([...chosen.value]);
      }}
    >
      <p class="soft">{words.hint}</p>
      {chosen.value.map((controls, seat) => (
        <Seat key={seatNumbers[seat]} number={seatNumbers[seat]!} controls={controls} set={(change) => set(seat, change)} />
      ))}
      <div class="controls-end">
        <button
          type="button"
          class="soft-button"
          onClick={() => {
            chosen.value = defaultSeats;
          }}
        >
          {words.defaults}
        </button>
        <button type="submit" class="run-button" data-testid="seats-save">
          {words.save}
        </button>
      </div>
    </form>
  );
}

interface SeatProps {
  number: number;
  controls: SeatControls;
  set(change: Partial<SeatControls>): void;
}

function Seat({ number, controls, set }: SeatProps): JSX.Element {
  const words = moreWords().seats;
  const kinds = [
    ['keys', words.asKeys],
    ['gamepad', words.asGamepad],
  ] as const;
  return (
    <fieldset data-seat={number}>
      <legend>{words.player(number)}</legend>
      <div class="controls-options">
        {kinds.map(([kind, label]) => (
          <label key={kind}>
            <input type="radio" name={`seat-${number}`} value={kind} checked={controls.kind === kind} onChange={() => set({ kind })} />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {controls.kind === 'keys' && (
        <div class="controls-keys">
          {seatButtons.map((button, i) => (
            <KeyChoice
              key={button}
              button={button}
              code={controls.keys[i]!}
              onChoose={(code) => set({ keys: controls.keys.map((other, at) => (at === i ? code : other)) })}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}

interface KeyChoiceProps {
  button: SeatButton;
  code: string;
  onChoose(code: string): void;
}

/** Draws one control. Pressed, it waits for the key that the control gets. */
function KeyChoice({ button, code, onChoose }: KeyChoiceProps): JSX.Element {
  const words = moreWords().seats;
  const waits = useSignal(false);
  const stop = (): void => {
    waits.value = false;
  };
  return (
    <button
      type="button"
      class="controls-key seat-key"
      aria-pressed={waits.value}
      data-button={button}
      onClick={() => {
        waits.value = true;
      }}
      onBlur={stop}
      onKeyDown={(event) => {
        if (!waits.value) return;
        // Tab leaves the button, and Escape the choice.
        if (event.key === 'Tab') return;
        event.preventDefault();
        event.stopPropagation();
        // A letter counts as the layout types it, because pygame names it so.
        const chosen = /^[a-z]$/i.test(event.key) ? `Key${event.key.toUpperCase()}` : codeOf(event);
        stop();
        if (event.key !== 'Escape' && chosen !== null) onChoose(chosen);
      }}
    >
      <span>{seatSigns[button] ?? strings.stage.pad[button as keyof typeof strings.stage.pad]}</span>
      <strong>{waits.value ? words.press : keyName(code)}</strong>
    </button>
  );
}
