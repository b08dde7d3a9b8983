import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { serviceError } from './service-errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The process's environment; the one place outside a service's own `config.ts` that reads it. */
export const processEnvironment = (): Environment => process.env

/**
 * Parses the environment once into a typed object; variables the schema does not know are ignored, empty ones are missing.
 * `NAME_FILE` gives the path of a file that holds NAME's value (docker secrets).
 * Throws `configuration-invalid`, which lists every missing or bad variable by name and shows no secret.
 */
export const parseEnvironment = <Schema extends z.ZodObject>(schema: Schema, env: Environment): z.output<Schema> => {
  const problems: string[] = []
  const values: Record<string, string> = {}
  for (const name of Object.keys(schema.shape)) {
    const value = readVariable(name, env, problems)
    if (value !== undefined) values[name] = value
  }
  const parsed = schema.safeParse(values)
  if (!parsed.success) {
    const unread = new Set(problems.map(problem => problem.split(':')[0]))
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0] ?? 'environment')
      if (unread.has(name)) continue
      problems.push(`${name}: ${name in values || issue.path.length === 0 ? issue.message : 'missing'}`)
    }
  }
  if (problems.length > 0 || !parsed.success) throw serviceError('configuration-invalid', { problems })
  return parsed.data
}

const readVariable = (name: string, env: Environment, problems: string[]): string | undefined => {
  const direct = env[name] || undefined
  const path = env[`${name}_FILE`] || undefined
  if (path === undefined) return direct
  if (direct !== undefined) {
    problems.push(`${name}: set, and ${name}_FILE too; set one of them`)
    return undefined
  }
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '') || undefined
  } catch (error) {
    problems.push(
      `${name}: ${name}_FILE names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code})`,
    )
    return undefined
  }
}
