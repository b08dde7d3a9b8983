import { jobError } from './errors.ts'
import { type JobArgs, type JobKind, jobKindRow } from './job-kinds.ts'

/** Parses what was given or lay in Redis as args of `kind`. Throws `job-args-invalid`, which names the fields and not their contents. */
export const parseJobArgs = <Kind extends JobKind>(kind: Kind, raw: unknown): JobArgs[Kind] => {
  const parsed = jobKindRow(kind).args.safeParse(raw)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues
    .slice(0, 5)
    .map(issue => `${issue.path.join('.') || 'args'}: ${issue.message}`.slice(0, 200))
  throw jobError('job-args-invalid', { kind, problems })
}
