export { type DecodedFrame, FrameDecoder, NeedKeyframe } from './frameDecoder';
