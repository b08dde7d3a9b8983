import { capture } from '../src/index.ts'

/** A process that captures until it is killed: `capture-until-killed.ts URL DIRECTORY`; a line a segment on stdout. */
const [url = '', directory = ''] = process.argv.slice(2)
await capture({
  url,
  directory,
  transport: 'tcp',
  prefix: 'orphan-',
  segmentSeconds: 1,
  signal: new AbortController().signal,
  onSegment: segment => process.stdout.write(`${segment.path}\n`),
  onUnreadable: file => process.stdout.write(`${file.error.code}\n`),
})
