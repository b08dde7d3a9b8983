import { cameraStates, transports } from '@takt/domain'
import { z } from 'zod'
import { name, time } from '../../http/fields.ts'

/** A camera as the API shows it: never with credentials. */
export const cameraDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string().describe('Without user, password and query.'),
    transport: z.enum(transports),
    enabled: z.boolean(),
    revision: z.number().int(),
    state: z.string().describe(`What it does now: ${cameraStates.join(', ')}.`),
    stateDetail: z.string().nullable(),
    stateSince: time(),
    coveredUntil: time().nullable().describe('Up to when every second is accounted for.'),
    createdAt: time(),
    removedAt: time().nullable(),
  })
  .meta({ id: 'Camera' })

export type CameraDocument = z.output<typeof cameraDocument>

const url = () =>
  z.string().min(1).max(2000).describe('rtsp: or rtsps:, with credentials if it needs them. Kept sealed, never shown.')

export const newCamera = z.strictObject({
  name: name(),
  url: url(),
  transport: z.enum(transports).default('tcp'),
  enabled: z.boolean().default(true),
})

export const cameraChange = z
  .strictObject({ name: name(), url: url(), transport: z.enum(transports), enabled: z.boolean() })
  .partial()
  .refine(change => Object.keys(change).length > 0, 'changes nothing')

export const cameraEventDocument = z
  .object({ at: time(), state: z.string(), detail: z.string().nullable() })
  .meta({ id: 'CameraEvent' })

interface CameraRow {
  readonly id: string
  readonly name: string
  readonly urlShown: string
  readonly transport: string
  readonly enabled: boolean
  readonly revision: number
  readonly state: string
  readonly stateDetail: string | null
  readonly stateSince: Date
  readonly coveredUntil: Date | null
  readonly createdAt: Date
  readonly removedAt: Date | null
}

export const presentCamera = (row: CameraRow): CameraDocument => ({
  id: row.id,
  name: row.name,
  url: row.urlShown,
  transport: row.transport as CameraDocument['transport'],
  enabled: row.enabled,
  revision: row.revision,
  state: row.state,
  stateDetail: row.stateDetail,
  stateSince: row.stateSince.toISOString(),
  coveredUntil: row.coveredUntil?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  removedAt: row.removedAt?.toISOString() ?? null,
})
