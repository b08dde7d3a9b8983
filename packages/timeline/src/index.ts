/** A station's stored video as the time steps that heads are fitted on and decoded from. */

export { decodeHead, encodeHead } from './head-file.ts'
export { readSteps } from './read-steps.ts'
export type { Settled } from './settle.ts'
export type { ReadSlot, StationReader } from './station-reader.ts'
export { createStationReader } from './station-reader.ts'
