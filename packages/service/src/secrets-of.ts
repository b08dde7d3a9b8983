import { Secret } from './secret.ts'

/** Every `Secret` in a configuration, at any depth. */
export const secretsOf = (config: unknown): readonly Secret[] => {
  if (config instanceof Secret) return [config]
  if (typeof config !== 'object' || config === null) return []
  return Object.values(config).flatMap(secretsOf)
}
