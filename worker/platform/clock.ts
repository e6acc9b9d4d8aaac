import { v7 } from 'uuid';

/** The two things that would make a decision unrepeatable, passed in so that a test can hold them still. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** A UUIDv7: sorts by time, cannot be guessed. */
  uuid(): string;
  /** A delivery id: arrival in ms (now unless told) times 2048 plus eleven random bits, below 2^53 until the year 2109. */
  deliveryId(at?: number): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  uuid: () => v7(),
  deliveryId: (at = Date.now()) => at * 2048 + ((crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) & 2047),
};

/** When a delivery with this id arrived, epoch ms. */
export const deliveryTime = (id: number): number => Math.floor(id / 2048);

/** The smallest delivery id of a moment: bounds a range of the log. */
export const deliveryIdAt = (ms: number): number => ms * 2048;
