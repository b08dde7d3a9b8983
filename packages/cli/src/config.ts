import { cliError } from './errors.ts'

/** Which plant a command talks to. */
export interface CliConfig {
  readonly url: string
  readonly key: string
}

/** Throws `variable-missing`. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): CliConfig {
  const need = (name: string, what: string): string => {
    const value = env[name]
    if (!value) throw cliError('variable-missing', { name, what })
    return value
  }
  return {
    url: need('TAKT_URL', "the address of the plant's API, such as http://localhost:8080"),
    key: need('TAKT_KEY', 'an API key of the plant'),
  }
}
