/** A batch carries one checkpoint, some 100 KB, and few intervals; a window of a day some thousands of intervals. */
export const maxMessageBytes = 8 * 1024 * 1024

export const serviceName = 'takt.segmentation.v1.SegmentationService'
