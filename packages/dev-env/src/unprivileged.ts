import { readFileSync } from 'node:fs'

const nobody = 65_534

export interface Command {
  readonly command: string
  readonly args: readonly string[]
}

/** The user that servers which refuse root run as. */
export const serverUser = { uid: nobody, gid: nobody }

/** Whether this process is root. */
export const isRoot = (): boolean => process.getuid?.() === 0

/**
 * As root, runs a program as `nobody`, because PostgreSQL refuses root. It keeps the capability to enter any directory:
 * a project below root's own home would otherwise be out of its reach.
 */
export const withoutRoot = ({ command, args }: Command): Command => {
  if (!isRoot()) return { command, args }
  const user = [`--reuid=${serverUser.uid}`, `--regid=${serverUser.gid}`, '--clear-groups']
  return { command: 'setpriv', args: [...user, ...keptCapability(), '--', command, ...args] }
}

// Weakest first; containers often withhold the first. Numbers as in capabilities(7).
const entering = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
] as const

const keptCapability = (): readonly string[] => {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  const kept = entering.find(({ bit }) => (BigInt(`0x${bounding}`) >> bit) & 1n)
  return kept === undefined ? [] : [`--inh-caps=+${kept.name}`, `--ambient-caps=+${kept.name}`]
}
