import { readFile } from 'node:fs/promises'
import { benchError } from '../errors.ts'

/** Resident memory of a process, MB; throws `process-gone`. */
export const residentMegabytes = (pid: number): Promise<number> => statusMegabytes(pid, 'VmRSS')

/** The most resident memory that a process has had, MB; throws `process-gone`. */
export const peakMegabytes = (pid: number): Promise<number> => statusMegabytes(pid, 'VmHWM')

async function statusMegabytes(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  if (kilobytes === undefined) throw benchError('process-gone', { pid })
  return Number(kilobytes) / 1024
}
