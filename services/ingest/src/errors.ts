import { defineErrors } from '@takt/service/errors'

/** The errors of ingest. */
export const ingestError = defineErrors({
  'camera-unknown': {
    message: (v: { camera: string }) => `camera ${v.camera} has no row`,
    retryable: false,
  },
  'spool-in-use': {
    message: (v: { root: string; pid: number }) => `spool ${v.root} belongs to process ${v.pid}, which is running`,
    retryable: true,
  },
  'segment-unreadable': {
    message: (v: { path: string }) => `${v.path} lies in the spool and is no segment`,
    retryable: false,
  },
})
