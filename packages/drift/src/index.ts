/** How far a view has moved away from what its encoder and head were made on, and why. Arrays in, numbers out. */

export type { Motion } from './align.ts'
export { shiftOf } from './align.ts'
export { backgroundOf, backgroundSize } from './background.ts'
export type { BackgroundDrift, Drift, DriftKind } from './measure-drift.ts'
export { driftKinds, driftThreshold, measureDrift } from './measure-drift.ts'
export type { Reference } from './reference.ts'
export { referenceOf } from './reference.ts'
export type { DriftAction, DriftPoint, DriftStanding } from './standing.ts'
export { standingOf, sustainedMs } from './standing.ts'
export type { SegmentLook, WindowLook } from './window.ts'
export { windowOf } from './window.ts'
