/** Clips a step. */
export const BATCH = 8

/** Frames of a recording that are held, bytes. */
export const FRAME_BYTES = 2 ** 30

/** State and one step's clips, bytes. */
export const LIMIT_BYTES = 2 ** 31
