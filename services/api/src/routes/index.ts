import type { Routes } from '../context.ts'
import { adaptationRoutes } from './adaptations/adaptation-routes.ts'
import { apiKeyRoutes } from './api-keys/api-key-routes.ts'
import { cameraRoutes } from './cameras/camera-routes.ts'
import { coverageRoutes } from './cameras/coverage-routes.ts'
import { stillRoutes } from './cameras/still-routes.ts'
import { changeRoutes } from './changes/change-routes.ts'
import { changeStreamRoutes } from './changes/stream-routes.ts'
import { correctionRoutes } from './corrections/correction-routes.ts'
import { cycleRoutes } from './cycles/cycle-routes.ts'
import { discoveryRoutes } from './discoveries/discovery-routes.ts'
import { driftRoutes } from './drift/drift-routes.ts'
import { deadSlotRoutes } from './embeddings/dead-slot-routes.ts'
import { encoderRoutes } from './encoders/encoder-routes.ts'
import { encoderWeightsRoutes } from './encoders/encoder-weights-routes.ts'
import { eventRoutes } from './events/event-routes.ts'
import { headRoutes } from './heads/head-routes.ts'
import { labelRoutes } from './labels/label-routes.ts'
import { processRoutes } from './processes/process-routes.ts'
import { releaseRoutes } from './releases/release-routes.ts'
import { rangeVideoRoutes } from './stations/range-video-routes.ts'
import { stationRoutes } from './stations/station-routes.ts'
import { stationStatusRoutes } from './stations/status-routes.ts'
import { provenanceRoutes } from './timings/provenance-routes.ts'
import { provisionalRoutes } from './timings/provisional-routes.ts'
import { timingRoutes } from './timings/timing-routes.ts'
import { videoRoutes } from './timings/video-routes.ts'
import { webhookRoutes } from './webhooks/webhook-routes.ts'

const resources: readonly Routes[] = [
  cameraRoutes,
  stillRoutes,
  coverageRoutes,
  stationRoutes,
  stationStatusRoutes,
  driftRoutes,
  processRoutes,
  encoderRoutes,
  encoderWeightsRoutes,
  labelRoutes,
  headRoutes,
  releaseRoutes,
  adaptationRoutes,
  discoveryRoutes,
  timingRoutes,
  provisionalRoutes,
  provenanceRoutes,
  videoRoutes,
  rangeVideoRoutes,
  cycleRoutes,
  changeRoutes,
  changeStreamRoutes,
  correctionRoutes,
  webhookRoutes,
  eventRoutes,
  deadSlotRoutes,
  apiKeyRoutes,
]

export const registerRoutes: Routes = (app, context) => {
  for (const register of resources) register(app, context)
}
