export { FrameDecoder, NeedKeyframe, type DecodedFrame } from './frameDecoder';
