import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { sharedWords } from '../../language/sharedWords';
import type { WatchSeat } from './watchSeat';

/** Longest name; the server cuts it there. */
const maxName = 24;

/** Draws who plays what, and lets the person ask to play. */
export function SeatPart({ seat }: { seat: WatchSeat }): JSX.Element {
  const words = sharedWords().watch;
  const others = seat.now.value.seats.filter(({ number }) => number !== seat.now.value.you?.number);
  return (
    <div class="shared-seats" data-testid="seats">
      <p class="soft" role="status" data-testid="seat-state">
        {seat.seat.value !== 0 && <strong>{words.youPlay(seat.seat.value)} </strong>}
        {seat.seat.value !== 0 && <span class="seat-keys">{words.keys} </span>}
        {seat.seat.value === 0 && seat.asks.value && `${words.asked} `}
        {others.map((person) => words.player(person.seat, person.name || words.guest(person.number))).join(' · ')}
      </p>
      <Asking seat={seat} />
    </div>
  );
}

function Asking({ seat }: { seat: WatchSeat }): JSX.Element {
  const words = sharedWords().watch;
  const open = useSignal(false);
  const name = useSignal(seat.lastName);
  if (seat.asks.value)
    return (
      <button type="button" class="soft-button" data-testid="seat-leave" onClick={() => seat.leave()}>
        {seat.seat.value === 0 ? words.neverMind : words.stopPlaying}
      </button>
    );
  if (!open.value)
    return (
      <button
        type="button"
        class="soft-button"
        data-testid="seat-want"
        onClick={() => {
          open.value = true;
        }}
      >
        {words.want}
      </button>
    );
  return (
    <form
      class="seat-form"
      onSubmit={(event) => {
        event.preventDefault();
        open.value = false;
        seat.ask(name.value);
      }}
    >
      <input
        type="text"
        value={name.value}
        maxLength={maxName}
        placeholder={words.name}
        aria-label={words.name}
        autocomplete="nickname"
        data-testid="seat-name"
        ref={(field) => field?.focus()}
        onInput={({ currentTarget }) => {
          name.value = currentTarget.value;
        }}
      />
      <button type="submit" class="run-button" data-testid="seat-ask">
        {words.ask}
      </button>
    </form>
  );
}
