import { beforeEach, describe, expect, it } from 'vitest';
import type { SeatPerson } from '../../../stream/seatProtocol';
import { Places } from './places';

describe('Places', () => {
  let places: Places;
  const person = (number: number, name: string, seat: number, wantsToPlay = true): SeatPerson => ({
    number,
    name,
    seat,
    wantsToPlay,
    id: name.toLowerCase(),
  });

  beforeEach(() => {
    places = new Places();
    expect(places.take([person(1, 'Mia', 3), person(2, 'Tom', 0)])).toEqual([]);
  });

  it('gives a person the same place in the next Run, whatever its number is there', () => {
    // Everybody disconnects between two Runs.
    expect(places.take([])).toEqual([]);
    expect(places.take([person(1, 'Tom', 0), person(2, 'Mia', 0)])).toEqual([[3, 2]]);
    expect(places.take([person(1, 'Tom', 0), person(2, 'Mia', 3)])).toEqual([]);
  });

  it('gives nothing that the owner has taken back or the person has left', () => {
    places.take([person(1, 'Mia', 0, false)]);
    expect(places.take([person(1, 'Mia', 0)])).toEqual([]);
  });

  it('gives no place that somebody else has, and a place has one person', () => {
    expect(places.take([person(3, 'Tom', 3), person(4, 'Mia', 0)])).toEqual([]);
    places.take([]);
    expect(places.take([person(1, 'Mia', 0), person(2, 'Tom', 0)])).toEqual([[3, 2]]);
  });
});
