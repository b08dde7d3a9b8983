import { inProject } from './paths.mjs'
import { turbo } from './pnpm.mjs'
import { runChild } from './run-child.mjs'

const installed =
  (/** @type {string} */ path, /** @type {string[]} */ ...args) =>
  async () => ({
    command: inProject(path),
    args,
  })

/** @type {Readonly<Record<string, () => Promise<import('./run-child.mjs').Child>>>} */
export const checks = {
  lint: installed('node_modules/.bin/biome', 'check', '.'),
  types: () => turbo(['typecheck', '--continue']),
  dependencies: installed('node_modules/.bin/depcruise', 'packages', 'services'),
  'dead-code': installed('node_modules/.bin/knip'),
  schema: installed('node_modules/.bin/node', inProject('packages/dev-env/src/check-schema.ts')),
  proto: installed('packages/rpc/node_modules/.bin/buf', 'lint', 'proto'),
}

/**
 * Runs all checks, or those named, to the end, and says which failed.
 * @param {readonly string[]} names
 * @returns {Promise<number>} 1 if any failed, 2 if a name is unknown
 */
export const runChecks = async names => {
  const unknown = names.filter(name => !(name in checks))
  if (unknown.length > 0) {
    process.stderr.write(`takt: ${unknown.join(', ')}: not among the checks ${Object.keys(checks).join(', ')}\n`)
    return 2
  }
  const failed = []
  for (const [name, check] of Object.entries(checks)) {
    if (names.length > 0 && !names.includes(name)) continue
    process.stderr.write(`takt: check ${name}\n`)
    if ((await runChild(await check())) !== 0) failed.push(name)
  }
  process.stderr.write(failed.length === 0 ? 'takt: all checks passed\n' : `takt: failed: ${failed.join(', ')}\n`)
  return failed.length === 0 ? 0 : 1
}
