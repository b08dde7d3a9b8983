const rfc3339Pattern = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/

/** Milliseconds since the epoch of an RFC 3339 time with a zone, or `null`. Days that do not exist are refused. */
export function parseRfc3339(text: string): number | null {
  const [, day, time, fraction, zone] = rfc3339Pattern.exec(text) ?? []
  if (!day || !time || !zone) return null
  const local = Date.parse(`${day}T${time}Z`)
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${day}T${time}`)) return null
  const ms = Date.parse(`${day}T${time}${zone.toUpperCase()}`)
  return Number.isNaN(ms) ? null : ms + Number(`0${fraction ?? ''}`) * 1000
}
