import { longestIntervalMs } from '@takt/db/listing'
import { apiError } from '../../errors.ts'

interface Span {
  readonly startsAt: Date
  readonly endsAt: Date
}

/** The times of a timing as a person says they are. Throws `correction-refused` for what cannot be the same occurrence. */
export function correctedSpan(
  timing: Span & { readonly id: string },
  said: { readonly startTime?: Date | undefined; readonly endTime?: Date | undefined },
  now: Date,
): Span {
  const startsAt = said.startTime ?? timing.startsAt
  const endsAt = said.endTime ?? timing.endsAt
  const refuse = (why: string) => apiError('correction-refused', { timing: timing.id, why })
  const span = `${startsAt.toISOString()} to ${endsAt.toISOString()}`
  if (endsAt <= startsAt) throw refuse(`${span} has no length`)
  if (endsAt > now) throw refuse(`${span} ends in the future`)
  if (endsAt.getTime() - startsAt.getTime() > longestIntervalMs)
    throw refuse(`${span} is longer than ${longestIntervalMs / 60_000} minutes`)
  if (startsAt >= timing.endsAt || endsAt <= timing.startsAt)
    throw refuse(
      `${span} shares no time with what it corrects, ${timing.startsAt.toISOString()} to ${timing.endsAt.toISOString()}`,
    )
  return { startsAt, endsAt }
}
