import { runCommand } from './run-command.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

try {
  process.stdout.write(`${await runCommand(process.argv.slice(2), { env: process.env, say })}\n`)
} catch (error) {
  process.stderr.write(`takt: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
