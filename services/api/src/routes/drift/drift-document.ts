import type { DriftRow } from '@takt/db/listing'
import { type BackgroundDrift, type DriftKind, type DriftStanding, driftKinds } from '@takt/drift'
import { z } from 'zod'
import { time } from '../../http/fields.ts'

const kind = z
  .enum(driftKinds)
  .nullable()
  .describe(
    '`light`, `camera` (it looks elsewhere), `object` (something has come to stay or is gone), `work` (another way of ' +
      'working before the same background), `unexplained` (no pixels were kept that could say); `null`: not drifted.',
  )

const ratio = () => z.number().describe("In units of the reference's own variation.")

const pointDocument = z.object({
  startTime: time(),
  endTime: time(),
  releaseId: z.string(),
  viewRevisionId: z.string(),
  score: ratio(),
  kind,
  places: z.array(z.number()).describe('The score of each place of the picture, row by row from the top left.'),
  pixels: z
    .object({
      light: ratio(),
      camera: ratio(),
      objects: z.array(z.number().nullable()).describe('By place; `null` where too little of it is seen.'),
      gain: z.number().describe('How bright the picture is now, over how bright it was.'),
      motion: z
        .array(z.number())
        .describe(
          "Affine, from the reference's picture to this one: `x' = x + m0 + m1 x + m2 y`, `y' = y + m3 + m4 x + m5 y`, from −½ to ½.",
        ),
    })
    .nullable(),
})

export const driftDocument = z
  .object({
    stationId: z.string(),
    from: time(),
    to: time(),
    threshold: z.number().describe('From this score on a view has drifted.'),
    views: z.array(
      z.object({
        viewId: z.string(),
        view: z.string(),
        kind,
        since: time().nullable(),
        due: z
          .enum(['adapt', 'revise-view'])
          .nullable()
          .describe(
            'What to do about drift that has lasted: adapt the encoder, or revise a view whose camera has moved.',
          ),
        series: z.array(pointDocument),
      }),
    ),
  })
  .meta({ id: 'StationDrift' })

/** What a worker has written down with a score. */
export interface DriftEvidence {
  readonly places: readonly number[]
  readonly background: BackgroundDrift | null
}

const presentPoint = ({ startsAt, endsAt, evidence, ...row }: DriftRow): z.output<typeof pointDocument> => {
  const { places, background } = evidence as DriftEvidence
  return {
    startTime: startsAt.toISOString(),
    endTime: endsAt.toISOString(),
    releaseId: row.releaseId,
    viewRevisionId: row.viewRevisionId,
    score: rounded(row.score),
    kind: row.kind as DriftKind | null,
    places: places.map(rounded),
    pixels: background && {
      light: rounded(background.light),
      camera: rounded(background.camera),
      objects: background.objects.map(value => (value === null ? null : rounded(value))),
      gain: rounded(background.picture.gain),
      motion: background.picture.motion.map(value => Number(value.toFixed(4))),
    },
  }
}

export const presentView = (
  view: { readonly id: string; readonly name: string },
  { kind, sinceMs, due }: DriftStanding,
  rows: readonly DriftRow[],
): z.output<typeof driftDocument>['views'][number] => ({
  ...{ viewId: view.id, view: view.name, kind, due },
  since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
  series: rows.map(presentPoint),
})

const rounded = (value: number): number => Number(value.toFixed(2))
