import { associationGaps, associationRules, type CycleAssociation } from '@takt/domain'
import { z } from 'zod'

const eventName = z.object({ source: z.string(), eventId: z.string() })

const fieldAssociation = z.union([
  z.object({
    value: z.string(),
    rule: z.enum(associationRules),
    event: eventName.describe('The event that gave it.'),
    share: z
      .number()
      .optional()
      .describe('Of a job order or variant: the part of the cycle that it was in force, to 1.'),
    marginMs: z
      .number()
      .optional()
      .describe(
        'Of a scan: how far from the nearer end of the cycle. Clocks that are off by more may mean another cycle.',
      ),
  }),
  z.object({ value: z.null(), why: z.enum(associationGaps), events: z.array(eventName).readonly() }),
])

/** How a cycle came by its job order, serial and variant. */
export const cycleAssociation = z
  .object({ jobOrder: fieldAssociation, serial: fieldAssociation, variant: fieldAssociation })
  .meta({ id: 'CycleAssociation' }) satisfies z.ZodType<CycleAssociation>
