import { lossReasons } from '@takt/domain'
import { z } from 'zod'

/** What `session.json` says. `end` is missing while the session runs, and for ever when ingest was killed in it. */
export const sessionRecordSchema = z.object({
  camera: z.guid(),
  id: z.guid(),
  startedAtMs: z.number(),
  end: z
    .object({
      atMs: z.number(),
      outcome: z.string(),
      /** Why video is missing from there on; `null` when ingest ended the session itself. */
      loss: z.enum(lossReasons).nullable(),
    })
    .optional(),
})

export type SessionRecord = z.output<typeof sessionRecordSchema>
