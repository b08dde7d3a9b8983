/** Pieces of the demo that benchmarks use: a plant over REST, labelled and released by its own truth. */

export { type ApiClient, openApiClient } from './api-client.ts'
export { type ComparedStep, compareStation } from './compare.ts'
export { type DemoStation, inOrder } from './demo-stations.ts'
export { labelStations, releaseHeads } from './fit-heads.ts'
export { cameraUser, type PlantStation, setUpStations } from './set-up-stations.ts'
