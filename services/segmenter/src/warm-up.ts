import { stepMs } from '@takt/domain'

/** A run begins to read about a cycle before its first slot, so that normalisation and phase have settled there. */
export const warmUpSlots = (90 * 1000) / stepMs
