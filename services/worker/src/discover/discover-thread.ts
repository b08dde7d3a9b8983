import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { type DiscoveryRequest, discoverWork } from '@takt/steps'

/** On Linux the thread's own priority: discovery gives way to live video. */
const niceness = 10
setPriority(niceness)

parentPort!.postMessage(await discoverWork(workerData as DiscoveryRequest))
