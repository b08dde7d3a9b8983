import type { AdaptationId, CameraId, EncoderId, HeadId, SegmentId, SessionId, ViewRevisionId } from '@takt/domain'

/**
 * Where each kind of object lies. A key is made of identities only, never of an estimate such as a time,
 * so that writing twice writes the same place.
 */
export const blobKeys = {
  segment: (of: { readonly camera: CameraId; readonly session: SessionId; readonly sequence: number }) =>
    `segments/${of.camera}/${of.session}/${of.sequence}.mp4`,
  embedding: (of: {
    readonly encoder: EncoderId
    readonly viewRevision: ViewRevisionId
    readonly segment: SegmentId
  }) => `embeddings/${of.encoder}/${of.viewRevision}/${of.segment}.npy`,
  /** What of a segment stands still, as a view sees it. */
  background: (of: { readonly viewRevision: ViewRevisionId; readonly segment: SegmentId }) =>
    `backgrounds/${of.viewRevision}/${of.segment}.gray`,
  encoderWeights: (of: { readonly encoder: EncoderId }) => `encoders/${of.encoder}/weights.safetensors`,
  trainingCheckpoint: (of: { readonly adaptation: AdaptationId; readonly step: number }) =>
    `adaptations/${of.adaptation}/${of.step}.safetensors`,
  /** What all of an adaptation's checkpoints begin with. */
  trainingCheckpoints: (of: { readonly adaptation: AdaptationId }) => `adaptations/${of.adaptation}/`,
  headWeights: (of: { readonly head: HeadId }) => `heads/${of.head}.safetensors`,
} as const
