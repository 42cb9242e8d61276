import { type SeatPerson, seatNumbers } from '../../../stream/seatProtocol';

/** Remembers who had which place, as long as the owner's page is shown: the next Run gives them again. */
export class Places {
  private readonly seats = new Map<string, number>();

  /** Takes the people who are there now. Returns those who ask for the place that they had, with that place. */
  take(people: readonly SeatPerson[]): [seat: number, person: number][] {
    for (const { id, seat, wantsToPlay } of people) {
      if (id === undefined) continue;
      if (seat !== 0) {
        for (const [other, had] of this.seats) if (had === seat) this.seats.delete(other);
        this.seats.set(id, seat);
      } else if (!wantsToPlay) {
        // The owner has taken the place back, or the person has left it.
        this.seats.delete(id);
      }
    }
    const free = seatNumbers.filter((seat) => !people.some((person) => person.seat === seat));
    return people
      .filter(({ seat }) => seat === 0)
      .map(({ id = '', number }): [number, number] => [this.seats.get(id) ?? 0, number])
      .filter(([seat]) => free.some((number) => number === seat));
  }
}
