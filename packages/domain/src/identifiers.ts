/** Ids are UUIDs (version 7 where we make them): opaque, and sortable by creation. The brands keep them apart. */
type Id<Kind extends string> = string & { readonly __id?: Kind }

export type CameraId = Id<'camera'>
export type SessionId = Id<'session'>
export type SegmentId = Id<'segment'>
export type StationId = Id<'station'>
export type ViewId = Id<'view'>
export type ViewRevisionId = Id<'viewRevision'>
export type EncoderId = Id<'encoder'>
export type HeadId = Id<'head'>
export type AdaptationId = Id<'adaptation'>
export type DiscoveryId = Id<'discovery'>
export type ReleaseId = Id<'release'>
export type RunId = Id<'run'>
export type ProcessId = Id<'process'>
export type ProcessVersionId = Id<'processVersion'>
export type StepId = Id<'step'>
export type IntervalId = Id<'interval'>
export type CycleId = Id<'cycle'>
