import { type Bytes, decodeJson, MessageType, type SessionStateMessage } from './protocol';

/** Tracks what the sandbox has said that it understands. A page may be newer than the sandbox of its game. */
export class Understanding {
  private text = false;
  private clipboard = false;
  held = false;

  /** Learns from a State message. Returns true if the sandbox now takes Held for the first time. */
  learn(message: Bytes): boolean {
    const { held, text, clipboard } = decodeJson<SessionStateMessage>(message.subarray(1));
    this.text ||= text === true;
    this.clipboard ||= clipboard === true;
    const first = held === true && !this.held;
    this.held ||= first;
    return first;
  }

  /** Returns true if the sandbox takes inputs of this type. */
  takes(input: Bytes): boolean {
    return input[0] === MessageType.Text ? this.text : input[0] !== MessageType.Paste || this.clipboard;
  }
}
