/** The one package that talks to Postgres. */

export type {
  AdaptationLease,
  AdaptationWork,
  LossPoint,
  TrainingPlan,
} from './adaptations/adaptation.ts'
export type { AdaptationProgress } from './adaptations/adaptation-progress.ts'
export { recordCheckpoint, renewLease, settlePlan } from './adaptations/adaptation-progress.ts'
export { adaptationsToRun, claimAdaptation } from './adaptations/claim-adaptation.ts'
export type { AdaptedEncoder } from './adaptations/end-adaptation.ts'
export {
  finishAdaptation,
  giveBackAdaptation,
  recordAdaptationFailed,
  requestStop,
  stopAdaptation,
} from './adaptations/end-adaptation.ts'
export type { MaterialSegment } from './adaptations/training-material.ts'
export { trainingMaterial } from './adaptations/training-material.ts'
export type { IngestCamera } from './cameras.ts'
export { cameraSealContext, coverageEnd, listIngestCameras, recordCameraState } from './cameras.ts'
export type { RevisionCommit } from './commit-revision.ts'
export { commitRevision } from './commit-revision.ts'
export type { Commit } from './commit-to-station.ts'
export { commitToStation } from './commit-to-station.ts'
export { correctInterval } from './corrections/correct-interval.ts'
export { readRemovals } from './corrections/correction-rows.ts'
export { withdrawCorrection } from './corrections/withdraw-correction.ts'
export { recordDeadJob } from './dead-jobs.ts'
export type { DriftingView, DriftSegment } from './drift/drift-work.ts'
export { driftingViews, referenceSegments, viewSegments } from './drift/drift-work.ts'
export type { MeasuredDrift } from './drift/record-drift.ts'
export { recordDrift } from './drift/record-drift.ts'
export type { OpenSegment, OpenSlot, Rectangle, SegmentWork, SlotKey } from './embeddings.ts'
export {
  buryMissing,
  fillSlot,
  liveSegmentWork,
  openSegments,
  recordAttempt,
  retrySlot,
  segmentWork,
} from './embeddings.ts'
export type { NewEncoder } from './encoders.ts'
export { encoderCount, registerEncoder, registerImported } from './encoders.ts'
export { dbError } from './errors.ts'
export type { FitRange, FitWork } from './fits.ts'
export { fitWork, headsToFit, recordFitFailed, recordFitted } from './fits.ts'
export { Prisma } from './generated/client.ts'
export type { CoverageLink, KeepOutcome, KeptSegment, PendingEmbedding } from './keep-segment.ts'
export { findKeptSegment, keepSegment } from './keep-segment.ts'
export { changedChannel, embeddedChannel, listen, segmentChannel } from './listen.ts'
export { longestCycleMs, longestIntervalMs } from './listing/overlap.ts'
export type { StoredMesEvent } from './mes-events/mes-event-rows.ts'
export { listEvents } from './mes-events/mes-event-rows.ts'
export { recordEvent } from './mes-events/record-event.ts'
export { migrate, schemaDrift } from './migrate.ts'
export { namedId } from './named-id.ts'
export type { Database, Transaction } from './open-database.ts'
export { openDatabase } from './open-database.ts'
export type { SlotsOf } from './open-slots.ts'
export { openSlots, recentHorizonMs, slotsToFill } from './open-slots.ts'
export { ensureMonthPartitions } from './partitions.ts'
export type { Publication, RevisionKind } from './publish.ts'
export type { PublishedStretch, RunStretch } from './read-published.ts'
export { readPublished, runsWithin } from './read-published.ts'
export { recordLost } from './record-lost.ts'
export type { ReleasedHead, ReleasedStep } from './releases.ts'
export { releasedHead } from './releases.ts'
export type { RevisionWork } from './revision-requests.ts'
export { openRevisionWork, postponeRevision } from './revision-requests.ts'
export type { ReleasedStation, StoredCursor } from './runs.ts'
export { openFirstRun, readCursor, releasedStations } from './runs.ts'
export type { Seal } from './sealed.ts'
export { openSeal } from './sealed.ts'
export { closeSession, openSession } from './sessions.ts'
export type { StationLink, ViewChain } from './station-chain.ts'
export { stationChain } from './station-chain.ts'
export type { StationLocks } from './station-locks.ts'
export { openStationLocks } from './station-locks.ts'
export type { CycleRow, IntervalRow } from './timing-rows.ts'
export type { WebhookLease } from './webhooks/deliveries.ts'
export { ackDelivery, giveBackWebhook, leaseWebhook, recordDeliveryFailed } from './webhooks/deliveries.ts'
