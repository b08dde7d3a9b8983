import type { ViewInForce } from '@takt/db/listing'
import { z } from 'zod'
import { id, instant, line, name, rectangle, time } from '../../http/fields.ts'

/** A view as it stands now, or as one of its revisions stood. */
export const viewDocument = z
  .object({
    viewId: z.string(),
    view: z.string(),
    required: z.boolean(),
    viewRevisionId: z.string(),
    cameraId: z.string(),
    camera: z.string(),
    crop: rectangle.nullable().describe('`null`: the whole picture.'),
    masks: z.array(rectangle).describe('Blacked out before anything else; fractions of the whole picture.'),
    offsetMs: z.number().int().describe("Added to the camera's time: how far this view runs behind the others."),
    validFrom: time(),
  })
  .meta({ id: 'View' }) satisfies z.ZodType<ViewInForce>

export const stationDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    line: z.string().nullable(),
    externalId: z.string().nullable().describe("The plant's own identifier of this work unit."),
    processId: z.string().nullable(),
    createdAt: time(),
    views: z.array(viewDocument),
  })
  .meta({ id: 'Station' })

export type StationDocument = z.output<typeof stationDocument>

const fields = {
  name: name(),
  line: line(120).nullable(),
  externalId: line(200).nullable(),
  processId: id().nullable().describe('The process worked here.'),
}

export const newStation = z.strictObject({
  name: fields.name,
  line: fields.line.default(null),
  externalId: fields.externalId.default(null),
  processId: fields.processId.default(null),
})

export const stationChange = z
  .strictObject(fields)
  .partial()
  .refine(change => Object.keys(change).length > 0, 'changes nothing')

const day = 86_400_000

/** A view is revised as a whole: what is left out takes its default, not its former value. */
export const viewRevision = z.strictObject({
  cameraId: id(),
  crop: rectangle.nullable().default(null),
  masks: z.array(rectangle).max(50).default([]),
  offsetMs: z.number().int().min(-day).max(day).default(0),
  required: z.boolean().default(true).describe("The station's watermark waits for required views only."),
  position: z.number().int().min(0).max(1000).default(0),
  validFrom: instant().optional().describe('From now on where it is left out.'),
})

export type ViewRevisionDraft = z.output<typeof viewRevision>

export interface StationRow {
  readonly id: string
  readonly name: string
  readonly line: string | null
  readonly externalId: string | null
  readonly processId: string | null
  readonly createdAt: Date
}

export const presentStation = (row: StationRow, views: readonly ViewInForce[]): StationDocument => ({
  id: row.id,
  name: row.name,
  line: row.line,
  externalId: row.externalId,
  processId: row.processId,
  createdAt: row.createdAt.toISOString(),
  views: views.map(view => ({ ...view, masks: [...view.masks] })),
})
