import { openClock, type SessionClock, type SessionId } from '@takt/domain'
import { z } from 'zod'
import { readJson } from '../spool/read-json.ts'
import { clockFile } from '../spool/spool-layout.ts'
import { writeWhole } from '../spool/write-whole.ts'

const pair = z.object({ mediaSeconds: z.number(), utcMs: z.number() })

const sessionClockSchema = z.object({
  session: z.guid(),
  arrivals: z.array(pair),
  hostLength: z.int(),
  reports: z.array(pair),
  reportOffsetMs: z.number().nullable(),
  reportsStepped: z.boolean(),
  usesReports: z.boolean(),
  untrusted: z.boolean(),
  last: z.object({ sequence: z.int(), endMediaSeconds: z.number(), endUtcMs: z.number() }).nullable(),
}) satisfies z.ZodType<SessionClock>

/** The clock of a session as an earlier run left it in the session's directory, or a new one. */
export async function loadClock(directory: string, session: SessionId): Promise<SessionClock> {
  const saved = await readJson(clockFile(directory), sessionClockSchema)
  return saved?.session === session ? saved : openClock(session)
}

/** Saves the clock after each placed segment, so that a restart places the session's other segments by what was learnt. */
export const saveClock = (directory: string, clock: SessionClock): Promise<void> =>
  writeWhole(clockFile(directory), clock)
