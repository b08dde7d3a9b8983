/** Discoveries, as the worker and the API know them. */

export { type DiscoveryWork, discoveriesToRun, discoveryWork } from './discovery-work.ts'
export { recordDiscovered, recordDiscoveryFailed } from './record-discovery.ts'
export type { StoredWork, WorkFound } from './stored-work.ts'
