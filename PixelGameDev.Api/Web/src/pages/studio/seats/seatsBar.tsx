import '../../../styles/seats.css';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { IconButton } from '../../../frame/iconButton';
import { moreWords } from '../../../language/moreWords';
import { encodeGiveSeat, type SeatPerson, seatNumbers } from '../../../stream/seatProtocol';
import type { Studio } from '../studio';
import { chooseSeats } from './chooseSeats';
import { Places } from './places';

const places = new Places();

/** Draws who is there and who plays what. The owner gives the seats of the players 2 to 4 here and takes them back. */
export function SeatsBar({ studio }: { studio: Studio }): JSX.Element | null {
  const words = moreWords().seats;
  const message = studio.stage.seats.value;
  const { people = [], seats } = message ?? { seats: [] };
  const give = (seat: number, person: number): void => studio.game.player.input(() => encodeGiveSeat(seat, person), 0);
  useEffect(() => {
    for (const [seat, person] of places.take(people)) give(seat, person);
  }, [message]);
  if (people.length === 0) return null;
  const free = seatNumbers.filter((seat) => !seats.some((person) => person.seat === seat));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press on these buttons leaves the keyboard with the game.
    <div class="seats-bar" data-testid="seats-bar" onMouseDown={(event) => event.preventDefault()}>
      <ul aria-label={words.people}>
        {people.map((person) => (
          <Person key={person.number} person={person} free={free} give={give} />
        ))}
      </ul>
      <IconButton icon="keyboard" label={words.choose} size="small" testId="seats-choose" onClick={() => chooseSeats(studio)} />
    </div>
  );
}

interface PersonProps {
  person: SeatPerson;
  free: readonly number[];
  give(seat: number, person: number): void;
}

function Person({ person, free, give }: PersonProps): JSX.Element {
  const words = moreWords().seats;
  const name = person.name || words.guest(person.number);
  return (
    <li class={person.wantsToPlay && person.seat === 0 ? 'asks' : ''} data-person={person.number}>
      <span>{person.seat !== 0 ? words.plays(person.seat, name) : person.wantsToPlay ? words.asks(name) : words.watches(name)}</span>
      {person.seat !== 0 && (
        <IconButton icon="close" label={words.takeBack(name)} size="tiny" testId="seat-take" onClick={() => give(person.seat, 0)} />
      )}
      {person.seat === 0 &&
        person.wantsToPlay &&
        free.map((seat) => (
          <button key={seat} type="button" class="soft-button" data-seat={seat} onClick={() => give(seat, person.number)}>
            {words.player(seat)}
          </button>
        ))}
    </li>
  );
}
