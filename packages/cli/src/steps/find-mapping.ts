import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cliError } from '../errors.ts'

/** `mapping.txt` in the folders or one above, the first folder first. Throws `file-unreadable`. */
export function findMapping(folders: readonly string[]): string {
  const places = [...folders, ...folders.map(folder => dirname(join(folder, '.')))]
  const files = places.map(place => join(place, 'mapping.txt'))
  const found = files.find(file => existsSync(file))
  if (found === undefined) throw cliError('file-unreadable', { file: files[0]!, reason: 'there is none, nor above' })
  return found
}
