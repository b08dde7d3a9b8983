import { cliError } from '../errors.ts'
import { readList } from './read-scored-recordings.ts'

/** Names to learn from and to test, none of which is both. Throws `file-unreadable` and `file-malformed`. */
export async function readLists(files: { readonly train: string; readonly test: string }) {
  const [train, test] = [await readList(files.train), await readList(files.test)]
  const both = test.find(name => train.includes(name))
  if (both !== undefined) {
    throw cliError('file-malformed', { file: files.test, reason: `${both} is in ${files.train} too` })
  }
  return { train, test }
}
