import type { MesEvent } from './mes-event.ts'

/** Which event, in the words of whoever sent it. */
export interface EventName {
  readonly source: string
  readonly eventId: string
}

export const eventName = ({ source, eventId }: MesEvent): EventName => ({ source, eventId })

/** By what a cycle has a value. */
export const associationRules = ['in-force-throughout', 'in-force-for-most', 'scanned-within'] as const
/** Why it has none. */
export const associationGaps = ['no-event', 'ended-before', 'several-serials'] as const

/** A cycle's job order, serial or variant with the rule and the event that gave it, or why there is none. */
export type FieldAssociation =
  | {
      readonly value: string
      readonly rule: (typeof associationRules)[number]
      readonly event: EventName
      /** Of a value in force: the part of the cycle that it was, above 0 to 1. */
      readonly share?: number | undefined
      /** Of a scan: its distance to the nearer end of the cycle, ms. Clocks that are off by more may mean another cycle. */
      readonly marginMs?: number | undefined
    }
  | {
      readonly value: null
      readonly why: (typeof associationGaps)[number]
      /** The events that leave it without. */
      readonly events: readonly EventName[]
    }

export interface CycleAssociation {
  readonly jobOrder: FieldAssociation
  readonly serial: FieldAssociation
  readonly variant: FieldAssociation
}

export const noEvent: FieldAssociation = { value: null, why: 'no-event', events: [] }
