#!/usr/bin/env node
// The entry of `npm run demo|test|dev|bench|takt|check`: on a fresh clone nothing is installed yet, so this is plain Node 20
// without dependencies. Progress goes to stderr; stdout belongs to the command.
import { commandNames, runCommandLine } from './bootstrap/commands.mjs'
import { installDependencies } from './bootstrap/install-dependencies.mjs'
import { requirePackages } from './bootstrap/system-packages.mjs'

/**
 * @param {readonly string[]} argv
 * @returns {Promise<number>} the exit code
 */
const main = async ([name = '', ...args]) => {
  if (!commandNames.includes(name)) {
    process.stderr.write(`takt: ${name || 'no command'} is none of ${commandNames.join(', ')}\n`)
    return 2
  }
  await requirePackages(name)
  await installDependencies()
  return await runCommandLine(name, args)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`takt: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
